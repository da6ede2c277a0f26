import {
  absentAccount,
  credentialsTouched,
  currentVersion,
  entriesOf,
  evolve,
  getKeyed,
  newestVersionNumber,
  rotationDueAt,
  versionStateAt,
  type AccountEvent,
  type AccountState,
  type Credential,
  type RegisteredAccount,
} from '@keyledger/domain';
import fc from 'fast-check';
import { evolveTimes, type CredentialTimes } from '../src/notices/credential-times.js';
import { rotationDueAt as dueAt } from '../src/notices/due-notices.js';
import { evolveWebhookAccount, type WebhookAccount } from '../src/webhook-account.js';

const CREDENTIALS = ['cred_1', 'cred_2', 'cred_3'];
const ENDPOINTS = ['whe_1', 'whe_2'];

/** The events happen a minute apart. */
const atMinute = (minute: number): string => new Date(Date.UTC(2031, 0, 1, 0, minute)).toISOString();

const digestOf = (credentialId: string, version: number) => ({ value: `${credentialId}-${version}`, pepperVersion: 1 });

const created = (credentialId: string, at: string, maySign: boolean): AccountEvent => ({
  type: 'CredentialCreated',
  ...{ credentialId, credentialType: 'api_secret', name: null, description: 'x', mode: null, environment: null },
  ...{ applicationId: null, scopes: ['a'], expiresAt: null, publicPart: null, publicPartMasked: false },
  ...{ bindsIpAllowlist: false, bindsEndpoints: false, retained: true, maySign, rotationAdviceDays: 90 },
  ...{ version: 1, digest: digestOf(credentialId, 1), maskedSecret: 'whsec_…', at },
});

const overlapOf = (credential: Credential, at: string) =>
  credential.versions.find((version) => versionStateAt(version, at) === 'overlap');

const rotated = (credential: Credential, at: string, overlapEndsAt: string): AccountEvent => {
  const { credentialId } = credential;
  const version = newestVersionNumber(credential) + 1;
  const issued = { version, digest: digestOf(credentialId, version), maskedSecret: 'whsec_…' };
  return { type: 'CredentialRotated', credentialId, ...issued, overlapEndsAt, at };
};

/** What may happen to a credential that is there. */
const onCredential = (credential: Credential, kind: number, now: number): readonly AccountEvent[] => {
  const { credentialId } = credential;
  const at = atMinute(now);
  const overlap = overlapOf(credential, at);
  const current = currentVersion(credential)?.version ?? 0;
  switch (kind) {
    case 0:
      return overlap === undefined ? [rotated(credential, at, at)] : [];
    case 1:
      return overlap === undefined ? [rotated(credential, at, atMinute(now + 5))] : [];
    case 2:
      return overlap === undefined
        ? []
        : [{ type: 'RotationFinished', credentialId, endedVersion: overlap.version, at }];
    case 3:
      return overlap === undefined
        ? []
        : [{ type: 'RotationCancelled', credentialId, endedVersion: current, restoredVersion: overlap.version, at }];
    case 4:
      return [{ type: 'CredentialSuspended', credentialId, at }];
    case 5:
      return [{ type: 'CredentialRevoked', credentialId, reason: null, at }];
    case 6:
      return [{ type: 'WebhookSecretAssigned', credentialId, previousCredentialId: null, at }];
    default:
      return [{ type: 'CredentialDeleted', credentialId, at }];
  }
};

const endpointFacts = { description: null, types: ['invoice.*'], scheme: 'standard' } as const;

/** What may happen to anything else. */
const onOthers = (kind: number, endpointId: string, at: string): AccountEvent => {
  switch (kind) {
    case 0:
      return { type: 'AccountSuspended', at };
    case 1:
      return { type: 'AccountResumed', at };
    case 2:
      return {
        ...{ type: 'ApiAccessEnabled', credentialId: 'cred_token', maskedAuthToken: '', maskedPrivateSalt: '', at },
      };
    case 3:
      return { type: 'ApiAccessDisabled', credentialId: 'cred_token', at };
    case 4:
      return {
        ...{
          type: 'WebhookEndpointRegistered',
          endpointId,
          url: 'https://a.example/',
          ...endpointFacts,
          enabled: true,
        },
        at,
      };
    case 5:
      return { type: 'WebhookEndpointDisabled', endpointId, reason: 'failing', at };
    case 6:
      return { type: 'WebhookEndpointDeleted', endpointId, at };
    default:
      return { type: 'AccountChanged', changes: { name: { from: 'a', to: 'b' } }, at };
  }
};

