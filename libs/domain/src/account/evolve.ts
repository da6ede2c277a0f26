import type { AccountEvent } from './account-events.js';
import type { AccountFacts, AccountState, Application, Credential, RegisteredAccount } from './account-state.js';
import { evolveAccountFacts } from './evolve-account-facts.js';
import { applicationTouched, evolveApplication } from './evolve-application.js';
import { credentialsTouched, evolveCredential } from './evolve-credential.js';
import { emptyKeyed, getKeyed, removeKeyed, setKeyed, type Keyed } from '../keyed.js';

export const nameKey = (credentialType: string, name: string): string => `${credentialType}/${name}`;

export const newAccount = (facts: AccountFacts, revision: number, lastAt: string): RegisteredAccount => ({
  phase: 'registered',
  revision,
  lastAt,
  facts,
  applications: emptyKeyed(),
  credentials: emptyKeyed(),
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

export const evolveRegistered = (state: RegisteredAccount, event: AccountEvent): RegisteredAccount => {
  const revision = state.revision + 1;
  const facts = evolveAccountFacts(state.facts, event, revision) ?? state.facts;
  let next: RegisteredAccount = { ...state, revision, lastAt: event.at, facts };
  const applicationId = applicationTouched(event);
  if (applicationId !== undefined) {
    const before = getKeyed(state.applications, applicationId);
    next = withApplication(next, applicationId, evolveApplication(before, event, revision));
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
