import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, startEsdbNode, type EsdbNode, type TestDatabase } from '@keyledger/testing';
import { eventually } from './harness/eventually.js';
import { jsonLines, launchServer, whenReady, type Settings } from './harness/program.js';

const PASSWORD = 'canary-of-the-event-store';
const STRANGER = 'canary-of-a-stranger';

let folder: string;
let database: TestDatabase;
let secure: EsdbNode;
let plain: EsdbNode;

/** Nodes of the suite's own, whatever the engine of the run: each start meets one mistake. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), `keyledger-e2e-${process.pid}-`));
  database = await createDatabase();
  secure = await startEsdbNode({ tls: { dir: join(folder, 'certificates') }, password: PASSWORD });
  secure.addUser('stranger', STRANGER);
  plain = await startEsdbNode();
});

afterAll(async () => {
  await secure.stop();
  await plain.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const admin = { EVENTSTOREDB_USERNAME: 'admin', EVENTSTOREDB_PASSWORD: PASSWORD };

const launch = (url: string, settings: Settings = {}) =>
  launchServer('listing-service', {
    ...{ KEYLEDGER_DATABASE_URL: database.url, KEYLEDGER_LOCAL_ISSUER: 'true', KEYLEDGER_DATA_DIR: folder },
    ...{ KEYLEDGER_EVENT_LOG: 'eventstoredb', EVENTSTOREDB_URL: url, KEYLEDGER_STREAM_PREFIX: '' },
    // What the engine of the run needs is no part of these starts.
    ...{ EVENTSTOREDB_USERNAME: '', EVENTSTOREDB_PASSWORD: '' },
    ...settings,
  });

const expectNoSecret = (output: string): void => {
  for (const secret of [PASSWORD, STRANGER]) expect(output).not.toContain(secret);
};

/** The one line that a start ends with which cannot succeed. */
const lineOf = async (url: string, settings: Settings = {}): Promise<string> => {
  const { code, stdout, stderr } = await launch(url, settings).exit;
  expectNoSecret(stdout + stderr);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^[^\n]+\n$/) as string });
  return stderr;
};

const withCredentials = (url: string, name: string, password: string): string =>
  url.replace('esdb://', `esdb://${name}:${password}@`);

it.each(['the settings', 'the URL'])('runs over TLS with the password in %s', async (place) => {
  const program =
    place === 'the URL' ? launch(withCredentials(secure.url, 'admin', PASSWORD)) : launch(secure.url, admin);
  await whenReady(program);
  program.process.kill('SIGTERM');
  const { code, stdout, stderr } = await program.exit;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expectNoSecret(stdout);
});

it('says that the password is wrong', async () => {
  const line = await lineOf(secure.url, { ...admin, EVENTSTOREDB_PASSWORD: 'wrong' });
  expect(line).toMatch(/password is wrong.*EVENTSTOREDB_PASSWORD/);
});

it('says that there are no credentials', async () => {
  expect(await lineOf(secure.url)).toMatch(/access is denied.*EVENTSTOREDB_USERNAME/);
});

it('says what a user needs who may not read $all', async () => {
  const url = withCredentials(secure.url, 'stranger', STRANGER);
  expect(await lineOf(url)).toMatch(/stranger read \$all.*setStreamMetadata/);
});

it('says that the authority is unknown', async () => {
  const url = secure.url.replace(/&?tlsCAFile=[^&]*/, '');
  expect(await lineOf(url, admin)).toMatch(/not signed by a known CA.*tlsCAFile/);
});

it('says that no TLS is spoken there', async () => {
  expect(await lineOf(plain.url.replace('tls=false', 'tls=true'))).toMatch(/no TLS is spoken there.*tls=false/);
});

it('says that TLS may be wanted, and waits for what may only be starting', async () => {
  const program = launch(secure.url.replace(/\?.*/, '?tls=false'), admin);
  await eventually(async () => {
    const told = jsonLines(program.stdout().replace(/[^\n]*$/, '')).map(({ reason }) => String(reason));
    return told.some((text) => text.includes('TLS may be wanted')) ? { answer: true, seen: told } : { seen: told };
  });
  program.process.kill('SIGTERM');
  expectNoSecret((await program.exit).stdout);
});

it('says that a URL is none of an EventStoreDB', async () => {
  expect(await lineOf('nonsense')).toContain('EVENTSTOREDB_URL');
});

it('refuses a version that is known to lose events', async () => {
  const node = await startEsdbNode({ version: '24.10.2' });
  expect(await lineOf(node.url)).toContain('24.10.2');
  await node.stop();
});

it('warns of a version that it does not know', async () => {
  const node = await startEsdbNode({ version: '1.0.0' });
  const program = launch(node.url, { KEYLEDGER_STREAM_PREFIX: 'another-' });
  await whenReady(program);
  program.process.kill('SIGTERM');
  const { stdout } = await program.exit;
  const warnings = jsonLines(stdout).filter(({ level }) => level === 'warn');
  expect(warnings.map(({ msg }) => msg)).toContainEqual(expect.stringContaining('1.0.0'));
  await node.stop();
});
