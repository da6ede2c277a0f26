import type { AuditItem } from '../audit/audit-queries.js';
import type { Credential, CredentialType } from '../credentials/credential-queries.js';
import type { EndpointState } from './overview-queries.js';

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;
const UNUSED_DAYS = 90;

/** What credentials can need attention for. */
export type CredentialMatter = 'overlap' | 'expiring' | 'rotation' | 'unsaved' | 'unused';

/** A credential that somebody should look at, and the time that says why. */
export interface Noticed {
  readonly credential: Credential;
  readonly at: string;
}

type Finder = (credential: Credential, nowMs: number) => string | null | undefined;

const overlapEnd: Finder = ({ versions }) => versions.find(({ state }) => state === 'overlap')?.validUntil;

const expiry: Finder = ({ expiresAt }, nowMs) =>
  expiresAt !== null && Date.parse(expiresAt) < nowMs + SOON_DAYS * DAY_MS ? expiresAt : undefined;

const rotationDue: Finder = ({ rotationDueAt }, nowMs) =>
  rotationDueAt !== null && Date.parse(rotationDueAt) <= nowMs ? rotationDueAt : undefined;

/** What signs webhooks is in use all the time, whether or not it is verified. */
const unusedSince: Finder = ({ lastUsedAt, createdAt, webhookSigner }, nowMs) => {
  const since = lastUsedAt ?? createdAt;
  return !webhookSigner && Date.parse(since) < nowMs - UNUSED_DAYS * DAY_MS ? since : undefined;
};

const issuing = new Set<string>(['CredentialCreated', 'CredentialRotated', 'AuthTokenRefreshed']);

/** When secrets were issued that nobody has said to have saved since; as far as these entries tell, newest first. */
const unsavedSecrets = (entries: readonly AuditItem[]): ReadonlyMap<string, string> => {
  const decided = new Set<string>();
  const unsaved = new Map<string, string>();
  for (const { action, credentialId, at } of entries) {
    const isIssued = issuing.has(action);
    if (credentialId === null || decided.has(credentialId) || !(isIssued || action === 'SecretAcknowledged')) continue;
    decided.add(credentialId);
    if (isIssued) unsaved.set(credentialId, at);
  }
  return unsaved;
};

const noticed = (credentials: readonly Credential[], find: Finder, nowMs: number): readonly Noticed[] =>
  credentials
    .flatMap((credential) => {
      const at = find(credential, nowMs);
      return at ? [{ credential, at }] : [];
    })
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));

interface Known {
  readonly credentials: readonly Credential[];
  readonly types: readonly CredentialType[];
  readonly entries: readonly AuditItem[];
}

/** Which active credentials need attention, by why, the most urgent first. */
export const mattersOf = (
  { credentials, types, entries }: Known,
  nowMs: number,
): Readonly<Record<CredentialMatter, readonly Noticed[]>> => {
  const active = credentials.filter(({ status }) => status === 'active');
  // A retained secret can be shown again.
  const retained = new Set(types.flatMap(({ type, retained: isRetained }) => (isRetained ? [type] : [])));
  const unsaved = unsavedSecrets(entries);
  const unsavedSince: Finder = ({ credentialId, type }) => (retained.has(type) ? undefined : unsaved.get(credentialId));
  return {
    overlap: noticed(active, overlapEnd, nowMs),
    expiring: noticed(active, expiry, nowMs),
    rotation: noticed(active, rotationDue, nowMs),
    unsaved: noticed(active, unsavedSince, nowMs),
    unused: noticed(active, unusedSince, nowMs),
  };
};

/** Endpoints that Keyledger has turned off, or whose latest attempt has failed; not those that people turned off. */
export const troubledEndpoints = (states: readonly EndpointState[]): readonly EndpointState[] =>
  states.filter(({ endpoint, statistics }) => {
    const { disabledReason } = endpoint;
    if (disabledReason !== null) return disabledReason !== 'requested';
    const { lastFailureAt = null, lastSuccessAt = null } = statistics ?? {};
    return lastFailureAt !== null && (lastSuccessAt === null || Date.parse(lastFailureAt) > Date.parse(lastSuccessAt));
  });

/** Whether there are endpoints to which only what a secret of the account has signed is sent. */
export const needsSigner = (states: readonly EndpointState[]): boolean =>
  states.some(({ endpoint }) => endpoint.enabled && endpoint.scheme === 'standard');
