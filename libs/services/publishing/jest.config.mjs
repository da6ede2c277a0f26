import preset from '../../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'publishing',
  globalSetup: '@keyledger/testing/postgres-setup',
  globalTeardown: '@keyledger/testing/postgres-teardown',
};
