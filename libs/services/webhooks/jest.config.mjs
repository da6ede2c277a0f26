import preset from '../../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'webhooks',
  globalSetup: '@keyledger/testing/postgres-setup',
  globalTeardown: '@keyledger/testing/postgres-teardown',
};
