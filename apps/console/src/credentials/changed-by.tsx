import type { ReactElement } from 'react';
import type { ApiProblem } from '../api/problem.js';
import { LastChange } from '../audit/last-change.js';
import type { CredentialPath } from './credential-queries.js';

interface Props {
  readonly path: CredentialPath;
  readonly problem: ApiProblem | undefined;
}

/** Where a write was refused because somebody else has changed the credential meanwhile: what, who and when. */
export const ChangedBy = ({ path: { accountId, credentialId }, problem }: Props): ReactElement | null =>
  problem?.status === 412 ? (
    <LastChange accountId={accountId} query={{ credentialId }} reading={problem.correlationId} />
  ) : null;
