import { given, time } from './given-when-then.js';
import { created, registered, revoked, signs, suspended } from './fixtures.js';

const first = [registered, created('api_secret'), signs('cred_1', null, time(10))];
const second = created('api_secret', { credentialId: 'cred_2', at: time(15) });
const assign = { type: 'SetWebhookSigner', credentialId: 'cred_2' } as const;

describe('the webhook signer', () => {
  it('is moved to another credential, naming the one before', () => {
    given(...first, second)
      .when(assign)
      .then(signs('cred_2', 'cred_1'));
  });

  it('is given to a credential when none signs', () => {
    given(registered, second).when(assign).then(signs('cred_2', null));
  });

  it('stays where it is', () => {
    given(...first)
      .when({ ...assign, credentialId: 'cred_1' })
      .thenNothing();
  });

  it('is free to go once another one signs', () => {
    given(...first, second, signs('cred_2', 'cred_1', time(20)))
      .when({ type: 'RevokeCredential', credentialId: 'cred_1', reason: null })
      .then(revoked('cred_1', time(60)));
    given(...first, second, signs('cred_2', 'cred_1', time(20)))
      .when({ type: 'RevokeCredential', credentialId: 'cred_2', reason: null })
      .thenRejected('webhook-signer-in-use');
  });

  it('is an active credential without expiry whose type may sign', () => {
    const passing = { ...second, expiresAt: time(90) };
    const passed = { ...second, expiresAt: time(30) };
    const key = created('api_key', { credentialId: 'cred_2' });
    for (const history of [[second, suspended('cred_2')], [second, revoked('cred_2')], [passing], [passed], [key]]) {
      given(...first, ...history)
        .when(assign)
        .thenRejected('may-not-sign');
    }
  });

  it('is a credential of the account', () => {
    given(...first)
      .when(assign)
      .thenRejected('not-found');
  });
});
