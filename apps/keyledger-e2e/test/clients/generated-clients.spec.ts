import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sharedServer } from '../harness/shared-server.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const programs = join(root, 'apps/keyledger-e2e/clients');
const bin = (name: string): string => join(root, 'node_modules/.bin', name);

const visit = sharedServer();
let folder: string;
let document: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), `keyledger-clients-${process.pid}-`));
  document = join(folder, 'openapi.json');
  await writeFile(document, (await visit.http.get('/openapi.json')).text);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
});

afterAll(async () => {
  visit.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a program; what it has printed is in the error if it fails. */
const succeeds = async (file: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> => {
  try {
    return (
      await run(file, args, { cwd: folder, env: { ...process.env, ...env }, maxBuffer: 2 ** 26, timeout: 150_000 })
    ).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${file} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
};

/** What every client has to have done and seen. */
const told = {
  secret: {
    clientId: expect.stringMatching(/^kci_/) as string,
    clientSecret: expect.stringMatching(/^kcs_/) as string,
  },
  listed: [{ name: 'billing-service', mode: null, states: ['overlap', 'current'] }],
  trail: ['AccountRegistered', 'CredentialCreated', 'CredentialRotated', 'CredentialChanged'],
  changes: expect.arrayContaining([
    { field: 'scopes', from: [], to: ['invoices:read'] },
    { field: 'version', from: null, to: 2 },
    { field: 'name', from: null, to: 'billing-service' },
  ]) as object,
  refusal: 'name-taken',
  verdicts: ['VALID', 'INSUFFICIENT_SCOPE', 'REVOKED'],
};

/** Lets the client in the language's program do its round, and looks at what it tells. */
const checkRound = async (file: string, args: readonly string[]): Promise<void> => {
  const env = { KEYLEDGER_URL: visit.server.httpUrl, KEYLEDGER_TOKEN: await visit.token() };
  const { rotatedSecret, ...rest } = JSON.parse(await succeeds(file, args, env)) as typeof told & {
    rotatedSecret: Record<string, string>;
  };
  expect(rest).toEqual(told);
  expect(rotatedSecret).toEqual(told.secret);
  expect(rotatedSecret['clientSecret']).not.toBe(rest.secret.clientSecret);
};

it('is a document that redocly finds no error in', async () => {
  const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  await succeeds(bin('redocly'), ['lint', document, '--extends=recommended'], quiet);
});

const compiler = join(root, 'node_modules/typescript7/bin/tsc');
const strict = ['--strict', '--noUncheckedIndexedAccess', '--skipLibCheck', '--types', 'node', '--target', 'es2023'];

it.each([
  ['openapi-fetch', 'openapi-typescript', (place: string) => [document, '-o', join(place, 'generated.ts')]],
  ['hey-api', 'openapi-ts', (place: string) => ['-i', document, '-o', join(place, 'generated')]],
])(
  'leads %s to a client that compiles, and creates, rotates, lists, verifies, revokes and reads the audit trail',
  async (program, generator, args) => {
    const place = join(folder, program);
    await cp(join(programs, `${program}.ts`), join(place, 'main.ts'));
    await succeeds(bin(generator), args(place));
    const output = join(place, 'dist');
    const how = [...strict, '--module', 'nodenext', '--rootDir', place, '--outDir', output];
    await succeeds(process.execPath, [compiler, ...how, join(place, 'main.ts')]);
    await checkRound(process.execPath, [join(output, 'main.js')]);
  },
);

const PYTHON_GENERATOR = 'openapi-python-client==0.29.1';

/** Where the generator of Python clients is, installed once; undefined where there is no Python or no package. */
const pythonTools = async (): Promise<string | undefined> => {
  const place = join(root, 'node_modules/.cache', PYTHON_GENERATOR);
  const tools = join(place, 'bin');
  if (existsSync(join(tools, 'openapi-python-client'))) return tools;
  try {
    await succeeds('python3', ['-m', 'venv', place]);
    await succeeds(join(tools, 'python'), ['-m', 'pip', 'install', '--no-compile', '--quiet', PYTHON_GENERATOR]);
    return tools;
  } catch (error) {
    const isRequired = (process.env['KEYLEDGER_REQUIRE'] ?? '').split(',').includes('python');
    if (isRequired) throw error;
    console.warn(`SKIPPED: no client in Python was generated, because ${PYTHON_GENERATOR} is not to be had.`, error);
    return undefined;
  }
};

it('leads openapi-python-client to a client that does the same', async () => {
  const tools = await pythonTools();
  if (tools === undefined) return;
  const place = join(folder, 'python');
  await cp(join(programs, 'openapi-python-client.py'), join(place, 'main.py'));
  const args = ['generate', '--path', document, '--meta', 'none', '--output-path', join(place, 'generated')];
  await succeeds(join(tools, 'openapi-python-client'), [...args, '--fail-on-warning'], {
    PATH: `${tools}:${process.env['PATH']}`,
  });
  await checkRound(join(tools, 'python'), [join(place, 'main.py')]);
});
