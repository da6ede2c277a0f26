import { existsSync } from 'node:fs';
import type { Credential, IssuedCredentialReply, Page } from '@keyledger/contract';
import { eventually } from './harness/eventually.js';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import { eventStore } from './harness/log-engine.js';
import { farFuture } from './harness/positions.js';
import { launchServer, runToken, type Settings } from './harness/program.js';
import { Visit } from './harness/shared-server.js';
import { everythingFrom, getRequest, openSocket } from './harness/sockets.js';

const ANY_ACCOUNT = 'acct_00000000-0000-7000-8000-000000000001';

let server: KeyledgerProcess;

beforeAll(async () => {
  server = await startKeyledger();
});

afterAll(async () => {
  await server.remove();
});

/** Visits the server as it runs now, because its addresses change with each start. */
const visiting = async <T>(work: (visit: Visit) => Promise<T>): Promise<T> => {
  const visit = new Visit(server);
  try {
    return await work(visit);
  } finally {
    visit.close();
  }
};

const listOf = (accountId: string, minPosition = ''): Promise<Page<Credential>> =>
  visiting(async (visit) => {
    const path = `/v1/accounts/${accountId}/credentials${minPosition && `?minPosition=${minPosition}`}`;
    return (await visit.http.get<Page<Credential>>(path, { token: await visit.token() })).body;
  });

const createKey = (accountId: string): Promise<IssuedCredentialReply> =>
  visiting(async (visit) => {
    const body = { type: 'api_key', mode: 'test' };
    const options = { token: await visit.token() };
    return (await visit.http.post<IssuedCredentialReply>(`/v1/accounts/${accountId}/credentials`, body, options)).body;
  });

/** What the server has printed, once that contains `text`. */
const outputWith = (text: string): Promise<string> =>
  eventually(async () => {
    const { stdout } = server.output;
    return stdout.includes(text) ? { answer: stdout, seen: stdout } : { seen: stdout };
  });

it('tells where it can be reached, where its data is, and how to get a token', async () => {
  const stdout = await outputWith('operator\n');
  expect(server.output.stderr).toBe('');
  const told = stdout.split('\n').filter((line) => !line.startsWith('{'));
  expect(told).toEqual([
    expect.stringMatching(/^Keyledger is ready \(\d+(\.\d)? s\)\.$/),
    expect.stringMatching(/^ {2}HTTP {6}http:\/\/127\.0\.0\.1:\d+$/),
    expect.stringMatching(/^ {2}gRPC {6}127\.0\.0\.1:\d+$/),
    expect.stringMatching(/^ {2}API docs {2}http:\/\/127\.0\.0\.1:\d+\/docs$/),
    `  Log       ${eventStore() === null ? 'PostgreSQL' : 'EventStoreDB'}`,
    expect.stringMatching(/^ {2}Data {6}\/.+$/),
    '  A token   npm run --silent token -- --role operator',
    '',
  ]);
});

it.each(['SIGTERM', 'SIGINT'] as const)(
  'ends with 0 on %s, with callers still connected, and has everything again',
  async (signal) => {
    const { accountId } = await visiting((visit) => visit.newAccount());
    const { credential } = await createKey(accountId);
    const before = await listOf(accountId);
    expect(before.items.map(({ credentialId }) => credentialId)).toEqual([credential.credentialId]);

    const sockets = await Promise.all([
      openSocket(new URL(server.httpUrl).port, ''),
      openSocket(new URL(server.httpUrl).port, 'POST /v1/accounts HTTP/1.1\r\nhost: x\r\n'),
      openSocket(new URL(`http://${server.grpcAddress}`).port, ''),
    ]);
    const visit = new Visit(server);
    await visit.doors[1].call('PositionService/GetPosition', {}, { token: await visit.token() });
    // The server cuts itself off, with another code, where stopping takes too long.
    const { stdout, stderr } = await server.stop(signal).finally(async () => {
      visit.close();
      for (const socket of sockets) socket.destroy();
      await server.start();
    });
    expect(stdout).toMatch(/^Stopping: /m);
    expect(stderr).toBe('');
    expect(await listOf(accountId)).toEqual(before);
    await createKey(accountId);
    expect((await listOf(accountId)).items).toHaveLength(2);
  },
);

