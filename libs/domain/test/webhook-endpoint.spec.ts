import { evolveWebhookEndpoint, matchesType, type AccountEvent, type CommandOf } from '../src/index.js';
import { given, NOW, time } from './given-when-then.js';
import {
  accountSuspended,
  apiAccessEnabled,
  applicationRegistered,
  created,
  registered,
  registerWebhookEndpoint,
  signs,
  webhookEndpointRegistered,
} from './fixtures.js';

const at = NOW;
const endpointId = 'whe_1';
const about = { endpointId, at };
const signing = [registered, created('api_secret'), signs('cred_1')];
const existing = [...signing, webhookEndpointRegistered];
const update = (facts: Omit<CommandOf<'UpdateWebhookEndpoint'>, 'type' | 'endpointId'>) =>
  ({ ...facts, type: 'UpdateWebhookEndpoint', endpointId }) as const;
const disable = { type: 'DisableWebhookEndpoint', endpointId, reason: 'failing' } as const;
const disabled = (reason: 'requested' | 'gone' | 'failing'): AccountEvent => ({
  type: 'WebhookEndpointDisabled',
  reason,
  ...about,
});
const enabled: AccountEvent = { type: 'WebhookEndpointEnabled', ...about };
const removed: AccountEvent = { type: 'WebhookEndpointDeleted', ...about };

describe('a webhook endpoint', () => {
  it('is registered with the types it asks for, each once and in the order given', () => {
    given(...signing)
      .when(registerWebhookEndpoint({ types: ['b.*', 'a', 'b.*'] }))
      .then({ ...webhookEndpointRegistered, types: ['b.*', 'a'], at });
  });

  it('is one of at most 50', () => {
    const fifty = Array.from({ length: 50 }, (_, n) => ({ ...webhookEndpointRegistered, endpointId: `whe_${n}` }));
    const another = registerWebhookEndpoint({ endpointId: 'whe_x' });
    given(...signing, ...fifty)
      .when(another)
      .thenRejected('limit-reached');
    given(...signing, ...fifty, removed)
      .when(another)
      .then({ ...webhookEndpointRegistered, endpointId: 'whe_x', at });
  });

  it('needs the secret of its scheme when it is registered', () => {
    given(registered, ...apiAccessEnabled)
      .when(registerWebhookEndpoint({ enabled: false }))
      .thenRejected('no-webhook-signer');
    given(...signing)
      .when(registerWebhookEndpoint({ scheme: 'mac' }))
      .thenRejected('api-access-disabled');
    given(registered, ...apiAccessEnabled)
      .when(registerWebhookEndpoint({ scheme: 'mac' }))
      .then({ ...webhookEndpointRegistered, scheme: 'mac', at });
  });

  it('needs the secret of its scheme when it is enabled or changes the scheme, and not for less', () => {
    const mac = { ...webhookEndpointRegistered, scheme: 'mac' } as const;
    given(...existing)
      .when(update({ scheme: 'mac' }))
      .thenRejected('api-access-disabled');
    given(registered, mac)
      .when(update({ scheme: 'standard' }))
      .thenRejected('no-webhook-signer');
    given(registered, { ...mac, enabled: false })
      .when(update({ enabled: true }))
      .thenRejected('api-access-disabled');
    given(registered, mac)
      .when(update({ description: 'Orders', scheme: 'mac', enabled: true }))
      .then({ type: 'WebhookEndpointChanged', changes: { description: { from: null, to: 'Orders' } }, ...about });
    given(registered, mac)
      .when(update({ enabled: false }))
      .then(disabled('requested'));
  });

  it('is changed, naming only what differs', () => {
    const url = 'https://other.example.com/';
    given(...existing)
      .when(update({ url, description: null, types: [], scheme: 'standard' }))
      .then({
        type: 'WebhookEndpointChanged',
        changes: { url: { from: webhookEndpointRegistered.url, to: url } },
        ...about,
      });
    given(...existing)
      .when(update({ types: ['a', 'a'] }))
      .then({ type: 'WebhookEndpointChanged', changes: { types: { from: [], to: ['a'] } }, ...about });
    given(...existing)
      .when(update({ types: [], enabled: true }))
      .thenNothing();
  });

  it('is changed and turned on or off by one command', () => {
    given(...existing)
      .when(update({ description: 'Off', enabled: false }))
      .then(
        { type: 'WebhookEndpointChanged', changes: { description: { from: null, to: 'Off' } }, ...about },
        disabled('requested'),
      );
    given(...existing, disabled('gone'))
      .when(update({ enabled: true }))
      .then(enabled);
  });

  it('is disabled by the system once, whatever the reason', () => {
    given(...existing)
      .when(disable)
      .then(disabled('failing'));
    given(...existing, disabled('gone'))
      .when(disable)
      .thenNothing();
    given(...existing, disabled('gone'))
      .when(update({ enabled: false }))
      .thenNothing();
  });

  it('is disabled and deleted also while the account is suspended', () => {
    given(...existing, accountSuspended)
      .when(disable)
      .then(disabled('failing'));
    given(...existing, accountSuspended)
      .when({ type: 'DeleteWebhookEndpoint', endpointId })
      .then(removed);
    given(...existing, accountSuspended)
      .when(update({ enabled: false }))
      .thenRejected('account-suspended');
  });

  it('is not found after it was deleted', () => {
    for (const command of [
      disable,
      update({ enabled: false }),
      { type: 'DeleteWebhookEndpoint', endpointId } as const,
    ]) {
      given(...existing, removed)
        .when(command)
        .thenRejected('not-found');
    }
  });
});

