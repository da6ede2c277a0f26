import { context, NOW, given, time } from './given-when-then.js';
import { apiAccessEnabled, created, registered, secret, suspended } from './fixtures.js';
import type { AccountEvent } from '../src/index.js';

const at = NOW;
const enable = {
  type: 'EnableApiAccess',
  credentialId: 'cred_1',
  secret: secret('one1'),
  maskedPrivateSalt: 'whsec_…salt',
} as const;
const refresh = { type: 'RefreshAuthToken', secret: secret('two2') } as const;
const enabled = [registered, ...apiAccessEnabled];
const allowlisted: AccountEvent = {
  type: 'IpAllowlistChanged',
  changes: { cidrs: { from: [], to: ['10.0.0.0/8'] } },
  at: time(15),
};
const withExpiry: AccountEvent = {
  type: 'CredentialChanged',
  credentialId: 'cred_1',
  changes: { expiresAt: { from: null, to: time(59) } },
  at: time(16),
};

describe('API access', () => {
  it('is enabled: the switch and its token, in one result', () => {
    const [switched, token] = apiAccessEnabled;
    given(registered)
      .when(enable)
      .then({ ...(switched as AccountEvent), at }, { ...(token as AccountEvent), at });
  });

  it('is not enabled twice, because the reply would show a secret', () => {
    given(...enabled)
      .when({ ...enable, credentialId: 'cred_2' })
      .thenRejected('api-access-already-enabled');
  });

  it('needs a type that is issued with it, and room for it', () => {
    given(registered).when(enable, { types: new Map() }).thenRejected('unknown-credential-type');
    given(registered).when(enable, { maxCredentials: 0 }).thenRejected('limit-reached');
  });

  it('is disabled: token and switch go together', () => {
    given(...enabled)
      .when({ type: 'DisableApiAccess' })
      .then(
        { type: 'CredentialDeleted', credentialId: 'cred_1', at },
        { type: 'ApiAccessDisabled', credentialId: 'cred_1', at },
      );
  });

  it('takes the allow-list with it', () => {
    given(...enabled, allowlisted)
      .when({ type: 'DisableApiAccess' })
      .then(
        { type: 'CredentialDeleted', credentialId: 'cred_1', at },
        { type: 'IpAllowlistChanged', changes: { cidrs: { from: ['10.0.0.0/8'], to: [] } }, at },
        { type: 'ApiAccessDisabled', credentialId: 'cred_1', at },
      );
  });

  it('may be enabled again after it was disabled', () => {
    const disabled: AccountEvent[] = [
      { type: 'CredentialDeleted', credentialId: 'cred_1', at: time(20) },
      { type: 'ApiAccessDisabled', credentialId: 'cred_1', at: time(20) },
    ];
    given(...enabled, ...disabled)
      .when({ ...enable, credentialId: 'cred_2' })
      .then(
        {
          type: 'ApiAccessEnabled',
          credentialId: 'cred_2',
          maskedAuthToken: '…one1',
          maskedPrivateSalt: 'whsec_…salt',
          at,
        },
        created('account_token', { credentialId: 'cred_2', at }),
      );
    given(...enabled, ...disabled)
      .when({ type: 'DisableApiAccess' })
      .thenNothing();
  });

  it('is off by default: disabling is true already, and there is no token to refresh, reveal or restrict', () => {
    given(registered).when({ type: 'DisableApiAccess' }).thenNothing();
    given(registered).when(refresh).thenRejected('api-access-disabled');
    given(registered).when({ type: 'RevealAuthToken' }).thenRejected('api-access-disabled');
    given(registered).when({ type: 'SetIpAllowlist', cidrs: [] }).thenRejected('api-access-disabled');
  });

  it('gets a new token at once', () => {
    given(...enabled)
      .when(refresh)
      .then({ type: 'AuthTokenRefreshed', credentialId: 'cred_1', version: 2, ...secret('two2'), at });
    given(...enabled, suspended())
      .when(refresh)
      .then({ type: 'AuthTokenRefreshed', credentialId: 'cred_1', version: 2, ...secret('two2'), at });
  });

  it('gets no new token once the token has expired', () => {
    given(...enabled, withExpiry)
      .when(refresh)
      .thenRejected('credential-expired');
  });

  it('makes each reveal an event of its own', () => {
    const revealed: AccountEvent = { type: 'SecretRevealed', credentialId: 'cred_1', at };
    given(...enabled)
      .when({ type: 'RevealAuthToken' })
      .then(revealed);
    given(...enabled, revealed)
      .when({ type: 'RevealAuthToken' })
      .then(revealed);
  });

  it('neither refreshes nor reveals a token whose type is gone, but can still be disabled', () => {
    const types = new Map(context.types);
    types.delete('account_token');
    given(...enabled)
      .when(refresh, { types })
      .thenRejected('not-supported-by-type');
    given(...enabled)
      .when({ type: 'RevealAuthToken' }, { types })
      .thenRejected('not-supported-by-type');
    given(...enabled)
      .when({ type: 'DisableApiAccess' }, { types })
      .then(
        { type: 'CredentialDeleted', credentialId: 'cred_1', at },
        { type: 'ApiAccessDisabled', credentialId: 'cred_1', at },
      );
  });

  it('restricts the token to an allow-list', () => {
    given(...enabled)
      .when({ type: 'SetIpAllowlist', cidrs: ['10.0.0.0/8'] })
      .then({ ...allowlisted, at });
    given(...enabled, allowlisted)
      .when({ type: 'SetIpAllowlist', cidrs: ['10.0.0.0/8'] })
      .thenNothing();
    given(...enabled, allowlisted)
      .when({ type: 'SetIpAllowlist', cidrs: ['192.0.2.0/24'] })
      .then({ type: 'IpAllowlistChanged', changes: { cidrs: { from: ['10.0.0.0/8'], to: ['192.0.2.0/24'] } }, at });
  });
});
