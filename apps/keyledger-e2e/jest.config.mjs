import preset from '../../jest.preset.mjs';

/** Suites for which the engine of the run makes no difference: each is left to one of the two runs. */
const elsewhere = {
  postgres: [
    ...['access-matrix', 'access-tokens', 'empty-bodies', 'event-store-cluster', 'event-store-settings', 'garbage'],
    ...['grpc', 'http-refusals', 'log-copy', 'texts', 'tls'],
  ],
  eventstoredb: [
    ...[
      'command-line',
      'credential-types',
      'deploy',
      'deploy-gateway',
      'docs',
      'gateway-doors',
      'gateways',
      'generated-clients',
      'harness',
      'loaded-packages',
    ],
    ...['console-service', 'middleware', 'older-log', 'open-api', 'own-client'],
    ...['refused-starts', 'verification-answers'],
    // How the log is kept shows in none of these: they are about the answers to what is known of it.
    ...['deploy-routes', 'events-contract', 'http-successes', 'many-at-once', 'same-verdict', 'stream', 'times'],
    ...['usage', 'verification-refusals', 'webhooks-killed', 'webhooks-page'],
  ],
}[process.env.KEYLEDGER_EVENT_LOG || 'postgres'];

/** Suites with a broker of Kafka, which takes a core for itself. They run alone, one after the other. */
const withKafka = ['publisher-killed', 'publisher-security', 'publishing', 'republish'];
const isForKafka = process.env.KEYLEDGER_TEST_KAFKA === 'true';

const filesOf = (names) => names.map((name) => `/${name}\\.spec\\.ts$`);

export default {
  ...preset,
  displayName: 'keyledger-e2e',
  // Much of a suite is waiting for processes. Each worker has a server of its own: see the global setup.
  maxWorkers: isForKafka ? 1 : 2,
  // On a busy machine a program takes a minute to start, and many are started.
  testTimeout: 600_000,
  ...(isForKafka ? { testRegex: filesOf(withKafka), testMatch: undefined } : {}),
  testPathIgnorePatterns: ['/node_modules/', ...(isForKafka ? [] : filesOf([...(elsewhere ?? []), ...withKafka]))],
  globalSetup: '<rootDir>/test/harness/global-setup.mjs',
  globalTeardown: '<rootDir>/test/harness/global-teardown.mjs',
};
