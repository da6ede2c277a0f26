import fc from 'fast-check';
import {
  absentAccount,
  applicationIdOf,
  credentialsTouched,
  entriesOf,
  evolve,
  evolveAccountFacts,
  evolveApplication,
  evolveCredential,
  evolveWebhookEndpoint,
  getKeyed,
  sizeOf,
  valuesOf,
  webhookEndpointIdOf,
  type AccountEvent,
  type AccountFacts,
  type AccountState,
  type Application,
  type Credential,
  type RegisteredAccount,
  type WebhookEndpoint,
} from '../src/index.js';
import { anyHistory } from './arbitrary-events.js';

type Fold<T> = (before: T | undefined, event: AccountEvent, revision: number) => T | undefined;

/** What a read model does: rows by id, each folded by the part alone, over every event of the stream. */
const foldRows = <T>(
  fold: Fold<T>,
  touched: (event: AccountEvent) => readonly string[],
  stream: readonly AccountEvent[],
): Map<string, T> => {
  const rows = new Map<string, T>();
  stream.forEach((event, revision) => {
    for (const id of touched(event)) {
      const after = fold(rows.get(id), event, revision);
      if (after === undefined) rows.delete(id);
      else rows.set(id, after);
    }
  });
  return rows;
};

/** Without the events before the registration, which an absent account does not count. */
const streamOf = (history: readonly AccountEvent[]): readonly AccountEvent[] => {
  const start = history.findIndex(({ type }) => type === 'AccountRegistered');
  return start < 0 ? [] : history.slice(start);
};

const registeredAfter = (history: readonly AccountEvent[]): RegisteredAccount | undefined => {
  const state = history.reduce<AccountState>(evolve, absentAccount);
  return state.phase === 'registered' ? state : undefined;
};

const asList = (id: string | undefined): readonly string[] => (id === undefined ? [] : [id]);
const applicationIds = (event: AccountEvent): readonly string[] => asList(applicationIdOf(event));
const webhookEndpointIds = (event: AccountEvent): readonly string[] => asList(webhookEndpointIdOf(event));

describe('evolve', () => {
  it('never throws, and counts every event after the registration', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const stream = streamOf(history);
        expect(history.reduce<AccountState>(evolve, absentAccount).revision).toBe(stream.length - 1);
      }),
    );
  });

  it('is the sum of its parts', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const stream = streamOf(history);
        const state = registeredAfter(history);
        const facts = stream.reduce<AccountFacts | undefined>(evolveAccountFacts, undefined);
        expect(state?.facts).toEqual(facts);
        if (state === undefined) return;
        const applications = foldRows<Application>(evolveApplication, applicationIds, stream);
        expect(new Map(entriesOf(state.applications))).toEqual(applications);
        const credentials = foldRows<Credential>(evolveCredential, credentialsTouched, stream);
        expect(new Map(entriesOf(state.credentials))).toEqual(credentials);
        const endpoints = foldRows<WebhookEndpoint>(evolveWebhookEndpoint, webhookEndpointIds, stream);
        expect(new Map(entriesOf(state.webhookEndpoints))).toEqual(endpoints);
      }),
    );
  });

  it('changes exactly the credentials that an event is said to touch', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        let before = registeredAfter(history.slice(0, 1));
        for (const event of history.slice(1)) {
          const after: AccountState = evolve(before ?? absentAccount, event);
          if (after.phase === 'absent') continue;
          const touched = credentialsTouched(event);
          for (const [id, credential] of before === undefined ? [] : entriesOf(before.credentials)) {
            if (!touched.includes(id)) expect(getKeyed(after.credentials, id)).toBe(credential);
          }
          before = after;
        }
      }),
    );
  });

  it('keeps one current version of each credential, and at most ten in all', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        for (const { versions } of valuesOf(registeredAfter(history)?.credentials ?? { entries: [] })) {
          expect(versions.filter(({ validUntil }) => validUntil === null)).toHaveLength(1);
          expect(versions.length).toBeLessThanOrEqual(10);
          expect(versions.map(({ version }) => version)).toEqual(
            versions.map(({ version }) => version).toSorted((a, b) => a - b),
          );
        }
      }),
    );
  });

  it('counts the credentials of each type and each application', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const state = registeredAfter(history);
        if (state === undefined) return;
        const credentials = valuesOf(state.credentials);
        const sum = (counts: RegisteredAccount['undeletedByType']) => valuesOf(counts).reduce((a, b) => a + b, 0);
        expect(sum(state.undeletedByType)).toBe(sizeOf(state.credentials));
        for (const [type, count] of entriesOf(state.undeletedByType)) {
          expect(credentials.filter(({ credentialType }) => credentialType === type)).toHaveLength(count);
        }
        const inApplications = credentials.filter(({ applicationId }) => applicationId !== null);
        expect(sum(state.keyPairsByApplication)).toBe(inApplications.length);
        for (const [id, count] of entriesOf(state.keyPairsByApplication)) {
          expect(inApplications.filter(({ applicationId }) => applicationId === id)).toHaveLength(count);
        }
      }),
    );
  });
});
