import { NOW, given, time } from './given-when-then.js';
import { applicationRegistered, create, created, deleted, registered, revoked, signs, upgraded } from './fixtures.js';

const at = NOW;
const existing = [registered, applicationRegistered];

describe('a new credential', () => {
  it.each(['client_credentials', 'api_key', 'app_key_pair'])('of type %s carries the facts of its type', (type) => {
    given(...existing)
      .when(create(type))
      .then(created(type, { at }));
  });

  it('carries what was asked for', () => {
    const asked = {
      name: 'reporting',
      description: 'Monthly reports',
      mode: 'live',
      scopes: ['read', 'write'],
      expiresAt: time(600),
    } as const;
    given(registered, upgraded)
      .when(create('api_key', asked))
      .then(created('api_key', { ...asked, at }));
  });

  it('needs a type that exists and is created, not one that comes with API access', () => {
    given(registered)
      .when({ ...create('api_key'), credentialType: 'passport' })
      .thenRejected('unknown-credential-type', 'type');
    given(registered).when(create('account_token')).thenRejected('not-supported-by-type');
  });

  it.each([
    ['backend', true],
    ['a'.repeat(6), true],
    ['a'.repeat(64), true],
    ['Back_end-1', true],
    ['a'.repeat(5), false],
    ['a'.repeat(65), false],
    ['back end', false],
    ['back.end', false],
    ['backend\n', false],
    ['bäckend', false],
    [null, false],
  ])('of type client_credentials may be named %j: %j', (name, allowed) => {
    const attempt = given(registered).when(create('client_credentials', { name }));
    if (allowed) attempt.then(created('client_credentials', { name, at }));
    else attempt.thenRejected('invalid-request', 'name');
  });

  it('of another type may go without a name, or have any text of 1 to 200 characters', () => {
    for (const name of [null, 'x', '🔑'.repeat(200)]) {
      given(registered).when(create('api_key', { name })).then(created('api_key', { name, at }));
    }
    for (const name of ['', 'x'.repeat(201)]) {
      given(registered).when(create('api_key', { name })).thenRejected('invalid-request', 'name');
    }
  });

  it('has a name of its own among the undeleted ones of its type', () => {
    const first = created('client_credentials', { credentialId: 'cred_0' });
    given(registered, first).when(create('client_credentials')).thenRejected('name-taken', 'name');
    given(registered, first, revoked('cred_0')).when(create('client_credentials')).thenRejected('name-taken', 'name');
    given(registered, first, deleted('cred_0'))
      .when(create('client_credentials'))
      .then(created('client_credentials', { at }));
    given(registered, first)
      .when(create('client_credentials', { name: 'BACKEND-1' }))
      .then(created('client_credentials', { name: 'BACKEND-1', at }));
    given(registered, first)
      .when(create('api_key', { name: 'backend-1' }))
      .then(created('api_key', { name: 'backend-1', at }));
  });

  it('has the fields that its type has, and no others; all mistakes are told at once', () => {
    given(registered)
      .when(create('api_key', { mode: null, environment: 'staging', applicationId: 'app_1' }))
      .thenRejected('invalid-request', 'mode', 'environment', 'applicationId');
    given(...existing)
      .when(create('app_key_pair', { mode: 'test', environment: null, applicationId: null }))
      .thenRejected('invalid-request', 'mode', 'environment', 'applicationId');
    given(registered)
      .when(create('client_credentials', { name: 'no', mode: 'live' }))
      .thenRejected('invalid-request', 'name', 'mode');
  });

  it('belongs to an application of the account', () => {
    const rejection = given(...existing)
      .when(create('app_key_pair', { applicationId: 'app_2' }))
      .thenRejected('invalid-request', 'applicationId');
    expect(rejection.message).toContain('no application');
  });

  it('is live only with a paid plan and a payment method', () => {
    const live = create('api_key', { mode: 'live' });
    const tierOnly = { type: 'PlanChanged', changes: { tier: { from: 'free', to: 'paid' } }, at: time(1) } as const;
    const methodOnly = {
      type: 'PlanChanged',
      changes: { paymentMethodOnFile: { from: false, to: true } },
      at: time(1),
    } as const;
    given(registered).when(live).thenRejected('plan-does-not-allow');
    given(registered, tierOnly).when(live).thenRejected('plan-does-not-allow');
    given(registered, methodOnly).when(live).thenRejected('plan-does-not-allow');
    given(registered, tierOnly, methodOnly)
      .when(live)
      .then(created('api_key', { mode: 'live', at }));
  });

  it('expires in the future, or not at all', () => {
    given(registered)
      .when(create('api_key', { expiresAt: time(61) }))
      .then(created('api_key', { expiresAt: time(61), at }));
    for (const expiresAt of [NOW, time(59)]) {
      given(registered).when(create('api_key', { expiresAt })).thenRejected('invalid-request', 'expiresAt');
    }
  });

  it('holds its expiry in one form, whatever form it was given in', () => {
    given(registered)
      .when(create('api_key', { expiresAt: '2031-01-01T02:00:00.5+02:00' }))
      .then(created('api_key', { expiresAt: '2031-01-01T00:00:00.500Z', at }));
    for (const expiresAt of [
      'tomorrow',
      '2031-01-01',
      '2031-01-01T00:00:00',
      '2031-13-01T00:00:00Z',
      'x2031-01-01T00:00:00Z',
      '2031-01-01T00:00:00Zx',
    ]) {
      given(registered).when(create('api_key', { expiresAt })).thenRejected('invalid-request', 'expiresAt');
    }
  });

  it('keeps within the limit of its type: revoked ones hold their place until deleted', () => {
    const three = ['a', 'b', 'c'].map((id) => created('api_secret', { credentialId: id }));
    const full = [registered, ...three, signs('a')];
    given(...full)
      .when(create('api_secret'))
      .thenRejected('limit-reached');
    given(...full, revoked('b'))
      .when(create('api_secret'))
      .thenRejected('limit-reached');
    given(...full, revoked('b'), deleted('b'))
      .when(create('api_secret'))
      .then(created('api_secret', { at }));
    given(...full)
      .when(create('api_key'))
      .then(created('api_key', { at }));
  });

  it('keeps within the cap of the account, over all types', () => {
    const one = created('client_credentials', { credentialId: 'cred_0' });
    given(registered, one).when(create('api_key'), { maxCredentials: 1 }).thenRejected('limit-reached');
    given(registered, one).when(create('api_key'), { maxCredentials: 2 }).then(created('api_key', { at }));
  });

  it('signs webhooks if it may and none does yet', () => {
    given(registered).when(create('api_secret')).then(created('api_secret', { at }), signs('cred_1'));
    given(registered, created('api_secret', { credentialId: 'cred_0' }), signs('cred_0'))
      .when(create('api_secret'))
      .then(created('api_secret', { at }));
  });

  it('does not sign webhooks if it will expire; the next one that may takes the role', () => {
    const passing = created('api_secret', { credentialId: 'cred_0', expiresAt: time(600) });
    given(registered)
      .when(create('api_secret', { expiresAt: time(600) }))
      .then(created('api_secret', { expiresAt: time(600), at }));
    given(registered, passing).when(create('api_secret')).then(created('api_secret', { at }), signs('cred_1'));
  });
});