type Step = readonly [of: 'credential' | 'other', which: number, kind: number];

const eventsOf = (state: RegisteredAccount, [of, which, kind]: Step, now: number): readonly AccountEvent[] => {
  if (of === 'other') return [onOthers(kind, ENDPOINTS[which % 2] ?? '', atMinute(now))];
  const credentialId = CREDENTIALS[which] ?? '';
  const credential = getKeyed(state.credentials, credentialId);
  // The last one is of a type that may not sign.
  return credential === undefined
    ? [created(credentialId, atMinute(now), which < 2)]
    : onCredential(credential, kind, now);
};

/** What the rules of the domain know, as webhooks need it. */
const expectedOf = ({ facts, credentials, webhookEndpoints }: RegisteredAccount): WebhookAccount => ({
  status: facts.status,
  signerId: facts.signerId,
  saltId: facts.apiAccess?.credentialId ?? null,
  signing: Object.fromEntries(
    entriesOf(credentials)
      .filter(([, { maySign, status }]) => maySign && status !== 'revoked')
      .map(([credentialId, { versions }]) => [
        credentialId,
        versions
          .filter(({ ended }) => !ended)
          .map(({ version, validUntil, digest }) => ({ version, validUntil, reference: digest.value })),
      ]),
  ),
  endpoints: Object.fromEntries(entriesOf(webhookEndpoints)),
});

const step = fc.tuple(fc.constantFrom('credential' as const, 'other' as const), fc.nat(2), fc.nat(7));

const registered: AccountEvent = {
  ...{ type: 'AccountRegistered', accountId: 'acct_1', name: 'Acme', externalId: null, at: atMinute(0) },
};

it('knows of an account what the rules know, whatever happens to it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let state: AccountState = evolve(absentAccount, registered);
      let view = evolveWebhookAccount(undefined, registered, 0);
      for (const [index, each] of steps.entries()) {
        if (state.phase !== 'registered') throw new Error('The account is registered.');
        for (const event of eventsOf(state, each, index + 1)) {
          state = evolve(state, event);
          view = evolveWebhookAccount(view, event, state.revision);
          if (state.phase === 'registered') expect(view).toEqual(expectedOf(state));
        }
      }
    }),
  );
});

const timesOf = (times: CredentialTimes | undefined, at: string) =>
  times && {
    expiresAt: times.expiresAt,
    current: times.current.version,
    rotationDueAt: dueAt(times),
    overlap: times.overlap !== null && times.overlap.endsAt > at ? times.overlap.ending.version : undefined,
  };

const expectedTimesOf = (credential: Credential | undefined, at: string) =>
  credential === undefined || credential.status === 'revoked'
    ? undefined
    : {
        expiresAt: credential.expiresAt,
        current: currentVersion(credential)?.version,
        rotationDueAt: rotationDueAt(credential),
        overlap: overlapOf(credential, at)?.version,
      };

it('knows when a secret ends as the rules know, whatever happens to its credential', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let state: AccountState = evolve(absentAccount, registered);
      const times = new Map<string, CredentialTimes | undefined>();
      for (const [index, each] of steps.entries()) {
        if (state.phase !== 'registered') throw new Error('The account is registered.');
        for (const event of eventsOf(state, each, index + 1)) {
          state = evolve(state, event);
          if (state.phase !== 'registered') throw new Error('The account is registered.');
          for (const id of credentialsTouched(event)) {
            times.set(id, evolveTimes(times.get(id), event));
            const known = timesOf(times.get(id), event.at);
            expect(known).toEqual(expectedTimesOf(getKeyed(state.credentials, id), event.at));
          }
        }
      }
    }),
  );
});

it('is the very same object after what webhooks do not ask', () => {
  const view = evolveWebhookAccount(undefined, registered, 0);
  const renamed: AccountEvent = { type: 'AccountChanged', changes: { name: { from: 'a', to: 'b' } }, at: atMinute(1) };
  const key = created('cred_1', atMinute(2), false);
  expect(evolveWebhookAccount(view, key, 2)).toBe(view);
  expect(evolveWebhookAccount(view, renamed, 1)).toBe(view);
});

it('is nothing before the account is registered', () => {
  expect(evolveWebhookAccount(undefined, created('cred_1', atMinute(1), true), 0)).toBeUndefined();
});
