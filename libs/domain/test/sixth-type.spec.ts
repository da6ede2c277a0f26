import type { CredentialCreated, CredentialType, NewCredential } from '../src/index.js';
import { context, given, NOW, time } from './given-when-then.js';
import { create, created, registered, revoked, secret, signs, suspended } from './fixtures.js';

/** A type that the engine has never heard of: everything about it is data. */
const partnerKey: CredentialType = {
  type: 'partner_key',
  title: 'Partner key',
  name: { required: true, pattern: '[a-z]+\\.[a-z]+|root', minLength: 4, maxLength: 12 },
  limit: 2,
  issuedBy: 'create',
  publicPart: { field: 'partnerId', prefix: 'ptn' },
  publicPartMasked: false,
  secretPart: { field: 'partnerSecret', prefix: 'pts', format: 'token' },
  saltField: null,
  modes: { test: 'pts_test', live: 'pts_live' },
  belongsToApplication: false,
  allows: { suspend: false, revoke: true, rotate: false, delete: 'phrase' },
  maySign: true,
  retained: true,
  bindsIpAllowlist: true,
  bindsEndpoints: true,
  rotationAdviceDays: 30,
  advice: [],
};

const types = new Map([...context.types, [partnerKey.type, partnerKey]]);
const command = {
  ...create('api_key'),
  credentialType: 'partner_key',
  name: 'acme.shop',
  publicPart: 'ptn_1',
} satisfies NewCredential & { type: 'CreateCredential' };
const event: CredentialCreated = {
  ...created('api_key'),
  credentialType: 'partner_key',
  name: 'acme.shop',
  publicPart: 'ptn_1',
  publicPartMasked: false,
  bindsIpAllowlist: true,
  bindsEndpoints: true,
  retained: true,
  maySign: true,
  rotationAdviceDays: 30,
};
const credentialId = 'cred_1';
const existing = [registered, event];

describe('a configured sixth type', () => {
  it('is created with its own facts, and signs if it may', () => {
    given(registered)
      .when(command, { types })
      .then({ ...event, at: NOW }, signs(credentialId));
  });

  it('follows its own name rule: the pattern is about the whole name', () => {
    given(registered)
      .when({ ...command, name: 'root' }, { types })
      .then({ ...event, name: 'root', at: NOW }, signs(credentialId));
    for (const name of [null, 'a.b', 'roots', 'xroot', 'acme.shop.de', 'acme']) {
      given(registered)
        .when({ ...command, name }, { types })
        .thenRejected('invalid-request', 'name');
    }
  });

  it('follows its own limit, and the plan for its live mode', () => {
    const second = { ...event, credentialId: 'cred_2', name: 'b.b' };
    given(...existing, second)
      .when({ ...command, credentialId: 'cred_3', name: 'c.cc' }, { types })
      .thenRejected('limit-reached');
    given(registered)
      .when({ ...command, mode: 'live' }, { types })
      .thenRejected('plan-does-not-allow');
  });

  it('allows what it says and nothing else', () => {
    given(...existing)
      .when({ type: 'SuspendCredential', credentialId }, { types })
      .thenRejected('not-supported-by-type');
    given(...existing, suspended())
      .when({ type: 'ResumeCredential', credentialId }, { types })
      .thenRejected('not-supported-by-type');
    given(...existing)
      .when({ type: 'RotateCredential', credentialId, overlapSeconds: 0, secret: secret('x') }, { types })
      .thenRejected('not-supported-by-type');
    given(...existing)
      .when({ type: 'RevokeCredential', credentialId, reason: null }, { types })
      .then(revoked(credentialId, NOW));
    given(...existing)
      .when({ type: 'DeleteCredential', credentialId, confirmation: 'x', acceptedPhrases: ['y'] }, { types })
      .thenRejected('confirmation-mismatch', 'confirmation');
  });

  it('takes over the webhook signer', () => {
    const secretSigner = created('api_secret', { credentialId: 'cred_2', at: time(5) });
    given(registered, secretSigner, signs('cred_2', null, time(5)), event)
      .when({ type: 'SetWebhookSigner', credentialId }, { types })
      .then(signs(credentialId, 'cred_2'));
  });
});
