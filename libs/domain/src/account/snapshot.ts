import type {
  AccountFacts,
  AccountState,
  Application,
  Credential,
  RegisteredAccount,
  WebhookEndpoint,
} from './account-state.js';
import { newAccount, withApplication, withCredential, withWebhookEndpoint } from './evolve.js';
import { valuesOf } from '../keyed.js';

/** Raised whenever the state, or what a fold makes of an event, changes: older snapshots are then folded anew. */
export const SNAPSHOT_VERSION = 3;

/** An account's state as plain JSON. A cache of the log, never the truth; the indexes are rebuilt on the way back. */
interface AccountSnapshot {
  readonly snapshotVersion: number;
  readonly revision: number;
  readonly lastAt: string;
  readonly facts: AccountFacts;
  readonly applications: readonly Application[];
  readonly credentials: readonly Credential[];
  readonly webhookEndpoints: readonly WebhookEndpoint[];
}

export const toSnapshot = (state: RegisteredAccount): AccountSnapshot => ({
  snapshotVersion: SNAPSHOT_VERSION,
  revision: state.revision,
  lastAt: state.lastAt,
  facts: state.facts,
  applications: valuesOf(state.applications),
  credentials: valuesOf(state.credentials),
  webhookEndpoints: valuesOf(state.webhookEndpoints),
});

/** The state that `toSnapshot` was given; undefined if another version of the rules wrote the snapshot. */
export const fromSnapshot = (json: unknown): AccountState | undefined => {
  const snapshot = json as Partial<AccountSnapshot> | null;
  if (snapshot?.snapshotVersion !== SNAPSHOT_VERSION) return undefined;
  const { revision, lastAt, facts, applications, credentials, webhookEndpoints } = snapshot as AccountSnapshot;
  let state = newAccount(facts, revision, lastAt);
  for (const application of applications) state = withApplication(state, application.applicationId, application);
  for (const credential of credentials) state = withCredential(state, credential.credentialId, credential);
  for (const endpoint of webhookEndpoints) state = withWebhookEndpoint(state, endpoint.endpointId, endpoint);
  return state;
};
