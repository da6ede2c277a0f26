import type { serverSettings } from './server-settings.js';
import { duration, matching, oneOf, optional, type Rule, type Setting, type ValuesOf } from './setting.js';
import type { storeSettings } from './store-settings.js';
import { isLoopback, isTrustworthyUrl } from './trustworthy-url.js';

const claimPath = matching(/^[^\s.]+(\.[^\s.]+)*$/);
const CLAIM_PATH = 'the name of a claim, or the names on the way to it joined by dots';
const TRUSTWORTHY_URL = 'an https URL (http only to a loopback host)';

/** Asymmetric signatures only: with `none` or a shared secret anyone who knows a public key could issue tokens. */
const SIGNATURE_ALGORITHMS = 'RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519';

const trustworthyUrl = (text: string): string | undefined => (isTrustworthyUrl(text) ? text : undefined);

const algorithms = (text: string): readonly string[] | undefined => {
  const names = text.split(',').map((name) => name.trim());
  return names.every((name) => SIGNATURE_ALGORITHMS.split(', ').includes(name)) ? Object.freeze(names) : undefined;
};

/** Who may come in, and how a token says it. */
export const identitySettings = {
  oidcIssuer: {
    name: 'KEYLEDGER_OIDC_ISSUER',
    default: '',
    description: 'OpenID Connect issuer whose tokens are accepted, exactly as their `iss` claim says it.',
    expected: TRUSTWORTHY_URL,
    read: optional(trustworthyUrl),
  },
  oidcAudience: {
    name: 'KEYLEDGER_OIDC_AUDIENCE',
    default: 'keyledger',
    description: 'Audience that the tokens of that issuer must name.',
    expected: 'a text without spaces',
    read: matching(/^\S+$/),
  },
  oidcJwksUri: {
    name: 'KEYLEDGER_OIDC_JWKS_URI',
    default: '',
    description: 'Where the keys of that issuer are; without it, where its discovery document says.',
    expected: TRUSTWORTHY_URL,
    read: optional(trustworthyUrl),
  },
  oidcAlgorithms: {
    name: 'KEYLEDGER_OIDC_ALGORITHMS',
    default: 'RS256,ES256,EdDSA,PS256',
    description: 'Signature algorithms accepted from that issuer.',
    expected: `a list, joined by commas, of ${SIGNATURE_ALGORITHMS}`,
    read: algorithms,
  },
  oidcTokenType: {
    name: 'KEYLEDGER_OIDC_TOKEN_TYPE',
    default: '',
    description:
      'What the header `typ` of the tokens of that issuer must say, as in `at+jwt` (RFC 9068); unset: anything.',
    expected: 'a media type without spaces',
    read: optional(matching(/^[!-~]{1,100}$/)),
  },
  tokenMaxLifetime: {
    name: 'KEYLEDGER_TOKEN_MAX_LIFETIME',
    default: '24h',
    description: 'Longest life of a token, from its issue to its expiry; tokens that live longer are refused.',
    expected: 'a time such as 30m, 1h or 7d',
    read: duration,
  },
  rolesClaim: {
    name: 'KEYLEDGER_ROLES_CLAIM',
    default: 'roles',
    description: 'Claim that lists the roles of the caller, as in `realm_access.roles`.',
    expected: CLAIM_PATH,
    read: claimPath,
  },
  accountsClaim: {
    name: 'KEYLEDGER_ACCOUNTS_CLAIM',
    default: 'accounts',
    description: 'Claim that lists the account ids of the caller, or is `*`.',
    expected: CLAIM_PATH,
    read: claimPath,
  },
  localIssuer: {
    name: 'KEYLEDGER_LOCAL_ISSUER',
    default: '',
    description:
      'Whether `npm run token` is trusted: `true`, `false`, or `any-host` for a try that others can reach; ' +
      'unset: with the embedded database without OIDC issuer.',
    expected: 'true, false or any-host',
    read: optional(oneOf(['true', 'false', 'any-host'])),
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

type Values = ValuesOf<typeof identitySettings & typeof serverSettings & typeof storeSettings>;

/** Whether the tokens of the local issuer are accepted. */
export const wantsLocalIssuer = (values: Partial<Values>): boolean =>
  values.localIssuer === null
    ? values.databaseUrl === null && values.oidcIssuer === null
    : values.localIssuer !== undefined && values.localIssuer !== 'false';

const rulesOfLocalIssuer = ({ localIssuer, host }: Partial<Values>, env: NodeJS.ProcessEnv): readonly Rule[] => [
  [
    env['NODE_ENV']?.trim().toLowerCase() === 'production',
    'KEYLEDGER_LOCAL_ISSUER must not be on with NODE_ENV=production: set KEYLEDGER_OIDC_ISSUER instead',
  ],
  [
    localIssuer !== 'any-host' && host !== undefined && !isLoopback(host),
    'KEYLEDGER_LOCAL_ISSUER must not be on where others can reach KEYLEDGER_HOST: set KEYLEDGER_OIDC_ISSUER ' +
      'instead, or, for a try only, KEYLEDGER_LOCAL_ISSUER=any-host',
  ],
];

export const rulesOfIssuers = (values: Partial<Values>, env: NodeJS.ProcessEnv): readonly Rule[] => {
  const local = wantsLocalIssuer(values);
  return [
    [
      typeof values.oidcJwksUri === 'string' && values.oidcIssuer === null,
      'KEYLEDGER_OIDC_ISSUER must be set with KEYLEDGER_OIDC_JWKS_URI',
    ],
    [
      values.oidcIssuer === null && values.localIssuer !== undefined && values.databaseUrl !== undefined && !local,
      'KEYLEDGER_OIDC_ISSUER must be set, or KEYLEDGER_LOCAL_ISSUER be true: else nobody can be authenticated',
    ],
    ...(local ? rulesOfLocalIssuer(values, env) : []),
  ];
};