describe('a webhook endpoint, folded', () => {
  const endpoint = evolveWebhookEndpoint(undefined, webhookEndpointRegistered, 3);

  it('takes what is said about it', () => {
    const { url, description, types, scheme, at: createdAt } = webhookEndpointRegistered;
    const facts = { endpointId, url, description, types, scheme, enabled: true };
    expect(endpoint).toEqual({ ...facts, disabledReason: null, createdAt, createdRevision: 3, revision: 3 });
    const off = evolveWebhookEndpoint(undefined, { ...webhookEndpointRegistered, enabled: false }, 3);
    expect(off).toMatchObject({ enabled: false, disabledReason: 'requested' });
    const changes = { url: { from: 'https://hooks.example.com/keyledger', to: 'https://b.example/' } };
    const moved = evolveWebhookEndpoint(endpoint, { type: 'WebhookEndpointChanged', changes, ...about }, 5);
    expect(moved).toEqual({ ...endpoint, url: 'https://b.example/', revision: 5 });
    const gone = evolveWebhookEndpoint(endpoint, disabled('gone'), 6);
    expect(gone).toEqual({ ...endpoint, enabled: false, disabledReason: 'gone', revision: 6 });
    expect(evolveWebhookEndpoint(gone, enabled, 7)).toEqual({ ...endpoint, revision: 7 });
    expect(evolveWebhookEndpoint(endpoint, removed, 8)).toBeUndefined();
  });

  it('ignores what is about others, or comes before it', () => {
    expect(evolveWebhookEndpoint(endpoint, { ...removed, endpointId: 'whe_2' }, 5)).toBe(endpoint);
    expect(evolveWebhookEndpoint(endpoint, applicationRegistered, 5)).toBe(endpoint);
    expect(evolveWebhookEndpoint(endpoint, { ...webhookEndpointRegistered, url: 'x', at: time(50) }, 5)).toBe(endpoint);
    expect(evolveWebhookEndpoint(undefined, enabled, 5)).toBeUndefined();
  });
});

describe('the types that an endpoint asks for', () => {
  it.each([
    [[], 'order.created', true],
    [['order.created'], 'order.created', true],
    [['order.created'], 'order.created.v1', false],
    [['a', 'order.*'], 'order.created', true],
    [['order.*'], 'order.line.added', true],
    [['order.*'], 'order', false],
    [['order.*'], 'order.', true],
    [['order.*'], 'orders.created', false],
    [['order'], 'order.created', false],
    [['order.*'], 'ORDER.created', false],
  ])('%j: "%s" is meant: %s', (types, type, expected) => {
    expect(matchesType(types, type)).toBe(expected);
  });
});
