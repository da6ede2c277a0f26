// One preset for every project: TypeScript through swc, native ES modules, and the sources (not dist) of our own packages.
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['development', 'node', 'node-addons'] },
  transform: { '^.+\\.ts$': ['@swc/jest', { swcrc: true, configFile: new URL('.swcrc', import.meta.url).pathname }] },
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  // Against what never ends, and no measure of speed: other programs may have the machine.
  testTimeout: 300_000,
};
