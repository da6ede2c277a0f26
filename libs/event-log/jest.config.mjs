import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'event-log',
  // Its suites mostly wait for deadlines: more of them run side by side than there are cores.
  maxWorkers: 3,
  globalSetup: '@keyledger/testing/postgres-setup',
  globalTeardown: '@keyledger/testing/postgres-teardown',
};
