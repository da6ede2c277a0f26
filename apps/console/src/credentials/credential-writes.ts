import { api, dataOf } from '../api/client.js';
import { forgetFormKey, formKey, noteCreated } from '../api/form-key.js';
import type { components } from '../api/generated/schema.js';
import { queryClient } from '../api/query-client.js';
import { removeFromLists, replaceInLists } from '../common/use-list.js';
import { shownSecret, type SecretPart } from '../common/shown-secret.js';
import {
  credentialQuery,
  credentialsKey,
  nameOf,
  type Credential,
  type CredentialPath,
  type CredentialType,
  type IssuedCredential,
} from './credential-queries.js';
import { unshownSecret, whyUnshown } from './unshown-secret.js';

type CreateBody = components['schemas']['CreateCredentialInput'];

/** Creates one; the same form and body a second time creates nothing, and answers with the same secret. */
export const createCredential = (form: string, accountId: string, body: CreateBody): Promise<IssuedCredential> => {
  const header = { 'Idempotency-Key': formKey(form, body) };
  return dataOf(api.POST('/v1/accounts/{accountId}/credentials', { params: { path: { accountId }, header }, body }));
};

/** The name of the form that rotates it. */
export const rotationForm = (credentialId: string): string => `rotate.${credentialId}`;

/** Replaces the secret; the old one goes on for so many seconds. Keyed like creating. */
export const rotateCredential = (path: CredentialPath, overlapSeconds: number) => {
  const body = { overlapSeconds };
  const header = { 'Idempotency-Key': formKey(rotationForm(path.credentialId), body) };
  const params = { path: { ...path }, header };
  return dataOf(api.POST('/v1/accounts/{accountId}/credentials/{credentialId}/rotate', { params, body }));
};

const acknowledge = (path: CredentialPath) =>
  dataOf(
    api.POST('/v1/accounts/{accountId}/credentials/{credentialId}/acknowledge', { params: { path: { ...path } } }),
  );

const inParams = (path: CredentialPath) => ({ params: { path: { ...path } } });

/** What changes whether a credential works. Each may be repeated: what is so already stays so. */
export const changes = {
  suspend: (path: CredentialPath) =>
    dataOf(api.POST('/v1/accounts/{accountId}/credentials/{credentialId}/suspend', inParams(path))),
  resume: (path: CredentialPath) =>
    dataOf(api.POST('/v1/accounts/{accountId}/credentials/{credentialId}/resume', inParams(path))),
  revoke: (path: CredentialPath, reason: string) =>
    dataOf(
      api.POST('/v1/accounts/{accountId}/credentials/{credentialId}/revoke', {
        ...inParams(path),
        ...(reason === '' ? {} : { body: { reason } }),
      }),
    ),
} as const;

export type Change = keyof typeof changes;

export const deleteCredential = (path: CredentialPath, confirmation: string) =>
  dataOf(
    api.DELETE('/v1/accounts/{accountId}/credentials/{credentialId}', {
      params: { path: { ...path } },
      ...(confirmation === '' ? {} : { body: { confirmation } }),
    }),
  );

/** Replies to writes do not tell when it was last used: what was known of that before stays shown. */
const withUses = (next: Credential, before: Credential): Credential => ({
  ...next,
  lastUsedAt: next.lastUsedAt ?? before.lastUsedAt,
  versions: next.versions.map((each) => {
    const known = before.versions.find(({ version }) => version === each.version);
    return { ...each, lastUsedAt: each.lastUsedAt ?? known?.lastUsedAt ?? null };
  }),
});

/** Shows the answer of a write in its row, and on its page, at once. */
export const showChanged = (accountId: string, credential: Credential): void => {
  const { credentialId } = credential;
  replaceInLists<Credential>(
    credentialsKey(accountId),
    (each) => each.credentialId === credentialId,
    (before) => withUses(credential, before),
  );
  queryClient.setQueryData(
    credentialQuery({ accountId, credentialId }).queryKey,
    (before) => before && withUses(credential, before),
  );
};

export const showDeleted = ({ accountId, credentialId }: CredentialPath): void =>
  removeFromLists<Credential>(credentialsKey(accountId), (each) => each.credentialId === credentialId);

/** Public part first, in the order in which people use them. */
const partsOf = ({ publicPart, secretPart }: CredentialType, { secret }: IssuedCredential): readonly SecretPart[] =>
  [publicPart?.field, secretPart.field]
    .filter((field) => field !== undefined)
    .concat(Object.keys(secret))
    .filter((field, at, all) => all.indexOf(field) === at)
    .flatMap((field) => {
      const value = secret[field];
      return typeof value === 'string' ? [{ field, value, isSecret: field !== publicPart?.field }] : [];
    });

interface Showing {
  readonly accountId: string;
  readonly type: CredentialType;
  /** Whose key is forgotten once the secret is confirmed as saved. */
  readonly form: string;
  /** As in "Credential created". */
  readonly title: string;
  readonly onClosed: () => void;
  /** Told why a repeat shows nothing any more; where left out, a dialog tells it. */
  readonly onUnshown?: (why: string) => void;
}

/** Opens the dialog of a secret that was just issued, or says why a repeat does not show it any more. */
export const showIssued = (issued: IssuedCredential, showing: Showing): void => {
  const { accountId, type, form, title, onClosed } = showing;
  const { credential } = issued;
  const { onUnshown = (why) => unshownSecret.set({ name: nameOf(credential), why }) } = showing;
  const parts = partsOf(type, issued);
  if (!parts.some(({ isSecret }) => isSecret)) {
    showChanged(accountId, credential);
    forgetFormKey(form);
    onClosed();
    return onUnshown(whyUnshown[issued.secretUnavailable ?? 'expired']);
  }
  noteCreated(form);
  shownSecret.set({
    title,
    name: nameOf(credential),
    advice: type.advice,
    parts,
    acknowledge: () => acknowledge({ accountId, credentialId: credential.credentialId }),
    onClosed: () => {
      forgetFormKey(form);
      onClosed();
    },
  });
  showChanged(accountId, credential);
};
