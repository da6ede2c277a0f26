import type { CredentialType } from './credential-type.js';

/** What is true of a type unless it says otherwise below. */
const unlessSaid = {
  name: { required: false, pattern: null, minLength: 1, maxLength: 200 },
  limit: null,
  issuedBy: 'create',
  publicPart: null,
  publicPartMasked: false,
  saltField: null,
  modes: null,
  belongsToApplication: false,
  maySign: false,
  retained: false,
  bindsIpAllowlist: false,
  bindsEndpoints: false,
  rotationAdviceDays: null,
} as const satisfies Partial<CredentialType>;

/** Named pairs for server-to-server calls. */
const clientCredentials: CredentialType = {
  ...unlessSaid,
  type: 'client_credentials',
  title: 'Client credentials',
  name: { required: true, pattern: '[A-Za-z0-9_-]+', minLength: 6, maxLength: 64 },
  publicPart: { field: 'clientId', prefix: 'kci' },
  secretPart: { field: 'clientSecret', prefix: 'kcs', format: 'token' },
  allows: { suspend: true, revoke: true, rotate: true, delete: 'always' },
  advice: [
    'The client secret is shown this once. Put it into your secret store before you close this page.',
    'A lost secret cannot be recovered: delete the credential and create a new one.',
    'Deleting is permanent: whatever uses the credential loses access at once.',
  ],
};

/** The account's one token and its salt, which come and go with API access. */
const accountToken: CredentialType = {
  ...unlessSaid,
  type: 'account_token',
  title: 'API access',
  limit: 1,
  issuedBy: 'api-access',
  secretPart: { field: 'authToken', prefix: 'kat', format: 'token' },
  saltField: 'privateSalt',
  allows: { suspend: true, revoke: false, rotate: false, delete: 'never' },
  retained: true,
  bindsIpAllowlist: true,
  advice: [
    'Send the token in the header X-Auth-Token. Use the salt to check that webhook calls come from us.',
    'Whoever holds the token or the salt can act as this account: give them to nobody.',
    'If the token may have leaked, refresh it now: the old one stops working at once.',
    'The salt changes only when API access is disabled and enabled again.',
  ],
};

/** Keys whose prefix tells test from live. */
const apiKey: CredentialType = {
  ...unlessSaid,
  type: 'api_key',
  title: 'API key',
  publicPartMasked: true,
  secretPart: { field: 'key', prefix: 'key', format: 'token' },
  modes: { test: 'key_test', live: 'key_live' },
  allows: { suspend: true, revoke: true, rotate: true, delete: 'ended' },
  advice: [
    'The key is shown this once. Copy it to a safe place now.',
    'Keep keys out of public repositories, e-mail and code that runs in a browser.',
    'Load keys from the environment or from a secret store.',
    'Develop with test keys, and let only production systems hold live ones.',
    'Revoke a key that may have leaked, and create a new one.',
  ],
};

/** Pairs of an application, one environment each. */
const appKeyPair: CredentialType = {
  ...unlessSaid,
  type: 'app_key_pair',
  title: 'Application key pair',
  publicPart: { field: 'sharedKey', prefix: 'kps' },
  secretPart: { field: 'secretKey', prefix: 'kpk', format: 'token' },
  belongsToApplication: true,
  allows: { suspend: true, revoke: true, rotate: true, delete: 'ended' },
  bindsEndpoints: true,
  rotationAdviceDays: 90,
  advice: [
    'The secret key is shown this once, when the pair is generated. Copy it to a secret store or vault now.',
    'Never commit keys or pass them around.',
    'Use a pair of its own for development, for staging and for production, and note where each is used.',
    'Rotate every 90 days, and limit who can reach production keys.',
    'A revoked pair never works again.',
  ],
};

/** Secrets for the most critical calls; one of them signs the account's webhooks. */
const apiSecret: CredentialType = {
  ...unlessSaid,
  type: 'api_secret',
  title: 'API secret',
  limit: 3,
  publicPartMasked: true,
  secretPart: { field: 'secret', prefix: 'whsec', format: 'webhook' },
  allows: { suspend: true, revoke: true, rotate: true, delete: 'phrase' },
  maySign: true,
  retained: true,
  advice: [
    'The secret is shown this once. Keep it in a safe place: it opens the most critical calls.',
    'The first secret of an account signs its webhooks, until another one takes over.',
    'To remove the secret that signs webhooks, let another one sign first. Removal cannot be undone.',
  ],
};

/** The five types of the reference systems. Further ones are configuration. */
export const builtInTypes: readonly CredentialType[] = [clientCredentials, accountToken, apiKey, appKeyPair, apiSecret];
