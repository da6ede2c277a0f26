import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'keyledger-e2e',
  globalSetup: '<rootDir>/test/harness/global-setup.mjs',
  globalTeardown: '<rootDir>/test/harness/global-teardown.mjs',
};
