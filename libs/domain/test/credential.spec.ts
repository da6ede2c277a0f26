import type { AccountCommand, AccountEvent, CommandOf } from '../src/index.js';
import { context, NOW, given, time } from './given-when-then.js';
import { apiAccessEnabled, created, deleted, registered, revoked, rotated, signs, suspended } from './fixtures.js';

const at = NOW;
const credentialId = 'cred_1';
const key = [registered, created('api_key')];
const expiredKey = [registered, created('api_key', { expiresAt: NOW })];
const signer = [registered, created('api_secret'), signs(credentialId, null, time(10))];
const token = [registered, ...apiAccessEnabled];

const suspend = { type: 'SuspendCredential', credentialId } as const;
const resume = { type: 'ResumeCredential', credentialId } as const;
const revoke = { type: 'RevokeCredential', credentialId, reason: null } as const;
const acknowledge = { type: 'AcknowledgeSecret', credentialId } as const;
const remove = (confirmation: string | null = null): CommandOf<'DeleteCredential'> & { type: 'DeleteCredential' } => ({
  type: 'DeleteCredential',
  credentialId,
  confirmation,
  acceptedPhrases: ['amber-boat', 'cedar-dune'],
});
const update = (changes: object): AccountCommand => ({ type: 'UpdateCredential', credentialId, ...changes });
const changed = (changes: Extract<AccountEvent, { type: 'CredentialChanged' }>['changes']): AccountEvent => ({
  type: 'CredentialChanged',
  credentialId,
  changes,
  at,
});

describe('suspending and resuming', () => {
  it('is reversible', () => {
    given(...key)
      .when(suspend)
      .then(suspended(credentialId, at));
    given(...key, suspended())
      .when(resume)
      .then({ type: 'CredentialResumed', credentialId, at });
  });

  it('adds nothing when it is true already', () => {
    given(...key, suspended())
      .when(suspend)
      .thenNothing();
    given(...key)
      .when(resume)
      .thenNothing();
  });

  it('is refused for revoked and expired credentials', () => {
    for (const command of [suspend, resume]) {
      given(...key, revoked())
        .when(command)
        .thenRejected('credential-revoked');
      given(...expiredKey)
        .when(command)
        .thenRejected('credential-expired');
      given(...expiredKey, suspended())
        .when(command)
        .thenRejected('credential-expired');
      given(...expiredKey, revoked())
        .when(command)
        .thenRejected('credential-revoked');
    }
  });

  it('spares the webhook signer', () => {
    given(...signer)
      .when(suspend)
      .thenRejected('webhook-signer-in-use');
  });

  it('works for the account token', () => {
    given(...token)
      .when(suspend)
      .then(suspended(credentialId, at));
  });
});

describe('revoking', () => {
  it('is final and keeps the reason', () => {
    given(...key)
      .when({ ...revoke, reason: 'leaked' })
      .then({ type: 'CredentialRevoked', credentialId, reason: 'leaked', at });
    given(...key, suspended())
      .when(revoke)
      .then(revoked(credentialId, at));
    given(...key, revoked())
      .when(revoke)
      .thenNothing();
  });

  it('works for an expired credential', () => {
    given(...expiredKey)
      .when(revoke)
      .then(revoked(credentialId, at));
  });

  it('spares the webhook signer, and the account token, which goes with API access', () => {
    given(...signer)
      .when(revoke)
      .thenRejected('webhook-signer-in-use');
    given(...token)
      .when(revoke)
      .thenRejected('not-supported-by-type');
  });
});

describe('deleting', () => {
  it('is always possible for client credentials', () => {
    given(registered, created('client_credentials')).when(remove()).then(deleted(credentialId, at));
  });

  it('needs keys to be revoked or expired', () => {
    given(...key)
      .when(remove('amber-boat'))
      .thenRejected('credential-still-valid');
    given(...key, suspended())
      .when(remove())
      .thenRejected('credential-still-valid');
    given(...key, revoked())
      .when(remove())
      .then(deleted(credentialId, at));
    given(...expiredKey)
      .when(remove())
      .then(deleted(credentialId, at));
  });

  it('needs the phrase for an API secret, revoked ones included', () => {
    const secret = [registered, created('api_secret')];
    for (const phrase of [null, 'amber', 'AMBER-BOAT', '']) {
      given(...secret)
        .when(remove(phrase))
        .thenRejected('confirmation-mismatch', 'confirmation');
      given(...secret, revoked())
        .when(remove(phrase))
        .thenRejected('confirmation-mismatch', 'confirmation');
    }
    given(...secret)
      .when(remove('amber-boat'))
      .then(deleted(credentialId, at));
    given(...secret, revoked())
      .when(remove('cedar-dune'))
      .then(deleted(credentialId, at));
  });

  it('spares the webhook signer, whatever the phrase', () => {
    given(...signer)
      .when(remove('amber-boat'))
      .thenRejected('webhook-signer-in-use');
    given(...signer)
      .when(remove('wrong'))
      .thenRejected('webhook-signer-in-use');
  });

  it('is not for the account token', () => {
    given(...token)
      .when(remove())
      .thenRejected('not-supported-by-type');
  });

  it('leaves nothing to find', () => {
    given(...key, deleted())
      .when(remove())
      .thenRejected('not-found');
    given(...key, deleted())
      .when(revoke)
      .thenRejected('not-found');
  });
});

