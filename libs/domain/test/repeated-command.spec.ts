import type { AccountCommand, AccountEvent } from '../src/index.js';
import { decide } from '../src/index.js';
import { apiAccessEnabled, create, created, registered, registerWebhookEndpoint, secret, signs } from './fixtures.js';
import { context, given, stateAfter } from './given-when-then.js';

const next = secret('two2');
const rotate: AccountCommand = { type: 'RotateCredential', credentialId: 'cred_1', overlapSeconds: 0, secret: next };
const enable: AccountCommand = {
  type: 'EnableApiAccess',
  credentialId: 'cred_1',
  secret: secret('one1'),
  maskedPrivateSalt: 'whsec_…salt',
};
const application: AccountCommand = {
  type: 'RegisterApplication',
  applicationId: 'app_1',
  title: 'Shop',
  description: null,
  endpointIds: [],
  keyPair: create('app_key_pair'),
};

const cases: readonly (readonly [AccountCommand, readonly AccountEvent[]])[] = [
  [create('client_credentials'), []],
  [enable, []],
  [application, []],
  [registerWebhookEndpoint(), [created('api_secret'), signs('cred_1')]],
  [rotate, [created('api_key')]],
  [{ type: 'RefreshAuthToken', secret: next }, apiAccessEnabled],
];

describe('a command that creates something, given a second time', () => {
  it.each(cases)('adds nothing: $type', (command, before) => {
    const history = [registered, ...before];
    const events = decide(command, stateAfter(...history), context);
    expect(events).not.toEqual([]);
    given(...history, ...events)
      .when(command)
      .thenNothing();
  });

  it('is not taken for one that creates something else', () => {
    const another: AccountCommand = { ...rotate, secret: secret('three3') };
    expect(decide(another, stateAfter(registered, created('api_key')), context)).toHaveLength(1);
  });
});
