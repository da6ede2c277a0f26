import { evolveAccountFacts, evolveApplication, type AccountEvent, type AccountFacts } from '../src/index.js';
import { stateAfter, time } from './given-when-then.js';
import {
  accountSuspended,
  apiAccessEnabled,
  applicationRegistered,
  created,
  deleted,
  registered,
  secret,
  signs,
  upgraded,
} from './fixtures.js';

const factsAfter = (...events: readonly AccountEvent[]): AccountFacts | undefined =>
  events.reduce<AccountFacts | undefined>(evolveAccountFacts, undefined);

const cidrs = (from: string[], to: string[]): AccountEvent => ({
  type: 'IpAllowlistChanged',
  changes: { cidrs: { from, to } },
  at: time(20),
});

describe('the facts of an account, folded', () => {
  it('begin free, active and without API access', () => {
    expect(factsAfter(registered)).toEqual({
      accountId: 'acct_1',
      name: 'Acme',
      externalId: 'crm-1',
      plan: { tier: 'free', paymentMethodOnFile: false },
      status: 'active',
      createdAt: time(0),
      revision: 0,
      apiAccess: null,
      apiAccessRevision: 0,
      ipAllowlist: [],
      signerId: null,
    });
  });

  it('take what is said about the account, and its revision', () => {
    const renamed: AccountEvent = { type: 'AccountChanged', changes: { name: { from: 'Acme', to: 'B' } }, at: time(1) };
    const resumed: AccountEvent = { type: 'AccountResumed', at: time(51) };
    expect(factsAfter(registered, renamed)).toMatchObject({ name: 'B', revision: 1, apiAccessRevision: 0 });
    expect(factsAfter(registered, accountSuspended)).toMatchObject({ status: 'suspended', revision: 1 });
    expect(factsAfter(registered, accountSuspended, resumed)).toMatchObject({ status: 'active', revision: 2 });
    const plan = { tier: 'paid', paymentMethodOnFile: true };
    expect(factsAfter(registered, upgraded)).toMatchObject({ plan, revision: 1 });
  });

  it('keep a revision of their own for API access', () => {
    const enabled = [registered, ...apiAccessEnabled];
    const apiAccess = {
      credentialId: 'cred_1',
      maskedAuthToken: '…one1',
      maskedPrivateSalt: 'whsec_…salt',
      enabledAt: time(10),
      authTokenRefreshedAt: null,
    };
    expect(factsAfter(...enabled)).toMatchObject({ apiAccess, apiAccessRevision: 1, revision: 0 });
    const refreshed: AccountEvent = {
      type: 'AuthTokenRefreshed',
      credentialId: 'cred_1',
      version: 2,
      ...secret('two2'),
      at: time(30),
    };
    const after = { ...apiAccess, maskedAuthToken: '…two2', authTokenRefreshedAt: time(30) };
    expect(factsAfter(...enabled, refreshed)).toMatchObject({ apiAccess: after, apiAccessRevision: 3, revision: 0 });
    const revealed: AccountEvent = { type: 'SecretRevealed', credentialId: 'cred_1', at: time(30) };
    expect(factsAfter(...enabled, revealed)).toMatchObject({ apiAccess, apiAccessRevision: 3, revision: 0 });
    const listed = cidrs([], ['10.0.0.0/8']);
    expect(factsAfter(...enabled, listed)).toMatchObject({ ipAllowlist: ['10.0.0.0/8'], apiAccessRevision: 3 });
    const disabled: AccountEvent = { type: 'ApiAccessDisabled', credentialId: 'cred_1', at: time(40) };
    expect(factsAfter(...enabled, disabled)).toMatchObject({ apiAccess: null, apiAccessRevision: 3, revision: 0 });
  });

  it('ignore what makes no sense', () => {
    const enabled = factsAfter(registered, ...apiAccessEnabled) as AccountFacts;
    const [again] = apiAccessEnabled as [AccountEvent];
    const nonsense: AccountEvent[] = [
      { ...registered, name: 'Other' },
      again,
      { type: 'SecretRevealed', credentialId: 'cred_2', at: time(30) },
      { type: 'AuthTokenRefreshed', credentialId: 'cred_2', version: 2, ...secret('x'), at: time(30) },
    ];
    for (const event of nonsense) expect(evolveAccountFacts(enabled, event, 9)).toEqual(enabled);
    expect(factsAfter(accountSuspended, ...apiAccessEnabled)).toBeUndefined();
  });

  it('know the webhook signer', () => {
    expect(factsAfter(registered, signs('cred_1'), signs('cred_2', 'cred_1'))).toMatchObject({ signerId: 'cred_2' });
  });
});

describe('an application, folded', () => {
  const about = { applicationId: 'app_1', at: time(3) };
  const application = evolveApplication(undefined, applicationRegistered, 1);

  it('takes what is said about it', () => {
    const { applicationId, title, description, endpointIds: connected, at: createdAt } = applicationRegistered;
    const endpoints = { endpointIds: connected };
    expect(application).toEqual({ applicationId, title, description, ...endpoints, createdAt, revision: 1 });
    const changes = { title: { from: 'Shop', to: 'B' }, description: { from: null, to: 'd' } };
    const described = evolveApplication(application, { type: 'ApplicationChanged', changes, ...about }, 5);
    expect(described).toEqual({ ...application, title: 'B', description: 'd', revision: 5 });
    const endpointIds = { from: ['orders.list'], to: [] };
    const disconnected: AccountEvent = { type: 'ApplicationEndpointsChanged', changes: { endpointIds }, ...about };
    expect(evolveApplication(application, disconnected, 6)).toEqual({ ...application, endpointIds: [], revision: 6 });
    expect(evolveApplication(application, { type: 'ApplicationDeleted', ...about }, 7)).toBeUndefined();
  });

  it('ignores what is about others, or comes before it', () => {
    const other: AccountEvent = { type: 'ApplicationDeleted', applicationId: 'app_2', at: time(3) };
    expect(evolveApplication(application, other, 5)).toEqual(application);
    expect(evolveApplication(application, created('app_key_pair'), 5)).toEqual(application);
    expect(evolveApplication(application, { ...applicationRegistered, title: 'again' }, 5)).toEqual(application);
    expect(evolveApplication(undefined, other, 5)).toBeUndefined();
  });
});

describe('an account, folded', () => {
  it('counts every event of its stream, and knows the time of the last', () => {
    expect(stateAfter(registered, upgraded, created('api_key'))).toMatchObject({ revision: 2, lastAt: time(10) });
  });

  it('is absent until it is registered', () => {
    expect(stateAfter(upgraded, deleted())).toEqual({ phase: 'absent', revision: -1 });
  });
});
