import { trailAddress, type AuditItem } from '../audit/audit-queries.js';
import { nameOfEntry } from '../audit/entry-dialog.js';
import type { CredentialPath } from './credential-queries.js';

/** Of one entry, in the trail of the credential. */
export const entryAddress = ({ accountId, credentialId }: CredentialPath, entry: AuditItem): string =>
  trailAddress(accountId, { credentialId, dialog: 'entry', about: nameOfEntry(entry) });
