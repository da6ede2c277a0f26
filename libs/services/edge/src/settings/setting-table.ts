import { resolve } from 'node:path';
import {
  algorithms,
  databaseUrl,
  eventStoreUrl,
  existingFolder,
  logLevels,
  masterKey,
  matching,
  oneOf,
  optional,
  signatureAlgorithms,
  trueOrFalse,
  trustworthyUrl,
  wholeNumber,
} from './setting-readers.js';

/** How one environment variable is read. `read` gives undefined for a text that is not what `expected` says. */
export interface Setting<T> {
  readonly name: `KEYLEDGER_${string}` | `EVENTSTOREDB_${string}`;
  /** As it would be written in the environment; empty where the setting has none. */
  readonly default: string;
  readonly description: string;
  /** Completes the sentence "KEYLEDGER_X must be …". */
  readonly expected: string;
  read(text: string): T | undefined;
}

const engines = ['postgres', 'eventstoredb'] as const;
const claimPath = matching(/^[^\s.]+(\.[^\s.]+)*$/);
const CLAIM_PATH = 'the name of a claim, or the names on the way to it joined by dots';
const TRUSTWORTHY_URL = 'an https URL (http only to a loopback host)';

/** Every setting, by the name that the code knows it by. */
export const settingTable = {
  host: {
    name: 'KEYLEDGER_HOST',
    default: '127.0.0.1',
    description: 'Address that both doors listen on. `0.0.0.0` for all IPv4 addresses of the machine.',
    expected: 'a host name or an IP address',
    read: matching(/^[\w.:-]{1,255}$/),
  },
  httpPort: {
    name: 'KEYLEDGER_HTTP_PORT',
    default: '3000',
    description: 'Port of the HTTP door; 0 takes any free one.',
    expected: 'a whole number from 0 to 65535',
    read: wholeNumber(0, 65_535),
  },
  grpcPort: {
    name: 'KEYLEDGER_GRPC_PORT',
    default: '50051',
    description: 'Port of the gRPC door; 0 takes any free one.',
    expected: 'a whole number from 0 to 65535',
    read: wholeNumber(0, 65_535),
  },
  dataDir: {
    name: 'KEYLEDGER_DATA_DIR',
    default: '.keyledger',
    description: 'Folder of the embedded database and of the keys that belong to it.',
    expected: 'a folder',
    read: (text: string): string => resolve(text),
  },
  databaseUrl: {
    name: 'KEYLEDGER_DATABASE_URL',
    default: '',
    description: 'PostgreSQL to use instead of the embedded one.',
    expected: 'a postgres:// URL',
    read: optional(databaseUrl),
  },
  masterKey: {
    name: 'KEYLEDGER_MASTER_KEY',
    default: '',
    description:
      'Seals all secrets at rest. Required with `KEYLEDGER_DATABASE_URL`; the embedded database has a key file.',
    expected: 'the base64 of exactly 32 bytes (`openssl rand -base64 32` makes one)',
    read: optional(masterKey),
  },
  eventLog: {
    name: 'KEYLEDGER_EVENT_LOG',
    default: 'postgres',
    description: 'Where the log is: `postgres` (in that same database) or `eventstoredb`.',
    expected: `one of ${engines.join(', ')}`,
    read: oneOf(engines),
  },
  eventStoreUrl: {
    name: 'EVENTSTOREDB_URL',
    default: '',
    description: 'EventStoreDB to keep the log in, with `KEYLEDGER_EVENT_LOG=eventstoredb`.',
    expected: 'an esdb:// or esdb+discover:// URL',
    read: optional(eventStoreUrl),
  },
  eventStoreUsername: {
    name: 'EVENTSTOREDB_USERNAME',
    default: '',
    description: 'User of EventStoreDB, instead of the one in the URL.',
    expected: 'a text without spaces',
    read: optional(matching(/^\S+$/)),
  },
  eventStorePassword: {
    name: 'EVENTSTOREDB_PASSWORD',
    default: '',
    description: 'Password of that user, so that none need stand in the URL.',
    expected: 'a text',
    read: optional((text: string): string => text),
  },
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
    expected: `a list, joined by commas, of ${[...signatureAlgorithms].join(', ')}`,
    read: algorithms,
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
      'Whether `npm run token` is trusted: `true`, `false`; unset: with the embedded database without OIDC issuer.',
    expected: 'true or false',
    read: optional(trueOrFalse),
  },
  credentialTypesDir: {
    name: 'KEYLEDGER_CREDENTIAL_TYPES',
    default: '',
    description: 'Folder with further credential types, one JSON file each.',
    expected: 'a folder that exists',
    read: optional(existingFolder),
  },
  streamPrefix: {
    name: 'KEYLEDGER_STREAM_PREFIX',
    default: '',
    description: 'Sets apart installations that share a log server or a database.',
    expected: 'up to 32 of a-z, 0-9 and -, a letter first',
    read: matching(/^([a-z][a-z0-9-]{0,31})?$/),
  },
  logLevel: {
    name: 'KEYLEDGER_LOG_LEVEL',
    default: 'info',
    description: 'Least level that is logged; at `debug` every request is.',
    expected: `one of ${logLevels.join(', ')}`,
    read: oneOf(logLevels),
  },
  maxCredentials: {
    name: 'KEYLEDGER_MAX_CREDENTIALS',
    default: '100000',
    description: 'Undeleted credentials that one account may hold.',
    expected: 'a whole number from 1 to 1000000',
    read: wholeNumber(1, 1_000_000),
  },
  readOnly: {
    name: 'KEYLEDGER_READ_ONLY',
    default: 'false',
    description: 'With `true` this process adds nothing to the log: writes are refused, reads go on.',
    expected: 'true or false',
    read: trueOrFalse,
  },
  metricsToken: {
    name: 'KEYLEDGER_METRICS_TOKEN',
    default: '',
    description: 'Bearer token for `GET /metrics` from elsewhere than this machine.',
    expected: '16 to 255 visible ASCII characters',
    read: optional(matching(/^[!-~]{16,255}$/)),
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;
