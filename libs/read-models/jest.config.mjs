import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'read-models',
  globalSetup: '@keyledger/testing/postgres-setup',
  globalTeardown: '@keyledger/testing/postgres-teardown',
  // Once Node came to the end of these suites and never ended: it waited for ever for a handle of its own to close.
  forceExit: true,
};
