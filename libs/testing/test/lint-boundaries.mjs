// Reads [{ path, source }] from standard input and writes, for each, what the rules about imports alone say of `source`
// as the content of the file at `path`: [{ line, message }]. One process for all, and without types, because those take
// seconds. Circles and lazy imports are let through: their refusal would hide that no wall refuses the import.
import { ESLint } from 'eslint';
import config from '../../../eslint.config.mjs';

const BOUNDARIES = '@nx/enforce-module-boundaries';
const [severity, options] = config.map(({ rules }) => rules?.[BOUNDARIES]).find((setting) => setting !== undefined);
const lenient = { ignoredCircularDependencies: [['*', '*']], checkDynamicDependenciesExceptions: ['@keyledger/**'] };

const eslint = new ESLint({
  ruleFilter: ({ ruleId }) => ruleId === BOUNDARIES || ruleId === 'no-restricted-imports',
  overrideConfig: {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: false } },
    rules: { [BOUNDARIES]: [severity, { ...options, ...lenient }] },
  },
});

let input = '';
for await (const chunk of process.stdin) input += chunk;

const results = [];
for (const { path, source } of JSON.parse(input)) {
  const [result] = await eslint.lintText(source, { filePath: path });
  results.push(result.messages.map(({ line, message }) => ({ line, message })));
}
process.stdout.write(JSON.stringify(results));
