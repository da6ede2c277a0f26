import { api, dataOf } from '../api/client.js';
import type { components } from '../api/generated/schema.js';
import type { CredentialPath } from './credential-queries.js';

export type Receipt = readonly components['schemas']['VerifierPosition'][];

/** Only as long as it is as the person has seen it. */
const ifUnchanged = (path: CredentialPath, revision: number) => ({
  path: { ...path },
  header: { 'If-Match': `"${revision}"` },
});

/** Lets the overlap end earlier or later. */
export const changeRotation = (path: CredentialPath, revision: number, overlapEndsAt: string) =>
  dataOf(
    api.PATCH('/v1/accounts/{accountId}/credentials/{credentialId}/rotation', {
      params: ifUnchanged(path, revision),
      body: { overlapEndsAt },
    }),
  );

/** Ends the overlap now, and answers with which verifiers know of it. */
export const finishRotation = (path: CredentialPath, revision: number) =>
  dataOf(
    api.POST('/v1/accounts/{accountId}/credentials/{credentialId}/rotation/finish', {
      params: { ...ifUnchanged(path, revision), query: { wait: 'verifiers' } },
    }),
  );

/** The new secret dies, the old one stays. */
export const cancelRotation = (path: CredentialPath, revision: number) =>
  dataOf(
    api.DELETE('/v1/accounts/{accountId}/credentials/{credentialId}/rotation', {
      params: ifUnchanged(path, revision),
    }),
  );
