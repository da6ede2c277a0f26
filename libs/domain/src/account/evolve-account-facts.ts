import type { AccountEvent, AccountRegistered, ApiAccessEnabled } from './account-events.js';
import type { AccountFacts } from './account-state.js';
import { applyChanges } from '../changes.js';
import type { AuthTokenRefreshed, SecretRevealed } from './credential-events.js';

const registered = (event: AccountRegistered, revision: number): AccountFacts => ({
  accountId: event.accountId,
  name: event.name,
  externalId: event.externalId,
  plan: { tier: 'free', paymentMethodOnFile: false },
  status: 'active',
  createdAt: event.at,
  revision,
  apiAccess: null,
  apiAccessRevision: revision,
  ipAllowlist: [],
  signerId: null,
});

const enabled = (facts: AccountFacts, event: ApiAccessEnabled, revision: number): AccountFacts => {
  if (facts.apiAccess !== null) return facts;
  const { credentialId, maskedAuthToken, maskedPrivateSalt, at } = event;
  const apiAccess = { credentialId, maskedAuthToken, maskedPrivateSalt, enabledAt: at, authTokenRefreshedAt: null };
  return { ...facts, apiAccess, apiAccessRevision: revision };
};

const tokenShownOrReplaced = (
  facts: AccountFacts,
  event: AuthTokenRefreshed | SecretRevealed,
  revision: number,
): AccountFacts => {
  const { apiAccess } = facts;
  if (apiAccess?.credentialId !== event.credentialId) return facts;
  if (event.type === 'SecretRevealed') return { ...facts, apiAccessRevision: revision };
  const refreshed = { ...apiAccess, maskedAuthToken: event.maskedSecret, authTokenRefreshedAt: event.at };
  return { ...facts, apiAccess: refreshed, apiAccessRevision: revision };
};

/**
 * The account itself after `event`, the account's event number `revision`; undefined before it is registered. Never
 * throws: an event that makes no sense changes nothing.
 */
export const evolveAccountFacts = (
  facts: AccountFacts | undefined,
  event: AccountEvent,
  revision: number,
): AccountFacts | undefined => {
  if (facts === undefined) return event.type === 'AccountRegistered' ? registered(event, revision) : undefined;
  switch (event.type) {
    case 'AccountChanged':
      return { ...applyChanges(facts, event.changes), revision };
    case 'AccountSuspended':
      return { ...facts, status: 'suspended', revision };
    case 'AccountResumed':
      return { ...facts, status: 'active', revision };
    case 'PlanChanged':
      return { ...facts, plan: applyChanges(facts.plan, event.changes), revision };
    case 'ApiAccessEnabled':
      return enabled(facts, event, revision);
    case 'ApiAccessDisabled':
      return { ...facts, apiAccess: null, apiAccessRevision: revision };
    case 'AuthTokenRefreshed':
    case 'SecretRevealed':
      return tokenShownOrReplaced(facts, event, revision);
    case 'IpAllowlistChanged':
      return { ...facts, ipAllowlist: event.changes.cidrs.to, apiAccessRevision: revision };
    case 'WebhookSecretAssigned':
      return { ...facts, signerId: event.credentialId };
    default:
      return facts;
  }
};
