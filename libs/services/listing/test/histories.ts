import {
  absentAccount,
  evolve,
  valuesOf,
  type AccountEvent,
  type AccountState,
  type Credential,
  type RegisteredAccount,
  type WebhookEndpoint,
} from '@keyledger/domain';
import fc from 'fast-check';
import {
  applicationRegistered,
  created,
  DIGEST,
  newId,
  registered,
  second,
  webhookEndpointRegistered,
} from './account-events.js';

/** What happens next to an account, if it can happen at all: to its `pick`-th credential, application or endpoint. */
type Step = (account: RegisteredAccount, pick: number, at: string) => AccountEvent | undefined;

const nth = <T>(items: readonly T[], pick: number): T | undefined => items[pick % Math.max(1, items.length)];

const toCredential =
  (make: (credential: Credential, at: string) => AccountEvent): Step =>
  ({ credentials }, pick, at) => {
    const credential = nth(valuesOf(credentials), pick);
    return credential && make(credential, at);
  };

const toEndpoint =
  (make: (endpoint: WebhookEndpoint, at: string) => AccountEvent): Step =>
  ({ webhookEndpoints }, pick, at) => {
    const endpoint = nth(valuesOf(webhookEndpoints), pick);
    return endpoint && make(endpoint, at);
  };

const issued = (version: number) => ({
  version,
  digest: { value: DIGEST, pepperVersion: 1 },
  maskedSecret: `kcs_…${version}`,
});

const steps: readonly Step[] = [
  (_, pick, at) => created(newId('cred'), { name: `service-${pick}`, publicPartMasked: pick % 2 === 0, at }),
  (_, pick, at) => created(newId('cred'), { expiresAt: second(pick), credentialType: 'api_key', mode: 'test', at }),
  toCredential(({ credentialId }, at) => ({ type: 'CredentialDeleted', credentialId, at })),
  toCredential(({ credentialId }, at) => ({ type: 'CredentialRevoked', credentialId, reason: null, at })),
  toCredential(({ credentialId }, at) => ({ type: 'CredentialSuspended', credentialId, at })),
  toCredential(({ credentialId, description }, at) => ({
    type: 'CredentialChanged',
    credentialId,
    changes: { description: { from: description, to: at } },
    at,
  })),
  toCredential(({ credentialId, versions }, at) => ({
    type: 'CredentialRotated',
    credentialId,
    ...issued((versions.at(-1)?.version ?? 0) + 1),
    overlapEndsAt: at,
    at,
  })),
  ({ facts, credentials }, pick, at) => {
    const next = nth(valuesOf(credentials), pick);
    const previousCredentialId = facts.signerId;
    return next && { type: 'WebhookSecretAssigned', credentialId: next.credentialId, previousCredentialId, at };
  },
  (_, pick, at) => applicationRegistered(newId('app'), { title: `Title ${pick}`, at }),
  ({ applications }, pick, at) => {
    const application = nth(valuesOf(applications), pick);
    if (application === undefined) return undefined;
    const { applicationId, title } = application;
    return { type: 'ApplicationChanged', applicationId, changes: { title: { from: title, to: at } }, at };
  },
  ({ applications }, pick, at) => {
    const application = nth(valuesOf(applications), pick);
    return application && { type: 'ApplicationDeleted', applicationId: application.applicationId, at };
  },
  (_, pick, at) => webhookEndpointRegistered(newId('whe'), { enabled: pick % 2 === 0, at }),
  toEndpoint(({ endpointId, description }, at) => ({
    type: 'WebhookEndpointChanged',
    endpointId,
    changes: { description: { from: description, to: at } },
    at,
  })),
  toEndpoint(({ endpointId }, at) => ({ type: 'WebhookEndpointDisabled', endpointId, reason: 'failing', at })),
  toEndpoint(({ endpointId }, at) => ({ type: 'WebhookEndpointEnabled', endpointId, at })),
  toEndpoint(({ endpointId }, at) => ({ type: 'WebhookEndpointDeleted', endpointId, at })),
  ({ facts }, pick, at) => ({
    type: 'IpAllowlistChanged',
    changes: { cidrs: { from: facts.ipAllowlist, to: [`192.0.2.${pick}/32`] } },
    at,
  }),
  ({ facts }, pick, at) => ({
    type: 'AccountChanged',
    changes: { name: { from: facts.name, to: `Acme ${pick}` } },
    at,
  }),
];

/** What happens to one account, as numbers that `historyOf` turns into events. */
export const anyCourse = fc.array(fc.tuple(fc.nat(steps.length - 1), fc.nat(20)), { maxLength: 40 });

export interface History {
  readonly accountId: string;
  readonly events: readonly AccountEvent[];
  /** The account as the rules fold it. */
  readonly state: RegisteredAccount;
}

export const historyOf = (course: readonly (readonly [number, number])[]): History => {
  const accountId = newId('acct');
  const events: AccountEvent[] = [registered(accountId)];
  let state: AccountState = absentAccount;
  const happen = (event: AccountEvent): RegisteredAccount => {
    state = evolve(state, event);
    if (state.phase === 'absent') throw new Error('The account has been registered.');
    return state;
  };
  let account = happen(registered(accountId));
  for (const [index, [step, pick]] of course.entries()) {
    const event = steps[step]?.(account, pick, second(index + 1));
    if (event === undefined) continue;
    events.push(event);
    account = happen(event);
  }
  return { accountId, events, state: account };
};
