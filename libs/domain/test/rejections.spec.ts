import type { AccountCommand, AccountEvent, RejectionCode } from '../src/index.js';
import { given, NOW, time } from './given-when-then.js';
import {
  accountSuspended,
  apiAccessEnabled,
  applicationRegistered,
  create,
  created,
  registered,
  registerWebhookEndpoint,
  revoked,
  rotated,
  secret,
  signs,
} from './fixtures.js';

type Case = readonly [history: readonly AccountEvent[], command: AccountCommand, ...fields: readonly string[]];

const credentialId = 'cred_1';
const rotate = { type: 'RotateCredential', credentialId, overlapSeconds: 0, secret: secret('x') } as const;
const revoke = { type: 'RevokeCredential', credentialId, reason: null } as const;
const enable = {
  type: 'EnableApiAccess',
  credentialId: 'cred_2',
  secret: secret('x'),
  maskedPrivateSalt: '…',
} as const;
const remove = { type: 'DeleteCredential', credentialId, confirmation: null, acceptedPhrases: [] } as const;
const key = created('api_key');
const threeSecrets = ['a', 'b', 'c'].map((id) => created('api_secret', { credentialId: id }));
const register = { type: 'RegisterAccount', accountId: 'acct_1', name: 'Acme', externalId: 'crm-1' } as const;
const endpoints = { type: 'SetApplicationEndpoints', applicationId: 'app_1', endpointIds: ['x'] } as const;

/** One way to each refusal; the compiler sees to it that none is missing. */
const cases: { readonly [C in RejectionCode]: Case } = {
  'not-found': [[], revoke],
  'name-taken': [
    [registered, created('client_credentials')],
    create('client_credentials', { credentialId: 'cred_2' }),
    'name',
  ],
  'external-id-taken': [[registered], register, 'externalId'],
  'limit-reached': [[registered, ...threeSecrets], create('api_secret')],
  'plan-does-not-allow': [[registered], create('api_key', { mode: 'live' })],
  'not-supported-by-type': [[registered, ...apiAccessEnabled], revoke],
  'webhook-signer-in-use': [[registered, created('api_secret'), signs('cred_1')], revoke],
  'may-not-sign': [[registered, key], { type: 'SetWebhookSigner', credentialId }],
  'no-webhook-signer': [[registered], registerWebhookEndpoint()],
  'api-access-already-enabled': [[registered, ...apiAccessEnabled], enable],
  'api-access-disabled': [[registered], { type: 'RevealAuthToken' }],
  'account-suspended': [[registered, accountSuspended], enable],
  'application-in-use': [
    [registered, applicationRegistered, created('app_key_pair')],
    { type: 'DeleteApplication', applicationId: 'app_1' },
  ],
  'credential-revoked': [[registered, key, revoked()], rotate],
  'credential-expired': [[registered, { ...key, expiresAt: NOW }], rotate],
  'credential-still-valid': [[registered, key], remove],
  'rotation-in-progress': [[registered, key, rotated()], rotate],
  'no-rotation-in-progress': [[registered, key], { type: 'FinishRotation', credentialId }],
  'revision-mismatch': [[registered, key], { ...revoke, expectedRevisions: [0] }],
  'invalid-request': [[registered], create('api_key', { expiresAt: time(0) }), 'expiresAt'],
  'unknown-credential-type': [[registered], { ...create('api_key'), credentialType: 'x' }, 'type'],
  'unknown-endpoint': [[registered, applicationRegistered], endpoints, 'endpointIds'],
  'confirmation-mismatch': [[registered, created('api_secret')], remove, 'confirmation'],
};

describe('every refusal', () => {
  it.each(Object.entries(cases) as [RejectionCode, Case][])('%s can happen', (code, [history, command, ...fields]) => {
    given(...history)
      .when(command)
      .thenRejected(code, ...fields);
  });

  it('says nothing of a secret', () => {
    const { message } = given(registered, created('api_secret'))
      .when({ ...remove, confirmation: 'amber-boat', acceptedPhrases: ['cedar-dune'] })
      .thenRejected('confirmation-mismatch', 'confirmation');
    expect(message).not.toMatch(/amber|cedar|digest/);
  });
});
