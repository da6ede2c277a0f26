import { openOwnStores, type OwnStores } from './harness/own-stores.js';
import { jsonLines, launchKeyledger, whenReady } from './harness/program.js';

/** Prints a line for each package of which the process loads a script, in whichever way. */
const watching = `
  import { Session } from 'node:inspector';
  const session = new Session();
  const known = new Set();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params }) => {
    const name = params.url.match(/.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/)?.[1];
    if (name === undefined || known.has(name)) return;
    known.add(name);
    process.stdout.write(JSON.stringify({ loaded: name }) + '\\n');
  });
  session.post('Debugger.enable');
`;

let stores: OwnStores;
beforeAll(async () => {
  stores = await openOwnStores('postgres');
});
afterAll(() => stores.close());

it('loads nothing at its start that only other programs and other settings need', async () => {
  const program = launchKeyledger({
    ...stores.settings,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(watching)}`,
  });
  await whenReady(program);
  program.process.kill('SIGTERM');
  const { code, stdout } = await program.exit;
  expect(code).toBe(0);
  const loaded = jsonLines(stdout).flatMap((line) => ('loaded' in line ? [line['loaded']] : []));
  // A module of ECMAScript, and one of CommonJS.
  expect(loaded).toEqual(expect.arrayContaining(['@nestjs/common', 'fastify', 'pg']));
  const needless = [
    '@nestjs/swagger',
    '@eventstore/db-client',
    '@fastify/ajv-compiler',
    'ajv',
    'es-toolkit',
    'kafkajs',
  ];
  expect(loaded.filter((name) => needless.includes(String(name)))).toEqual([]);
});
