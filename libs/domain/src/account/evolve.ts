import { applyChanges } from '../changes.js';
import { emptyKeyed, getKeyed, removeKeyed, setKeyed, type Keyed } from '../keyed.js';
import type {
  AccountFacts,
  AccountState,
  Application,
  Credential,
  RegisteredAccount,
  WebhookEndpoint,
} from './account-state.js';
import {
  applicationIdOf,
  webhookEndpointIdOf,
  type AccountEvent,
  type AccountRegistered,
  type ApplicationRegistered,
  type EventOf,
} from './events.js';
import { credentialsTouched, evolveCredential } from './evolve-credential.js';
import { evolveWebhookEndpoint } from './evolve-webhook-endpoint.js';

const registeredFacts = (event: AccountRegistered, revision: number): AccountFacts => ({
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

const accessEnabled = (facts: AccountFacts, event: EventOf<'ApiAccessEnabled'>, revision: number): AccountFacts => {
  if (facts.apiAccess !== null) return facts;
  const { credentialId, maskedAuthToken, maskedPrivateSalt, at } = event;
  const apiAccess = { credentialId, maskedAuthToken, maskedPrivateSalt, enabledAt: at, authTokenRefreshedAt: null };
  return { ...facts, apiAccess, apiAccessRevision: revision };
};

const tokenShownOrReplaced = (
  facts: AccountFacts,
  event: EventOf<'AuthTokenRefreshed'> | EventOf<'SecretRevealed'>,
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
  if (facts === undefined) return event.type === 'AccountRegistered' ? registeredFacts(event, revision) : undefined;
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
      return accessEnabled(facts, event, revision);
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

const registeredApplication = (event: ApplicationRegistered, revision: number): Application => ({
  applicationId: event.applicationId,
  title: event.title,
  description: event.description,
  endpointIds: event.endpointIds,
  createdAt: event.at,
  revision,
});

/**
 * One application after `event`, the account's event number `revision`; undefined before it is registered and after
 * it is deleted. Never throws: an event about something else changes nothing.
 */
export const evolveApplication = (
  application: Application | undefined,
  event: AccountEvent,
  revision: number,
): Application | undefined => {
  if (application === undefined) {
    return event.type === 'ApplicationRegistered' ? registeredApplication(event, revision) : undefined;
  }
  if (applicationIdOf(event) !== application.applicationId) return application;
  switch (event.type) {
    case 'ApplicationChanged':
    case 'ApplicationEndpointsChanged':
      return { ...applyChanges(application, event.changes), revision };
    case 'ApplicationDeleted':
      return undefined;
    default:
      return application;
  }
};

export const nameKey = (credentialType: string, name: string): string => `${credentialType}/${name}`;

export const newAccount = (facts: AccountFacts, revision: number, lastAt: string): RegisteredAccount => ({
  phase: 'registered',
  revision,
  lastAt,
  facts,
  applications: emptyKeyed(),
  credentials: emptyKeyed(),
  webhookEndpoints: emptyKeyed(),
  names: emptyKeyed(),
  undeletedByType: emptyKeyed(),
  keyPairsByApplication: emptyKeyed(),
});

const put = <T>(keyed: Keyed<T>, key: string, value: T | undefined): Keyed<T> =>
  value === undefined ? removeKeyed(keyed, key) : setKeyed(keyed, key, value);

const addTo = (counts: Keyed<number>, key: string | null, step: number): Keyed<number> => {
  if (key === null) return counts;
  const count = (getKeyed(counts, key) ?? 0) + step;
  return put(counts, key, count > 0 ? count : undefined);
};

/** Takes a created credential into the indexes that the rules ask (step 1), or a deleted one out of them (step -1). */
const indexed = (state: RegisteredAccount, credential: Credential, step: 1 | -1): RegisteredAccount => {
  const { credentialId, credentialType, name, applicationId } = credential;
  return {
    ...state,
    names:
      name === null
        ? state.names
        : put(state.names, nameKey(credentialType, name), step > 0 ? credentialId : undefined),
    undeletedByType: addTo(state.undeletedByType, credentialType, step),
    keyPairsByApplication: addTo(state.keyPairsByApplication, applicationId, step),
  };
};

/** `after` in place of the credential of that id; undefined deletes it. */
export const withCredential = (
  state: RegisteredAccount,
  credentialId: string,
  after: Credential | undefined,
): RegisteredAccount => {
  const before = getKeyed(state.credentials, credentialId);
  if (before === after) return state;
  const next = { ...state, credentials: put(state.credentials, credentialId, after) };
  if (before === undefined && after !== undefined) return indexed(next, after, 1);
  return after === undefined && before !== undefined ? indexed(next, before, -1) : next;
};

export const withApplication = (
  state: RegisteredAccount,
  applicationId: string,
  after: Application | undefined,
): RegisteredAccount => ({ ...state, applications: put(state.applications, applicationId, after) });

export const withWebhookEndpoint = (
  state: RegisteredAccount,
  endpointId: string,
  after: WebhookEndpoint | undefined,
): RegisteredAccount => ({ ...state, webhookEndpoints: put(state.webhookEndpoints, endpointId, after) });

export const evolveRegistered = (state: RegisteredAccount, event: AccountEvent): RegisteredAccount => {
  const revision = state.revision + 1;
  const facts = evolveAccountFacts(state.facts, event, revision) ?? state.facts;
  let next: RegisteredAccount = { ...state, revision, lastAt: event.at, facts };
  const applicationId = applicationIdOf(event);
  if (applicationId !== undefined) {
    const before = getKeyed(state.applications, applicationId);
    next = withApplication(next, applicationId, evolveApplication(before, event, revision));
  }
  const endpointId = webhookEndpointIdOf(event);
  if (endpointId !== undefined) {
    const before = getKeyed(state.webhookEndpoints, endpointId);
    next = withWebhookEndpoint(next, endpointId, evolveWebhookEndpoint(before, event, revision));
  }
  for (const credentialId of credentialsTouched(event)) {
    const before = getKeyed(state.credentials, credentialId);
    next = withCredential(next, credentialId, evolveCredential(before, event, revision));
  }
  return next;
};

/** The account after `event`, the next one of its stream. Pure and total: it never throws and never judges. */
export const evolve = (state: AccountState, event: AccountEvent): AccountState => {
  if (state.phase === 'registered') return evolveRegistered(state, event);
  const facts = evolveAccountFacts(undefined, event, 0);
  return facts === undefined ? state : newAccount(facts, 0, event.at);
};
