import preset from '../../jest.preset.mjs';

/** Suites for which the engine of the run makes no difference: each is left to one of the two runs. */
const elsewhere = {
  postgres: ['event-store-cluster', 'event-store-settings', 'log-copy'],
  eventstoredb: ['deploy', 'docs', 'generated-clients', 'older-log'],
}[process.env.KEYLEDGER_EVENT_LOG || 'postgres'];

export default {
  ...preset,
  displayName: 'keyledger-e2e',
  // The suites share one server, and with it the catalogue of the installation and the head of the log.
  maxWorkers: 1,
  testPathIgnorePatterns: ['/node_modules/', ...(elsewhere ?? []).map((name) => `/${name}\\.spec\\.ts$`)],
  globalSetup: '<rootDir>/test/harness/global-setup.mjs',
  globalTeardown: '<rootDir>/test/harness/global-teardown.mjs',
};
