import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'keyledger-e2e',
  // The suites share one server, and with it the catalogue of the installation and the head of the log.
  maxWorkers: 1,
  globalSetup: '<rootDir>/test/harness/global-setup.mjs',
  globalTeardown: '<rootDir>/test/harness/global-teardown.mjs',
};
