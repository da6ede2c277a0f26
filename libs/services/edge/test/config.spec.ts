import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigError, parseConfig, settings } from '../src/settings/config.js';
import type { Need } from '../src/settings/setting.js';

const masterKey = Buffer.alloc(32, 7).toString('base64');
const database = {
  KEYLEDGER_DATABASE_URL: 'postgres://app:hunter2@db.example/keyledger',
  KEYLEDGER_MASTER_KEY: masterKey,
};
const oidc = { KEYLEDGER_OIDC_ISSUER: 'https://login.example/realm' };

const mistakesOf = (env: NodeJS.ProcessEnv, needs: readonly Need[] = []): readonly string[] => {
  try {
    parseConfig(env, needs);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
};

describe('parseConfig', () => {
  it('needs nothing on a laptop: embedded database, local issuer, loopback only', () => {
    expect(parseConfig({})).toEqual({
      host: '127.0.0.1',
      httpPort: 3000,
      grpcPort: 50051,
      dataDir: resolve('.keyledger'),
      databaseUrl: null,
      masterKey: null,
      eventLog: 'postgres',
      eventStoreUrl: null,
      eventStoreUsername: null,
      eventStorePassword: null,
      oidcIssuer: null,
      oidcAudience: 'keyledger',
      oidcJwksUri: null,
      oidcAlgorithms: ['RS256', 'ES256', 'EdDSA', 'PS256'],
      oidcTokenType: null,
      tokenMaxLifetime: 86_400,
      rolesClaim: 'roles',
      accountsClaim: 'accounts',
      localIssuer: true,
      credentialTypesDir: null,
      streamPrefix: '',
      logLevel: 'info',
      trustedProxies: [],
      docs: true,
      limitFailedAuthentication: { requests: 300, seconds: 60 },
      limitReads: { requests: 200_000, seconds: 10 },
      limitWrites: { requests: 100_000, seconds: 10 },
      limitAccountWrites: { requests: 100_000, seconds: 10 },
      maxCredentials: 100_000,
      maxApplications: 1_000,
      clockToleranceSeconds: 300,
      readOnly: false,
      metricsToken: null,
    });
  });

  it('is frozen', () => {
    const config = parseConfig({});
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.oidcAlgorithms)).toBe(true);
  });

  it('takes an empty variable for one that is not set', () => {
    const empty = Object.fromEntries(settings.map(({ name }) => [name, '']));
    expect(parseConfig(empty)).toEqual(parseConfig({}));
  });

  it('reads every setting', () => {
    const types = import.meta.dirname;
    const config = parseConfig({
      ...database,
      ...oidc,
      KEYLEDGER_EVENT_LOG: 'eventstoredb',
      EVENTSTOREDB_URL: 'esdb+discover://one.example:2113,two.example:2113?tls=true',
      EVENTSTOREDB_USERNAME: 'keyledger',
      EVENTSTOREDB_PASSWORD: 'hunter 2',
      KEYLEDGER_HOST: '::',
      KEYLEDGER_HTTP_PORT: '0',
      KEYLEDGER_GRPC_PORT: '65535',
      KEYLEDGER_DATA_DIR: '/var/lib/keyledger',
      KEYLEDGER_OIDC_AUDIENCE: 'credentials',
      KEYLEDGER_OIDC_JWKS_URI: 'http://127.0.0.1:8080/keys',
      KEYLEDGER_OIDC_ALGORITHMS: 'PS512, ES384',
      KEYLEDGER_OIDC_TOKEN_TYPE: 'at+jwt',
      KEYLEDGER_TOKEN_MAX_LIFETIME: '90m',
      KEYLEDGER_ROLES_CLAIM: 'realm_access.roles',
      KEYLEDGER_ACCOUNTS_CLAIM: 'https://example.com/accounts',
      KEYLEDGER_LOCAL_ISSUER: 'any-host',
      KEYLEDGER_CREDENTIAL_TYPES: types,
      KEYLEDGER_STREAM_PREFIX: 'blue-2',
      KEYLEDGER_LOG_LEVEL: 'warn',
      KEYLEDGER_DOCS: 'false',
      KEYLEDGER_LIMIT_FAILED_AUTHENTICATION: 'off',
      KEYLEDGER_LIMIT_READS: '50/2h',
      KEYLEDGER_LIMIT_WRITES: '1/1s',
      KEYLEDGER_LIMIT_ACCOUNT_WRITES: '7/5m',
      KEYLEDGER_TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32,192.0.2.7',
      KEYLEDGER_MAX_CREDENTIALS: '3',
      KEYLEDGER_MAX_APPLICATIONS: '4',
      KEYLEDGER_CLOCK_TOLERANCE_SECONDS: '3600',
      KEYLEDGER_READ_ONLY: 'true',
      KEYLEDGER_METRICS_TOKEN: 'scrape-me-if-you-can',
    });
    expect(config).toMatchObject({
      host: '::',
      httpPort: 0,
      grpcPort: 65_535,
      dataDir: '/var/lib/keyledger',
      databaseUrl: database.KEYLEDGER_DATABASE_URL,
      eventLog: 'eventstoredb',
      eventStoreUrl: 'esdb+discover://one.example:2113,two.example:2113?tls=true',
      eventStoreUsername: 'keyledger',
      eventStorePassword: 'hunter 2',
      oidcIssuer: 'https://login.example/realm',
      oidcAudience: 'credentials',
      oidcJwksUri: 'http://127.0.0.1:8080/keys',
      oidcAlgorithms: ['PS512', 'ES384'],
      oidcTokenType: 'at+jwt',
      tokenMaxLifetime: 5_400,
      rolesClaim: 'realm_access.roles',
      accountsClaim: 'https://example.com/accounts',
      localIssuer: true,
      credentialTypesDir: types,
      streamPrefix: 'blue-2',
      logLevel: 'warn',
      docs: false,
      limitFailedAuthentication: null,
      limitReads: { requests: 50, seconds: 7_200 },
      limitWrites: { requests: 1, seconds: 1 },
      limitAccountWrites: { requests: 7, seconds: 300 },
      trustedProxies: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'],
      maxCredentials: 3,
      maxApplications: 4,
      clockToleranceSeconds: 3600,
      readOnly: true,
      metricsToken: 'scrape-me-if-you-can',
    });
    expect(config.masterKey?.export().toString('base64')).toBe(masterKey);
  });

  it('lists every mistake at once, one per line, and shows no value', () => {
    const wrong = {
      KEYLEDGER_HTTP_PORT: '65536',
      KEYLEDGER_GRPC_PORT: '-1',
      KEYLEDGER_DATABASE_URL: 'mysql://root:hunter2@db',
      KEYLEDGER_MASTER_KEY: Buffer.alloc(31, 7).toString('base64'),
      KEYLEDGER_EVENT_LOG: 'mysql',
      EVENTSTOREDB_URL: 'http://admin:hunter2@db',
      EVENTSTOREDB_USERNAME: 'two words',
      KEYLEDGER_OIDC_ISSUER: 'http://login.example',
      KEYLEDGER_OIDC_ALGORITHMS: 'RS256,HS256',
      KEYLEDGER_LOCAL_ISSUER: 'yes',
      KEYLEDGER_CREDENTIAL_TYPES: '/no/such/folder',
      KEYLEDGER_STREAM_PREFIX: 'Blue_',
      KEYLEDGER_LOG_LEVEL: 'loud',
      KEYLEDGER_MAX_CREDENTIALS: '1e3',
      KEYLEDGER_MAX_APPLICATIONS: 'many',
      KEYLEDGER_CLOCK_TOLERANCE_SECONDS: '299',
      KEYLEDGER_READ_ONLY: 'yes',
      KEYLEDGER_METRICS_TOKEN: 'short',
      KEYLEDGER_HTTP_PROT: '8080',
      EVENTSTOREDB_PASWORD: 'hunter2',
    };
    const mistakes = mistakesOf(wrong);
    for (const name of Object.keys(wrong)) {
      expect(mistakes.filter((mistake) => mistake.startsWith(`${name} `))).toHaveLength(1);
    }
    expect(mistakes).toHaveLength(Object.keys(wrong).length);
    const message = new ConfigError(mistakes).message;
    expect(message.split('\n')).toHaveLength(mistakes.length);
    for (const value of Object.values(wrong)) expect(message).not.toContain(` ${value}`);
    expect(message).not.toContain('hunter2');
  });

  it.each(['none', 'HS256', 'HS512', 'rs256', ''])('never accepts the algorithm %j', (name) => {
    expect(mistakesOf({ ...oidc, KEYLEDGER_OIDC_ALGORITHMS: `ES256,${name}` })).toHaveLength(1);
  });

  it.each([
    ['https://login.example', true],
    ['http://localhost:8080/realm', true],
    ['http://[::1]:8080', true],
    ['http://127.8.8.8', true],
    ['http://localhost.example', false],
    ['http://10.0.0.1', false],
    ['login.example', false],
    ['urn:keyledger:local', false],
  ])('issuer %s: %s', (issuer, accepted) => {
    expect(mistakesOf({ KEYLEDGER_OIDC_ISSUER: issuer })).toHaveLength(accepted ? 0 : 1);
  });

  it.each(['10.0.0.0/33', '10.0.0', '10/8', 'proxy.example', '::1/129', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.1,,'])(
    'takes no proxy %j',
    (blocks) => {
      expect(mistakesOf({ KEYLEDGER_TRUSTED_PROXIES: blocks })).toHaveLength(1);
    },
  );

  it('needs the master key with a database of its own, where secrets are sealed', () => {
    const { KEYLEDGER_DATABASE_URL } = database;
    expect(mistakesOf({ ...oidc, KEYLEDGER_DATABASE_URL }, ['master-key'])).toEqual([
      expect.stringMatching(/^KEYLEDGER_MASTER_KEY must be set with KEYLEDGER_DATABASE_URL/),
    ]);
    expect(mistakesOf({}, ['master-key'])).toEqual([]);
    expect(mistakesOf({ ...oidc, KEYLEDGER_DATABASE_URL })).toEqual([]);
  });

  it('needs a database where the embedded one would not do', () => {
    expect(mistakesOf(oidc, ['database'])).toEqual([expect.stringMatching(/^KEYLEDGER_DATABASE_URL must be set/)]);
    expect(mistakesOf({ ...oidc, ...database }, ['database', 'master-key'])).toEqual([]);
  });

  it('needs the URL of EventStoreDB where the log is there, and minds none where it is not', () => {
    const EVENTSTOREDB_URL = 'esdb://localhost:2113?tls=false';
    const missing = [expect.stringMatching(/^EVENTSTOREDB_URL must be set with KEYLEDGER_EVENT_LOG=eventstoredb/)];
    expect(mistakesOf({ KEYLEDGER_EVENT_LOG: 'eventstoredb' })).toEqual(missing);
    expect(mistakesOf({ KEYLEDGER_EVENT_LOG: 'eventstoredb', EVENTSTOREDB_URL })).toEqual([]);
    expect(parseConfig({ EVENTSTOREDB_URL }).eventLog).toBe('postgres');
  });

  it('needs user and password of EventStoreDB together', () => {
    expect(mistakesOf({ EVENTSTOREDB_USERNAME: 'admin' })).toEqual([expect.stringMatching(/^EVENTSTOREDB_PASSWORD /)]);
    expect(mistakesOf({ EVENTSTOREDB_PASSWORD: 'x' })).toEqual([expect.stringMatching(/^EVENTSTOREDB_USERNAME /)]);
  });

  it('needs an issuer, which the local one is by default only for the embedded database', () => {
    expect(mistakesOf(database)).toEqual([expect.stringMatching(/^KEYLEDGER_OIDC_ISSUER must be set, or/)]);
    expect(parseConfig({ ...database, ...oidc }).localIssuer).toBe(false);
    expect(parseConfig({ ...database, KEYLEDGER_LOCAL_ISSUER: 'true' }).localIssuer).toBe(true);
    expect(parseConfig(oidc).localIssuer).toBe(false);
    expect(mistakesOf({ KEYLEDGER_LOCAL_ISSUER: 'false' })).toHaveLength(1);
  });

  it('refuses the local issuer in production, the default one included', () => {
    const production = { NODE_ENV: 'production' };
    const refusal = [expect.stringMatching(/^KEYLEDGER_LOCAL_ISSUER must not be on/)];
    expect(mistakesOf(production)).toEqual(refusal);
    expect(mistakesOf({ ...production, ...oidc, KEYLEDGER_LOCAL_ISSUER: 'true' })).toEqual(refusal);
    expect(mistakesOf({ ...production, ...oidc, KEYLEDGER_LOCAL_ISSUER: 'any-host' })).toEqual(refusal);
    expect(mistakesOf({ NODE_ENV: ' Production' })).toEqual(refusal);
    expect(mistakesOf({ ...production, ...oidc })).toEqual([]);
  });

  it.each(['0.0.0.0', '::', '192.0.2.7', 'keyledger.internal'])('refuses the local issuer on %s as well', (host) => {
    const refusal = [expect.stringMatching(/^KEYLEDGER_LOCAL_ISSUER must not be on where others/)];
    expect(mistakesOf({ KEYLEDGER_HOST: host })).toEqual(refusal);
    expect(mistakesOf({ KEYLEDGER_HOST: host, ...oidc, KEYLEDGER_LOCAL_ISSUER: 'true' })).toEqual(refusal);
    expect(mistakesOf({ KEYLEDGER_HOST: host, ...oidc })).toEqual([]);
    expect(parseConfig({ KEYLEDGER_HOST: host, KEYLEDGER_LOCAL_ISSUER: 'any-host' }).localIssuer).toBe(true);
  });

  it.each(['::1', '127.0.0.53', 'localhost'])('takes it on %s', (host) => {
    expect(parseConfig({ KEYLEDGER_HOST: host }).localIssuer).toBe(true);
  });

  it('needs the issuer with its keys', () => {
    expect(mistakesOf({ KEYLEDGER_OIDC_JWKS_URI: 'https://login.example/keys' })).toHaveLength(1);
  });

  it('leaves the variables of tests alone', () => {
    expect(mistakesOf({ KEYLEDGER_TEST_DATABASE: 'x', KEYLEDGER_REQUIRE: 'kafka' })).toEqual([]);
    expect(mistakesOf({ KEYLEDGER_REQUIRED: 'kafka' })).toHaveLength(1);
  });
});

