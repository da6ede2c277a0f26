// Reads [{ path, source }] from standard input and writes, for each, which rules about purity refuse `source` as the
// content of the file at `path`. One process for all, and without types, because those take seconds.
import { ESLint } from 'eslint';

const eslint = new ESLint({
  ruleFilter: ({ ruleId }) => /^(@typescript-eslint\/)?no-restricted-/.test(ruleId),
  overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: false } } },
});

let input = '';
for await (const chunk of process.stdin) input += chunk;

const rules = [];
for (const { path, source } of JSON.parse(input)) {
  const [result] = await eslint.lintText(source, { filePath: path });
  rules.push(result.messages.map(({ ruleId }) => ruleId));
}
process.stdout.write(JSON.stringify(rules));