describe('changing', () => {
  it('names only what differs', () => {
    given(...key)
      .when(update({ description: 'For CI', scopes: [], expiresAt: null }))
      .then(changed({ description: { from: null, to: 'For CI' } }));
    given(...key)
      .when(update({ scopes: ['read'], expiresAt: '2030-01-02T00:00:00Z' }))
      .then(changed({ scopes: { from: [], to: ['read'] }, expiresAt: { from: null, to: time(1440) } }));
    given(registered, created('api_key', { scopes: ['a', 'b'] }))
      .when(update({ scopes: ['a', 'c'] }))
      .then(changed({ scopes: { from: ['a', 'b'], to: ['a', 'c'] } }));
  });

  it('adds nothing when it is true already, even to a revoked credential', () => {
    const described = [registered, created('api_key', { description: 'x', scopes: ['a'], expiresAt: time(90) })];
    const same = update({ description: 'x', scopes: ['a'], expiresAt: '2030-01-01T01:30:00Z' });
    given(...described)
      .when(same)
      .thenNothing();
    given(...described, revoked())
      .when(same)
      .thenNothing();
    given(...described)
      .when(update({}))
      .thenNothing();
  });

  it('removes an expiry that has not passed', () => {
    given(registered, created('api_key', { expiresAt: time(90) }))
      .when(update({ expiresAt: null }))
      .then(changed({ expiresAt: { from: time(90), to: null } }));
  });

  it('is refused for a revoked credential', () => {
    for (const changes of [{ description: 'x' }, { scopes: ['x'] }, { expiresAt: time(90) }]) {
      given(...key, revoked())
        .when(update(changes))
        .thenRejected('credential-revoked');
    }
  });

  it('gives an expired credential no new life, but a description', () => {
    given(...expiredKey)
      .when(update({ expiresAt: time(90) }))
      .thenRejected('credential-expired');
    given(...expiredKey)
      .when(update({ expiresAt: null }))
      .thenRejected('credential-expired');
    given(...expiredKey)
      .when(update({ description: 'x' }))
      .then(changed({ description: { from: null, to: 'x' } }));
  });

  it('gives the webhook signer no expiry', () => {
    given(...signer)
      .when(update({ expiresAt: time(90) }))
      .thenRejected('webhook-signer-in-use');
    given(...signer)
      .when(update({ description: 'x' }))
      .then(changed({ description: { from: null, to: 'x' } }));
  });

  it('gives no expiry in the past', () => {
    given(...key)
      .when(update({ expiresAt: NOW }))
      .thenRejected('invalid-request', 'expiresAt');
    given(...key)
      .when(update({ expiresAt: 'soon' }))
      .thenRejected('invalid-request', 'expiresAt');
  });
});

describe('acknowledging', () => {
  it('is about the newest version, once', () => {
    const acknowledged: AccountEvent = { type: 'SecretAcknowledged', credentialId, version: 1, at };
    given(...key)
      .when(acknowledge)
      .then(acknowledged);
    given(...key, revoked())
      .when(acknowledge)
      .then(acknowledged);
    given(...key, acknowledged)
      .when(acknowledge)
      .thenNothing();
    given(...key, acknowledged, rotated())
      .when(acknowledge)
      .then({ ...acknowledged, version: 2 });
  });
});

describe('a credential whose type is gone from configuration', () => {
  const types = new Map(context.types);
  types.delete('api_secret');
  const secret = [registered, created('api_secret')];

  it('lets access be taken away', () => {
    given(...secret)
      .when(suspend, { types })
      .then(suspended(credentialId, at));
    given(...secret, suspended())
      .when(resume, { types })
      .then({ type: 'CredentialResumed', credentialId, at });
    given(...secret)
      .when(revoke, { types })
      .then(revoked(credentialId, at));
    given(...secret, revoked())
      .when(remove(), { types })
      .then(deleted(credentialId, at));
    given(...secret)
      .when(remove('amber-boat'), { types })
      .thenRejected('credential-still-valid');
  });

  it('lets nothing else happen', () => {
    const others: AccountCommand[] = [
      update({ description: 'x' }),
      acknowledge,
      { type: 'SetWebhookSigner', credentialId },
      {
        type: 'RotateCredential',
        credentialId,
        overlapSeconds: 0,
        secret: { digest: { value: 'x', pepperVersion: 1 }, maskedSecret: 'x' },
      },
      { type: 'ChangeRotation', credentialId, overlapEndsAt: time(90) },
      { type: 'FinishRotation', credentialId },
      { type: 'CancelRotation', credentialId },
    ];
    for (const command of others)
      given(...secret)
        .when(command, { types })
        .thenRejected('not-supported-by-type');
  });
});
