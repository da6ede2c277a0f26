import type { CredentialType } from './credential-type.js';

const OPTIONAL_NAME = { required: false, pattern: null, minLength: 1, maxLength: 200 } as const;

/** Named pairs for server-to-server calls. */
const clientCredentials: CredentialType = {
  type: 'client_credentials',
  title: 'Client credentials',
  name: { required: true, pattern: '[A-Za-z0-9_-]+', minLength: 6, maxLength: 64 },
  limit: null,
  issuedBy: 'create',
  publicPart: { field: 'clientId', prefix: 'kci' },
  publicPartMasked: false,
  secretPart: { field: 'clientSecret', prefix: 'kcs', format: 'token' },
  saltField: null,
  modes: null,
  belongsToApplication: false,
  allows: { suspend: true, revoke: true, rotate: true, delete: 'always' },
  maySign: false,
  retained: false,
  bindsIpAllowlist: false,
  bindsEndpoints: false,
  rotationAdviceDays: null,
  advice: [
    'The client secret is shown this once. Put it into your secret store before you close this page.',
    'A lost secret cannot be recovered: delete the credential and create a new one.',
    'Deleting is permanent: whatever uses the credential loses access at once.',
  ],
};

/** The account's one token and its salt, which come and go with API access. */
const accountToken: CredentialType = {
  type: 'account_token',
  title: 'API access',
  name: OPTIONAL_NAME,
  limit: 1,
  issuedBy: 'api-access',
  publicPart: null,
  publicPartMasked: false,
  secretPart: { field: 'authToken', prefix: 'kat', format: 'token' },
  saltField: 'privateSalt',
  modes: null,
  belongsToApplication: false,
  allows: { suspend: true, revoke: false, rotate: false, delete: 'never' },
  maySign: false,
  retained: true,
  bindsIpAllowlist: true,
  bindsEndpoints: false,
  rotationAdviceDays: null,
  advice: [
    'Send the token in the header X-Auth-Token. Use the salt to check that webhook calls come from us.',
    'Whoever holds the token or the salt can act as this account: give them to nobody.',
    'If the token may have leaked, refresh it now: the old one stops working at once.',
    'The salt changes only when API access is disabled and enabled again.',
  ],
};

/** Keys whose prefix tells test from live. */
const apiKey: CredentialType = {
  type: 'api_key',
  title: 'API key',
  name: OPTIONAL_NAME,
  limit: null,
  issuedBy: 'create',
  publicPart: null,
  publicPartMasked: true,
  secretPart: { field: 'key', prefix: 'key', format: 'token' },
  saltField: null,
  modes: { test: 'key_test', live: 'key_live' },
  belongsToApplication: false,
  allows: { suspend: true, revoke: true, rotate: true, delete: 'ended' },
  maySign: false,
  retained: false,
  bindsIpAllowlist: false,
  bindsEndpoints: false,
  rotationAdviceDays: null,
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
  type: 'app_key_pair',
  title: 'Application key pair',
  name: OPTIONAL_NAME,
  limit: null,
  issuedBy: 'create',
  publicPart: { field: 'sharedKey', prefix: 'kps' },
  publicPartMasked: false,
  secretPart: { field: 'secretKey', prefix: 'kpk', format: 'token' },
  saltField: null,
  modes: null,
  belongsToApplication: true,
  allows: { suspend: true, revoke: true, rotate: true, delete: 'ended' },
  maySign: false,
  retained: false,
  bindsIpAllowlist: false,
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
  type: 'api_secret',
  title: 'API secret',
  name: OPTIONAL_NAME,
  limit: 3,
  issuedBy: 'create',
  publicPart: null,
  publicPartMasked: true,
  secretPart: { field: 'secret', prefix: 'whsec', format: 'webhook' },
  saltField: null,
  modes: null,
  belongsToApplication: false,
  allows: { suspend: true, revoke: true, rotate: true, delete: 'phrase' },
  maySign: true,
  retained: true,
  bindsIpAllowlist: false,
  bindsEndpoints: false,
  rotationAdviceDays: null,
  advice: [
    'The secret is shown this once. Keep it in a safe place: it opens the most critical calls.',
    'The first secret of an account signs its webhooks, until another one takes over.',
    'To remove the secret that signs webhooks, let another one sign first. Removal cannot be undone.',
  ],
};

/** The five types of the reference systems. Further ones are configuration. */
export const builtInTypes: readonly CredentialType[] = [clientCredentials, accountToken, apiKey, appKeyPair, apiSecret];
