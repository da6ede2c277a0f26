import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

// Which room may import which. ADR 1 draws the house; a test in libs/testing proves that a forbidden import fails.
const boundaries = [
  { sourceTag: 'room:domain', onlyDependOnLibsWithTags: ['room:domain'] },
  { sourceTag: 'room:contract', onlyDependOnLibsWithTags: ['room:contract'] },
  { sourceTag: 'room:postgres', onlyDependOnLibsWithTags: ['room:testing'] },
  { sourceTag: 'room:event-log', onlyDependOnLibsWithTags: ['room:postgres', 'room:testing'] },
  { sourceTag: 'room:read-models', onlyDependOnLibsWithTags: ['room:event-log', 'room:postgres', 'room:testing'] },
  { sourceTag: 'room:secrets', onlyDependOnLibsWithTags: ['room:postgres', 'room:testing'] },
  { sourceTag: 'room:durable-files', onlyDependOnLibsWithTags: ['room:durable-files'] },
  { sourceTag: 'room:local-postgres', onlyDependOnLibsWithTags: ['room:durable-files'] },
  { sourceTag: 'room:testing', onlyDependOnLibsWithTags: ['room:local-postgres', 'room:domain', 'room:event-log'] },
  {
    sourceTag: 'room:edge',
    onlyDependOnLibsWithTags: [
      ...['room:domain', 'room:contract', 'room:event-log', 'room:read-models', 'room:postgres', 'room:secrets'],
      ...['room:durable-files', 'room:testing'],
    ],
  },
  {
    sourceTag: 'room:slice',
    onlyDependOnLibsWithTags: [
      ...['room:edge', 'room:domain', 'room:contract', 'room:event-log', 'room:read-models', 'room:postgres'],
      ...['room:secrets', 'room:testing'],
    ],
  },
  {
    sourceTag: 'room:app',
    onlyDependOnLibsWithTags: [
      ...['room:slice', 'room:edge', 'room:domain', 'room:contract', 'room:event-log', 'room:read-models'],
      ...['room:postgres', 'room:secrets', 'room:local-postgres', 'room:durable-files', 'room:testing'],
    ],
  },
];

const ceilings = {
  'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
  'max-lines-per-function': ['error', { max: 70 }],
  complexity: ['error', { max: 8, variant: 'modified' }],
  'max-depth': ['error', 3],
  'max-params': ['error', 4],
  'max-len': ['error', { code: 120, ignoreUrls: true, ignoreRegExpLiterals: true }],
};

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '**/*.mjs', '**/coverage/**'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      ...ceilings,
      eqeqeq: 'error',
      'no-console': 'error',
      '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: false, allow: [], depConstraints: boundaries }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "TSAsExpression > TSAsExpression[typeAnnotation.type='TSUnknownKeyword']",
          message: 'No "as unknown as": narrow the value or mend its type.',
        },
      ],
    },
  },
  {
    // What has to be known of this client is known in one file.
    files: ['**/src/**/*.ts'],
    ignores: ['libs/event-log/src/eventstoredb/client.ts', 'libs/testing/src/esdb-node/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: ['@eventstore/db-client', '@eventstore/db-client/*'] }] },
  },
  {
    // A suite is one long describe callback; the ceilings are about the product's functions.
    files: ['**/*.spec.ts', '**/test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': ['error', { max: 400 }], 'no-console': 'off' },
  },
  prettier,
  { files: ['**/*.ts'], rules: { 'max-len': ceilings['max-len'] } },
);
