import type * as contract from '@keyledger/contract';
import {
  currentVersion,
  pick,
  requestedFacts,
  rotationDueAt,
  statusAt,
  versionStateAt,
  type AccountFacts,
  type Application,
  type CatalogueEndpoint,
  type Credential,
  type WebhookEndpoint,
} from '@keyledger/domain';
import type { LastUses } from '../usage/usage-tables.js';

/** The account as both doors show it. */
export const accountResource = (facts: AccountFacts): contract.Account => {
  const { accountId, name, externalId, plan, status, createdAt, revision } = facts;
  return { accountId, name, externalId, plan, status, createdAt, revision };
};

const noAccess = { credentialId: null, authTokenMasked: null, enabledAt: null, authTokenRefreshedAt: null };

export const apiAccessResource = ({ apiAccess, apiAccessRevision, ipAllowlist }: AccountFacts): contract.ApiAccess => {
  const state = { enabled: apiAccess !== null, ipAllowlist, revision: apiAccessRevision };
  if (apiAccess === null) return { ...noAccess, ...state };
  const { credentialId, maskedAuthToken: authTokenMasked, enabledAt, authTokenRefreshedAt } = apiAccess;
  return { credentialId, authTokenMasked, enabledAt, authTokenRefreshedAt, ...state };
};

/** `endpointOf` looks an endpoint up in the catalogue, where one that was ever connected is never lost. */
export const applicationResource = (
  { applicationId, title, description, endpointIds, createdAt, revision }: Application,
  endpointOf: (endpointId: string) => CatalogueEndpoint | undefined,
): contract.Application => {
  const endpoints = endpointIds.map(endpointOf).filter((endpoint) => endpoint !== undefined);
  return { applicationId, title, description, endpoints, createdAt, revision };
};

export const webhookEndpointResource = (endpoint: WebhookEndpoint): contract.WebhookEndpoint => {
  const { endpointId, url, description, types, scheme, enabled, disabledReason, createdAt, revision } = endpoint;
  return { endpointId, url, description, types, scheme, enabled, disabledReason, createdAt, revision };
};

const neverUsed: LastUses = new Map();

/**
 * The credential as it stands at `now` (ISO 8601): expiry and the end of an overlap are matters of the clock. Who knows
 * how it was used says so; without that it is left open.
 */
export const credentialResource = (
  credential: Credential,
  now: string,
  lastUses: LastUses = neverUsed,
): contract.Credential => {
  const status = statusAt(credential, now);
  const { credentialType: type, ...requested } = pick(credential, requestedFacts);
  const maskedSecret = currentVersion(credential)?.maskedSecret ?? '';
  return {
    credentialId: credential.credentialId,
    type,
    status,
    ...requested,
    createdAt: credential.createdAt,
    lastUsedAt: [...lastUses.values()].sort().at(-1) ?? null,
    publicPart: credential.publicPartMasked ? maskedSecret : credential.publicPart,
    maskedSecret,
    webhookSigner: credential.webhookSigner,
    versions: credential.versions.map((version) => ({
      version: version.version,
      state: versionStateAt(version, now),
      createdAt: version.createdAt,
      validUntil: version.validUntil,
      lastUsedAt: lastUses.get(version.version) ?? null,
    })),
    rotationDueAt: status === 'expired' ? null : rotationDueAt(credential),
    revision: credential.revision,
  };
};