it('finishes what is under way, and answers whoever comes meanwhile with a problem or not at all', async () => {
  const visit = new Visit(server);
  const token = await visit.token();
  const { body } = await visit.http.get<{ position: string }>('/v1/position', { token });
  const { port } = new URL(server.httpUrl);
  // A position that does not come, so that the server waits for it as long as it ever does.
  const farAway = farFuture(body.position);
  const early = await openSocket(port, getRequest(`/v1/accounts?minPosition=${farAway}`, token));
  const late = await openSocket(port, '');
  // Once this is answered, the server has seen what was sent before it.
  await visit.http.get('/v1/position', { token });
  const answers = Promise.all([everythingFrom(early), everythingFrom(late)]);
  const stopped = server.stop().finally(async () => {
    visit.close();
    await server.start();
  });
  await outputWith('Stopping: ');
  late.write(getRequest('/v1/position', token));
  const [answer, lateAnswer] = await answers;
  await stopped;
  expect(answer).toContain('"code":"position-not-reached"');
  if (lateAnswer !== '')
    expect(lateAnswer).toMatch(/^HTTP\/1\.1 (200 |503 [^]*content-type: application\/problem\+json)/i);
});

it('starts again after it was killed, with everything that it had acknowledged', async () => {
  const { accountId } = await visiting((visit) => visit.newAccount());
  const written = await Promise.all(Array.from({ length: 20 }, () => createKey(accountId)));
  const { code } = await server.kill();
  expect(code).toBeNull();
  await server.start();
  const latest = written
    .map(({ position }) => position)
    .sort()
    .at(-1);
  const { items } = await listOf(accountId, latest);
  const ids = written.map(({ credential }) => credential.credentialId);
  expect(items.map(({ credentialId }) => credentialId).sort()).toEqual(ids.sort());
});

describe.each(['all-in-one', 'command-service', 'listing-service', 'audit-service'] as const)('%s', (app) => {
  it('lists its settings when it is asked for help', async () => {
    const { code, stdout, stderr } = await launchServer(app, {}, ['--help']).exit;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('KEYLEDGER_HTTP_PORT (3000)');
  });

  it('takes no other arguments, and says so in one line', async () => {
    const { code, stdout, stderr } = await launchServer(app, {}, ['--port', '80']).exit;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Keyledger cannot start: --port is no argument: .*--help.*\n$/);
  });
});

describe('the program that makes tokens', () => {
  const run = (args: readonly string[], settings: Settings = {}) =>
    runToken(args, { KEYLEDGER_DATA_DIR: server.dataDir, ...settings });

  it('prints a token and nothing else', async () => {
    const { code, stdout, stderr } = await run(['--role', 'operator']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { status } = await visiting((visit) => visit.http.get('/v1/accounts', { token: stdout.trim() }));
    expect(status).toBe(200);
  });

  it.each([
    ['no role', [], '--role is missing'],
    ['a role that does not exist', ['--role', 'root'], 'no role root'],
    ['a role that needs an account', ['--role', 'viewer'], 'viewer needs --account'],
    ['one of two roles that needs an account', ['--role', 'operator', '--role', 'owner'], 'owner needs --account'],
    ['an account that is no id', ['--role', 'viewer', '--account', 'acme'], 'acme is not an account id'],
    ['an account for an operator', ['--role', 'operator', '--account', ANY_ACCOUNT], 'leave --account out'],
    ['a life longer than is accepted', ['--role', 'operator', '--ttl', '25h'], '--ttl must be at most'],
    ['a time without sense', ['--role', 'operator', '--ttl', 'soon'], '--ttl must be a time'],
    ['no time at all', ['--role', 'operator', '--ttl', '0'], '--ttl must be a time'],
    ['an option that does not exist', ['--role', 'operator', '--admin'], "'--admin'"],
    ['an argument that is no option', ['operator'], "'operator'"],
  ])('explains itself for %s', async (_, args, complaint) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(complaint);
    expect(stderr).toContain('Usage: npm run --silent token');
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('tells how it is used', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Usage: npm run --silent token');
  });

  it('makes no key where none is, and says so in one line', async () => {
    const KEYLEDGER_DATA_DIR = `${server.dataDir}-typo`;
    const { code, stdout, stderr } = await run(['--role', 'operator'], { KEYLEDGER_DATA_DIR });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^There is no key of a local issuer in .*KEYLEDGER_DATA_DIR.*\n$/);
    expect(existsSync(KEYLEDGER_DATA_DIR)).toBe(false);
  });

  it.each([
    ['in production', { NODE_ENV: 'production' }],
    ['where the local issuer is off', { KEYLEDGER_LOCAL_ISSUER: 'false', KEYLEDGER_OIDC_ISSUER: 'https://id.example' }],
  ])('makes none %s', async (_, settings: Settings) => {
    const { code, stdout } = await run(['--role', 'operator'], settings);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});
