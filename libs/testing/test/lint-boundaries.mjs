// Reads [{ path, source }] from standard input and writes, for each, the messages that the boundary rule alone has for
// `source` as the content of the file at `path`. One process for all, and without types, because those take seconds.
import { ESLint } from 'eslint';

const RULE = '@nx/enforce-module-boundaries';
const eslint = new ESLint({
  ruleFilter: ({ ruleId }) => ruleId === RULE,
  overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: false } } },
});

let input = '';
for await (const chunk of process.stdin) input += chunk;

const messages = [];
for (const { path, source } of JSON.parse(input)) {
  const results = await eslint.lintText(source, { filePath: path });
  messages.push(results.flatMap((result) => result.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)));
}
process.stdout.write(JSON.stringify(messages));
