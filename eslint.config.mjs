import { builtinModules } from 'node:module';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

// Which rooms a room may import. ADR 1 draws the house; a test in libs/testing tries every pair.
const served = (room, ...imported) => ({
  sourceTag: `room:${room}`,
  onlyDependOnLibsWithTags: imported.map((each) => `room:${each}`),
});
// A plain room knows neither Nest nor the decorators of classes.
const plain = (room, ...imported) => ({
  ...served(room, ...imported),
  bannedExternalImports: ['@nestjs/*', 'nestjs-*', 'class-*'],
});
const belowEdge = ['domain', 'contract', 'event-log', 'read-models', 'postgres', 'secrets'];
const boundaries = [
  plain('domain'),
  plain('contract', 'domain'),
  plain('client'),
  plain('console'),
  plain('verdict'),
  plain('durable-files'),
  plain('postgres', 'testing'),
  plain('event-log', 'postgres', 'testing'),
  plain('read-models', 'event-log', 'postgres', 'testing'),
  plain('secrets', 'contract', 'postgres', 'testing'),
  plain('outgoing', 'secrets', 'testing'),
  plain('local-postgres', 'durable-files'),
  plain('testing', 'local-postgres', 'domain'),
  served('edge', ...belowEdge, 'durable-files', 'testing'),
  served('slice', 'edge', ...belowEdge, 'verdict', 'outgoing', 'durable-files', 'testing'),
  // Written by others, as it were: it knows what is published, and nothing of ours.
  plain('example'),
  served('app', 'slice', 'edge', ...belowEdge, 'local-postgres', 'durable-files', 'testing'),
];

// Bans imports from files. Of several bans for a file only the last one counts, so each names all that is banned there.
const ban = (files, ...patterns) => ({ files, rules: { 'no-restricted-imports': ['error', { patterns }] } });
const eventStoreClient = {
  group: ['@eventstore/db-client'],
  message: 'What has to be known of this client is known in one file: libs/event-log/src/eventstoredb/client.ts.',
};
const testing = { group: ['@keyledger/testing'], message: 'Only tests may use it: it does not ship.' };

// What the rules and the contract may not touch: they are pure, and a browser imports the contract.
const pureRooms = ['domain', 'contract', 'verdict'].map((room) => `libs/${room}/src/**/*.ts`);
const platform = {
  regex: `^(node:.*|(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})(/.*)?)$`,
  message: 'Nothing of Node belongs here: what is not pure comes in as an argument.',
};
const impureGlobals = [
  ...['process', 'Buffer', 'global', 'globalThis', 'require', 'performance', 'crypto', 'fetch', 'console'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'queueMicrotask'],
];
const doubleAssertion = {
  selector: "TSAsExpression > TSAsExpression[typeAnnotation.type='TSUnknownKeyword']",
  message: 'No "as unknown as": narrow the value or mend its type.',
};
const clock = ["NewExpression[callee.name='Date'][arguments.length=0]", "CallExpression[callee.name='Date']"]
  .concat("MemberExpression[object.name='Date'][property.name='now']")
  .map((selector) => ({ selector, message: 'The clock is not pure: the time comes in with the command.' }));
const lazyImport = { selector: 'ImportExpression', message: platform.message };

const ceilings = {
  'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
  'max-lines-per-function': ['error', { max: 70 }],
  complexity: ['error', { max: 8, variant: 'modified' }],
  'max-depth': ['error', 3],
  'max-params': ['error', 4],
  'max-len': ['error', { code: 120, ignoreUrls: true, ignoreRegExpLiterals: true }],
};

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '**/*.mjs', '**/coverage/**', '**/generated/**'] },
  // What these import is there only while their suite runs, which compiles them.
  { ignores: ['apps/keyledger-e2e/clients/**'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      ...ceilings,
      eqeqeq: 'error',
      'no-console': 'error',
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints: boundaries },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-restricted-syntax': ['error', doubleAssertion],
    },
  },
  ban(['**/src/**/*.ts'], eventStoreClient),
  ban(['apps/*/src/**/*.ts', 'libs/**/src/**/*.ts'], eventStoreClient, testing),
  ban(['libs/testing/src/**/*.ts'], eventStoreClient),
  ban(['libs/event-log/src/eventstoredb/client.ts'], testing),
  // The benchmark holds the log against the client itself.
  ban(['bench/src/reference-appends.ts'], testing),
  { files: ['libs/testing/src/esdb-node/**'], rules: { 'no-restricted-imports': 'off' } },
  ban(pureRooms, eventStoreClient, testing, platform),
  {
    files: pureRooms,
    rules: {
      'no-restricted-globals': ['error', 'Date', ...impureGlobals],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
      'no-restricted-syntax': ['error', doubleAssertion, ...clock, lazyImport],
    },
  },
  // Here a given text becomes another one: the calendar is in Date, and the clock is still forbidden.
  { files: ['libs/domain/src/instants.ts'], rules: { 'no-restricted-globals': ['error', ...impureGlobals] } },
  {
    // A type is gone from the built contract: who imports that gets nothing of the rules.
    files: ['libs/contract/src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['@keyledger/*'], allowTypeImports: true, message: 'Only types may be imported here.' }],
        },
      ],
    },
  },
  // The one file of the contract that no browser imports: it says where the protos lie.
  ban(['libs/contract/src/protos.ts'], eventStoreClient, testing),
  {
    // A suite is one long describe callback; the ceilings are about the product's functions.
    files: ['**/*.spec.ts', '**/test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': ['error', { max: 400 }], 'no-console': 'off' },
  },
  { files: ['examples/**/*.ts'], rules: { 'no-console': 'off' } },
  prettier,
  { files: ['**/*.ts', '**/*.tsx'], rules: { 'max-len': ceilings['max-len'] } },
);
