import {
  credentialsTouched,
  evolveCredential,
  type AccountEvent,
  type Credential,
  type CredentialVersion,
  type CredentialCreated,
} from '@keyledger/domain';

/** A version of a secret that no event has ended. `validUntil` null: the current one. */
export type VerifiableVersion = Pick<CredentialVersion, 'version' | 'digest' | 'validUntil'>;

/** What a verdict needs to know of a credential. */
export interface VerifiableCredential extends Pick<
  Credential,
  | 'credentialType'
  | 'mode'
  | 'environment'
  | 'applicationId'
  | 'scopes'
  | 'expiresAt'
  | 'publicPart'
  | 'bindsIpAllowlist'
  | 'bindsEndpoints'
> {
  /** `announced`: the account's token, which the next event creates. `api-disabled`: it was the account's token. */
  readonly status: Credential['status'] | 'announced' | 'api-disabled';
  readonly isAccountToken: boolean;
  /** Oldest first; at most two. */
  readonly versions: readonly VerifiableVersion[];
}

export interface VerifiableAccount {
  readonly suspended: boolean;
  readonly cidrs: readonly string[];
  /** The token of the account, also after API access was disabled. */
  readonly tokenId: string | null;
}

export interface VerifiableApplication {
  readonly endpointIds: readonly string[];
}

/** The account after the event; undefined before it is registered. */
export const evolveVerifiableAccount = (
  account: VerifiableAccount | undefined,
  event: AccountEvent,
): VerifiableAccount | undefined => {
  if (account === undefined) {
    return event.type === 'AccountRegistered' ? { suspended: false, cidrs: [], tokenId: null } : undefined;
  }
  switch (event.type) {
    case 'AccountSuspended':
    case 'AccountResumed':
      return { ...account, suspended: event.type === 'AccountSuspended' };
    case 'IpAllowlistChanged':
      return { ...account, cidrs: event.changes.cidrs.to };
    case 'ApiAccessEnabled':
      return { ...account, tokenId: event.credentialId };
    default:
      return account;
  }
};

/** The application after an event about it; undefined before it is registered and after it is deleted. */
export const evolveVerifiableApplication = (
  application: VerifiableApplication | undefined,
  event: AccountEvent,
): VerifiableApplication | undefined => {
  switch (event.type) {
    case 'ApplicationRegistered':
      return application ?? { endpointIds: event.endpointIds };
    case 'ApplicationEndpointsChanged':
      return application && { endpointIds: event.changes.endpointIds.to };
    case 'ApplicationDeleted':
      return undefined;
    default:
      return application;
  }
};

/** Ids of the credentials that an event may make something else of. */
export const credentialsIn = (event: AccountEvent): readonly string[] =>
  event.type === 'ApiAccessEnabled' ? [event.credentialId] : credentialsTouched(event);

/** Of which nothing is known yet. */
export const announced: VerifiableCredential = {
  credentialType: '',
  mode: null,
  environment: null,
  applicationId: null,
  scopes: [],
  expiresAt: null,
  publicPart: null,
  bindsIpAllowlist: false,
  bindsEndpoints: false,
  status: 'announced',
  isAccountToken: true,
  versions: [],
};

const created = (event: CredentialCreated, isAccountToken: boolean): VerifiableCredential => ({
  credentialType: event.credentialType,
  mode: event.mode,
  environment: event.environment,
  applicationId: event.applicationId,
  scopes: event.scopes,
  expiresAt: event.expiresAt,
  publicPart: event.publicPart,
  bindsIpAllowlist: event.bindsIpAllowlist,
  bindsEndpoints: event.bindsEndpoints,
  status: 'active',
  isAccountToken,
  versions: [{ version: event.version, digest: event.digest, validUntil: null }],
});

/** As the rules know it. What no verdict needs is left empty: it decides nothing here. */
const inFull = (credentialId: string, known: VerifiableCredential, status: Credential['status']): Credential => ({
  ...known,
  credentialId,
  status,
  name: null,
  description: null,
  createdAt: '',
  publicPartMasked: false,
  retained: false,
  maySign: false,
  webhookSigner: false,
  rotationAdviceDays: null,
  acknowledgedVersion: 0,
  revision: -1,
  versions: known.versions.map((version) => ({ ...version, createdAt: '', maskedSecret: '', ended: false })),
});

const evolveKnown = (
  credentialId: string,
  known: VerifiableCredential,
  event: AccountEvent,
): VerifiableCredential | undefined => {
  const { status } = known;
  if (status === 'announced' || status === 'api-disabled') return known;
  const before = inFull(credentialId, known, status);
  const after = evolveCredential(before, event, 0);
  if (after === undefined) return known.isAccountToken ? { ...known, status: 'api-disabled' } : undefined;
  if (after === before) return known;
  const versions = after.versions.flatMap(({ version, digest, validUntil, ended }) =>
    ended ? [] : [{ version, digest, validUntil }],
  );
  return { ...known, status: after.status, scopes: after.scopes, expiresAt: after.expiresAt, versions };
};

/** What the event says of its holder's copy, or of the signer, is nothing to a verdict. */
const INDIFFERENT: ReadonlySet<AccountEvent['type']> = new Set([
  'SecretAcknowledged',
  'SecretRevealed',
  'WebhookSecretAssigned',
]);

/**
 * One credential after an event that is in `credentialsIn` for it, by the rules of the domain. Undefined before it is
 * created and after it is deleted; but the account's token stays, so that its holder is told why it is refused.
 */
export const evolveVerifiable = (
  credentialId: string,
  known: VerifiableCredential | undefined,
  event: AccountEvent,
): VerifiableCredential | undefined => {
  if (INDIFFERENT.has(event.type)) return known;
  if (event.type === 'ApiAccessEnabled') return known ?? announced;
  if (event.type !== 'CredentialCreated') return known && evolveKnown(credentialId, known, event);
  return known === undefined || known.status === 'announced' ? created(event, known !== undefined) : known;
};
