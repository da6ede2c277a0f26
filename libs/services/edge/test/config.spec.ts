import { resolve } from 'node:path';
import { ConfigError, parseConfig, settings } from '../src/settings/config.js';
import { mistakesOf } from './mistakes-of.js';

const masterKey = Buffer.alloc(32, 7).toString('base64');
const database = {
  KEYLEDGER_DATABASE_URL: 'postgres://app:hunter2@db.example/keyledger',
  KEYLEDGER_MASTER_KEY: masterKey,
};
const oidc = { KEYLEDGER_OIDC_ISSUER: 'https://login.example/realm' };

describe('parseConfig', () => {
  it('needs nothing on a laptop: embedded database, local issuer, loopback only', () => {
    expect(parseConfig({})).toEqual({
      host: '127.0.0.1',
      httpPort: 3000,
      grpcPort: 50051,
      feedSubscribers: 2_000,
      ...{ kafkaBrokers: null, kafkaTopic: 'keyledger.credentials.v1', kafkaPartitions: 12, kafkaReplication: 3 },
      ...{ kafkaTls: false, kafkaSaslMechanism: null, kafkaSaslUsername: null, kafkaSaslPassword: null },
      ...{ webhookAllowLoopback: false, webhookPorts: [], webhookProxy: null, webhookExpiryDays: [30, 14, 7, 1] },
      webhookRetentionDays: 30,
      ...{ console: true, consoleClientId: null, consoleScope: 'openid profile offline_access' },
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
      limitFailedVerdicts: { requests: 200, seconds: 60 },
      trustedGateways: [],
      usageDays: 400,
      usageInterval: 5,
      verifierMaxAge: 10,
      verifierOpenFor: [],
      maxCredentials: 100_000,
      maxApplications: 1_000,
      clockToleranceSeconds: 300,
      readOnly: false,
      metricsToken: null,
      tlsCertFile: null,
      tlsKeyFile: null,
      tlsClientCaFile: null,
      plaintext: false,
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
      KEYLEDGER_LIMIT_FAILED_VERDICTS: 'off',
      KEYLEDGER_TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32,192.0.2.7',
      KEYLEDGER_VERIFIER_MAX_AGE: '5m',
      KEYLEDGER_VERIFIER_OPEN_FOR: 'test, none',
      KEYLEDGER_MAX_CREDENTIALS: '3',
      KEYLEDGER_MAX_APPLICATIONS: '4',
      KEYLEDGER_CLOCK_TOLERANCE_SECONDS: '3600',
      KEYLEDGER_READ_ONLY: 'true',
      KEYLEDGER_METRICS_TOKEN: 'scrape-me-if-you-can',
      KEYLEDGER_TLS_CERT_FILE: '/certs/tls.crt',
      KEYLEDGER_TLS_KEY_FILE: '/certs/tls.key',
      KEYLEDGER_TLS_CLIENT_CA_FILE: '/certs/ca.crt',
      KEYLEDGER_PLAINTEXT: 'true',
      KAFKA_BROKERS: 'one.example:9092, two.example:9092',
      KAFKA_TOPIC: 'blue.credentials',
      KAFKA_PARTITIONS: '3',
      KAFKA_REPLICATION_FACTOR: '2',
      KAFKA_TLS: 'true',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'keyledger',
      KAFKA_SASL_PASSWORD: 'hunter 3',
      KEYLEDGER_WEBHOOK_ALLOW_LOOPBACK: 'true',
      KEYLEDGER_WEBHOOK_PORTS: '9443, 10443',
      KEYLEDGER_WEBHOOK_RETENTION_DAYS: '7',
      KEYLEDGER_WEBHOOK_PROXY: 'http://hooks:hunter4@proxy.internal:3128',
      KEYLEDGER_WEBHOOK_EXPIRY_DAYS: 'off',
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
      kafkaBrokers: ['one.example:9092', 'two.example:9092'],
      ...{ kafkaTopic: 'blue.credentials', kafkaPartitions: 3, kafkaReplication: 2, kafkaTls: true },
      ...{ kafkaSaslMechanism: 'scram-sha-512', kafkaSaslUsername: 'keyledger', kafkaSaslPassword: 'hunter 3' },
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
      limitFailedVerdicts: null,
      trustedProxies: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'],
      verifierMaxAge: 300,
      verifierOpenFor: ['test', 'none'],
      maxCredentials: 3,
      maxApplications: 4,
      clockToleranceSeconds: 3600,
      readOnly: true,
      metricsToken: 'scrape-me-if-you-can',
      tlsCertFile: '/certs/tls.crt',
      tlsKeyFile: '/certs/tls.key',
      tlsClientCaFile: '/certs/ca.crt',
      plaintext: true,
      ...{ webhookAllowLoopback: true, webhookPorts: [9_443, 10_443], webhookRetentionDays: 7 },
      webhookProxy: 'http://hooks:hunter4@proxy.internal:3128',
      webhookExpiryDays: [],
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

  it.each(['0.0.0.0', '::', '192.0.2.7', 'keyledger.internal'])('opens no doors on %s without TLS', (host) => {
    const open = { ...oidc, KEYLEDGER_HOST: host };
    expect(mistakesOf(open, ['doors'])).toEqual([
      'KEYLEDGER_HOST must not let others in without TLS: set KEYLEDGER_TLS_CERT_FILE and KEYLEDGER_TLS_KEY_FILE, ' +
        'or KEYLEDGER_PLAINTEXT=true behind a proxy that speaks TLS',
    ]);
    expect(mistakesOf({ ...open, KEYLEDGER_PLAINTEXT: 'true' }, ['doors'])).toEqual([]);
    expect(mistakesOf({ ...open, KEYLEDGER_PLAINTEXT: 'yes' }, ['doors'])).toHaveLength(1);
    const tls = { KEYLEDGER_TLS_CERT_FILE: 'tls.crt', KEYLEDGER_TLS_KEY_FILE: 'tls.key' };
    expect(mistakesOf({ ...open, ...tls }, ['doors'])).toEqual([]);
    // What opens none does not mind.
    expect(mistakesOf(open)).toEqual([]);
  });

  it.each(['127.0.0.1', '::1', '127.8.8.8', 'localhost'])('opens them on %s', (host) => {
    expect(mistakesOf({ ...oidc, KEYLEDGER_HOST: host }, ['doors'])).toEqual([]);
  });

  it('needs the files of TLS together', () => {
    const one = (name: string) => mistakesOf({ KEYLEDGER_HOST: '0.0.0.0', ...oidc, [name]: 'file' }, ['doors']);
    expect(one('KEYLEDGER_TLS_CERT_FILE')).toEqual(['KEYLEDGER_TLS_KEY_FILE must be set with KEYLEDGER_TLS_CERT_FILE']);
    expect(one('KEYLEDGER_TLS_KEY_FILE')).toEqual(['KEYLEDGER_TLS_CERT_FILE must be set with KEYLEDGER_TLS_KEY_FILE']);
    expect(mistakesOf({ KEYLEDGER_TLS_CLIENT_CA_FILE: 'file' })).toEqual([
      'KEYLEDGER_TLS_CLIENT_CA_FILE must be set with KEYLEDGER_TLS_CERT_FILE and KEYLEDGER_TLS_KEY_FILE',
    ]);
  });

  it('needs the issuer with its keys', () => {
    expect(mistakesOf({ KEYLEDGER_OIDC_JWKS_URI: 'https://login.example/keys' })).toHaveLength(1);
  });

  it.each([
    ['KEYLEDGER_VERIFIER_MAX_AGE', '301s', 'a time of 1s to 300s'],
    ['KAFKA_BROKERS', 'one.example', 'host:port, with commas between'],
    ['KAFKA_TOPIC', 'a topic', 'up to 249 of a-z, A-Z, 0-9, ., _ and -, but not . or ..'],
    ['KAFKA_SASL_MECHANISM', 'gssapi', 'one of plain, scram-sha-256, scram-sha-512'],
    ['KEYLEDGER_VERIFIER_MAX_AGE', '0', 'a time of 1s to 300s'],
    ['KEYLEDGER_WEBHOOK_ALLOW_LOOPBACK', 'yes', 'true or false'],
    ['KEYLEDGER_WEBHOOK_PORTS', '443,', 'up to 50 ports of 1 to 65535, with commas between'],
    ['KEYLEDGER_WEBHOOK_PORTS', '65536', 'up to 50 ports of 1 to 65535, with commas between'],
    ['KEYLEDGER_WEBHOOK_EXPIRY_DAYS', '7,0', 'whole numbers of 1 to 3650, with commas between, or off'],
    ['KEYLEDGER_WEBHOOK_PROXY', 'socks5://proxy:1080', 'an http or https URL of a host and a port, without path'],
    ['KEYLEDGER_WEBHOOK_PROXY', 'http://proxy/path', 'an http or https URL of a host and a port, without path'],
    ['KEYLEDGER_VERIFIER_OPEN_FOR', 'live,prod', 'some of test, live and none, with commas between'],
  ])('refuses %s=%s', (name, text, expected) => {
    expect(mistakesOf({ [name]: text })).toEqual([`${name} must be ${expected}`]);
  });

  it('sends no webhooks to this machine in production', () => {
    const loopback = { ...oidc, KEYLEDGER_WEBHOOK_ALLOW_LOOPBACK: 'true' };
    expect(mistakesOf(loopback)).toEqual([]);
    expect(mistakesOf({ ...loopback, NODE_ENV: 'production' })).toEqual([
      'KEYLEDGER_WEBHOOK_ALLOW_LOOPBACK must not be true with NODE_ENV=production',
    ]);
  });

  it('leaves the variables of tests alone', () => {
    expect(mistakesOf({ KEYLEDGER_TEST_DATABASE: 'x', KEYLEDGER_REQUIRE: 'kafka' })).toEqual([]);
    expect(mistakesOf({ KEYLEDGER_REQUIRED: 'kafka' })).toHaveLength(1);
  });
});

describe('settings', () => {
  it('describes each setting once, in a sentence', () => {
    expect(new Set(settings.map(({ name }) => name)).size).toBe(settings.length);
    for (const { description } of settings) expect(description).toMatch(/^[A-Z].*\.$/);
  });
});