describe('a secret in a file', () => {
  const secrets = {
    KEYLEDGER_DATABASE_URL: database.KEYLEDGER_DATABASE_URL,
    KEYLEDGER_MASTER_KEY: masterKey,
    KEYLEDGER_METRICS_TOKEN: 'scrape-me-if-you-can',
    EVENTSTOREDB_URL: 'esdb://admin:changeit@localhost:2113',
    EVENTSTOREDB_PASSWORD: ' hunter 2 ',
  };
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'keyledger-config-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const fileWith = (name: string, text: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const filesWith = (ending: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(secrets).map(([name, text]) => [`${name}_FILE`, fileWith(name, `${text}${ending}`)]),
    );
  const others = { ...oidc, EVENTSTOREDB_USERNAME: 'keyledger', KEYLEDGER_EVENT_LOG: 'eventstoredb' };

  it.each(['', '\n', '\r\n'])('is what the setting itself would be, with %j at its end', (ending) => {
    const fromFiles = parseConfig({ ...others, ...filesWith(ending) }, ['database', 'master-key']);
    const { masterKey: key, ...rest } = parseConfig({ ...others, ...secrets });
    expect(fromFiles).toMatchObject(rest);
    expect(key?.equals(fromFiles.masterKey ?? key)).toBe(true);
    expect(fromFiles.masterKey).not.toBeNull();
  });

  it('can be in a file for every setting that holds one, and each is told to people', () => {
    const files = settings.map(({ name }) => name).filter((name) => name.endsWith('_FILE'));
    expect(files).toEqual(expect.arrayContaining(Object.keys(secrets).map((name) => `${name}_FILE`)));
  });

  it('is read through the links that Kubernetes mounts', () => {
    fileWith('real', masterKey);
    symlinkSync('real', join(folder, 'link'));
    expect(mistakesOf({ KEYLEDGER_MASTER_KEY_FILE: join(folder, 'link') })).toEqual([]);
  });

  it.each(Object.entries(secrets))('%s and its file are not both taken', (name, text) => {
    const env = { ...others, EVENTSTOREDB_URL: 'esdb://localhost', EVENTSTOREDB_PASSWORD: 'x' };
    const both = { ...env, [name]: text, [`${name}_FILE`]: fileWith('secret', text) };
    expect(mistakesOf(both)).toEqual([`${name}_FILE must not be set with ${name}: choose one of them`]);
    expect(mistakesOf({ ...both, [name]: '', [`${name}_FILE`]: '' })).not.toContain(expect.stringMatching(/choose/));
  });

  it.each([
    ['an empty file', '', 'must name a file that is not empty'],
    ['an empty line', '\n', 'must name a file that is not empty'],
    ['another text', 'hunter2', 'must name a file that holds the base64 of exactly 32 bytes'],
    ['a second newline', `${masterKey}\n\n`, 'must name a file that holds the base64 of exactly 32 bytes'],
    ['a large file', 'hunter2'.repeat(10_000), /^names a file that holds no secret: \S+ is larger than 64 KiB$/],
    [
      'bytes that are no text',
      Buffer.from([0xff, 0xfe, 0x41]),
      /^names a file that holds no secret: \S+ is not a text in UTF-8$/,
    ],
  ])('%s is refused in one line that does not show it', (_, content, complaint) => {
    const KEYLEDGER_MASTER_KEY_FILE = fileWith('secret', content);
    const [mistake = '', ...more] = mistakesOf({ KEYLEDGER_MASTER_KEY_FILE }, ['master-key']);
    expect(mistake.replace(/^KEYLEDGER_MASTER_KEY_FILE /, '')).toMatch(complaint);
    expect(mistake).not.toMatch(/hunter2|\n/);
    expect(more).toEqual([]);
  });

  it.each([
    ['KEYLEDGER_DATABASE_URL', 'postgres://app:hunter2@db.example/keyledger\n\n'],
    ['KEYLEDGER_METRICS_TOKEN', 'hunter2-hunter2-hunter2\n\n'],
    ['EVENTSTOREDB_PASSWORD', 'hunter2\n\n'],
    ['EVENTSTOREDB_URL', 'esdb://admin:hunter2@db\n\n'],
  ])('%s takes no second line', (name, text) => {
    const env = { ...oidc, EVENTSTOREDB_USERNAME: 'keyledger', EVENTSTOREDB_PASSWORD: 'x', [name]: '' };
    expect(mistakesOf({ ...env, [`${name}_FILE`]: fileWith('secret', text) })).toContainEqual(
      expect.stringMatching(new RegExp(`^${name}_FILE must name a file that holds (?!.*hunter2)`)),
    );
  });

  it('is refused where it is not, without repeating what may be the secret itself', () => {
    const longest = 'x'.repeat(5_000);
    for (const wrong of [masterKey, longest, `${fileWith('file', 'x')}/${masterKey}`]) {
      const [mistake = '', ...more] = mistakesOf({ KEYLEDGER_MASTER_KEY_FILE: wrong }, ['master-key']);
      expect(mistake).toMatch(/^KEYLEDGER_MASTER_KEY_FILE must name a file that (exists|can be read \(E[A-Z]+\))$/);
      expect(more).toEqual([]);
    }
  });

  it('is refused in a file that others can read, and in a folder', () => {
    const path = fileWith('secret', masterKey);
    chmodSync(path, 0o604);
    expect(mistakesOf({ KEYLEDGER_MASTER_KEY_FILE: path })).toEqual([
      `KEYLEDGER_MASTER_KEY_FILE names a file that holds no secret: ${path} is open to other users (mode 0604). ` +
        `Take their rights away: chmod go-rw '${path}'`,
    ]);
    expect(mistakesOf({ KEYLEDGER_MASTER_KEY_FILE: folder })).toEqual([expect.stringMatching(/is not a file$/)]);
  });
});

describe('settings', () => {
  it('describes each setting once, in a sentence', () => {
    expect(new Set(settings.map(({ name }) => name)).size).toBe(settings.length);
    for (const { description } of settings) expect(description).toMatch(/^[A-Z].*\.$/);
  });
});
