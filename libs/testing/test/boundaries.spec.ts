import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const env = { ...process.env, NODE_OPTIONS: '', NX_DAEMON: 'false', NX_TUI: 'false' };
const run = (command: string, args: readonly string[], input = ''): string =>
  execFileSync(command, args, { cwd: root, env, input, encoding: 'utf8' });

const cases = [
  { path: 'libs/domain/src/rejection.ts', imported: '@keyledger/event-log', allowed: false },
  { path: 'libs/event-log/src/event-log.ts', imported: '@keyledger/domain', allowed: false },
  { path: 'libs/services/edge/src/operation/problem.ts', imported: '@keyledger/issuing', allowed: false },
  { path: 'libs/services/listing/src/tables.ts', imported: '@keyledger/audit', allowed: false },
  { path: 'libs/services/listing/src/tables.ts', imported: '@keyledger/edge', allowed: true },
];

describe('the boundaries between the rooms', () => {
  let messages: readonly (readonly string[])[];

  beforeAll(() => {
    // Without a project graph in its cache the rule is skipped, and everything would pass.
    run('npx', ['nx', 'show', 'projects']);
    const sources = cases.map(({ path, imported }) => ({ path, source: `import '${imported}';\n` }));
    messages = JSON.parse(
      run('node', ['libs/testing/test/lint-boundaries.mjs'], JSON.stringify(sources)),
    ) as string[][];
  });

  it.each(cases.map((each, index) => ({ ...each, index })))(
    'let $path import $imported: $allowed',
    ({ allowed, index }) => {
      const expected = allowed ? [] : [expect.stringContaining('@nx/enforce-module-boundaries')];
      expect(messages[index]).toEqual(expected);
    },
  );
});
