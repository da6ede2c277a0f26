/** By the names that ids have in paths, resources and events. */
const prefixes = {
  accountId: 'acct',
  applicationId: 'app',
  credentialId: 'cred',
  eventId: 'evt',
  endpointId: 'whe',
  messageId: 'msg',
} as const;

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
  endpointId: idForm('endpointId'),
  messageId: idForm('messageId'),
};

/** Names of the streams in the log. `prefix` is the installation's `streamPrefix`, so that several can share a log. */

const ACCOUNT = 'account-';
const ACCOUNT_ID = idSource('accountId');

/** Source of the regular expression, without anchors and prefix, of all the names below. */
export const streamNames = `catalogue|${ACCOUNT}${ACCOUNT_ID}|audit-access-(?:${ACCOUNT_ID}|all)`;

export const accountStream = (prefix: string, accountId: string): string => `${prefix}${ACCOUNT}${accountId}`;

/** The account whose stream it is; undefined for a stream of another kind, or of another installation. */
export const accountIdOf = (prefix: string, streamId: string): string | undefined => {
  const start = `${prefix}${ACCOUNT}`;
  return streamId.startsWith(start) ? streamId.slice(start.length) : undefined;
};

export const catalogueStream = (prefix: string): string => `${prefix}catalogue`;

/** Who has read the audit trail of an account, or that of the whole installation (null). */
export const auditAccessStream = (prefix: string, accountId: string | null): string =>
  `${prefix}audit-access-${accountId ?? 'all'}`;
