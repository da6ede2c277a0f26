/** By the names that ids have in paths, resources and events. */
const prefixes = { accountId: 'acct', applicationId: 'app', credentialId: 'cred', eventId: 'evt' } as const;

export type IdName = keyof typeof prefixes;

/** The id that is made of a UUID in lower case. */
export const toId = (name: IdName, uuid: string): string => `${prefixes[name]}_${uuid}`;

/** Source of the regular expression of an id, without anchors. */
export const idSource = (name: IdName): string =>
  toId(name, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}');

const idForm = (name: IdName): RegExp => new RegExp(`^${idSource(name)}$`);

/** What the whole of an id must match. */
export const idForms: Readonly<Record<IdName, RegExp>> = {
  accountId: idForm('accountId'),
  applicationId: idForm('applicationId'),
  credentialId: idForm('credentialId'),
  eventId: idForm('eventId'),
};
