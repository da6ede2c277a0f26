import type { Credential, IssuedCredentialReply, Page } from '@keyledger/contract';
import { eventually } from './harness/eventually.js';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import { eventStore } from './harness/log-engine.js';
import { jsonLines } from './harness/program.js';
import { farFuture } from './harness/positions.js';
import { Visit } from './harness/shared-server.js';
import { everythingFrom, getRequest, openSocket } from './harness/sockets.js';

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
    const ask = async () => visit.http.get<Page<Credential>>(path, { token: await visit.token() });
    let answer = await ask();
    // On a busy machine the readers come behind. The refusal says to ask again, and so does a client.
    for (let times = 0; answer.status === 503 && times < 10; times += 1) answer = await ask();
    return answer.body;
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
    expect.stringMatching(/^ {2}Events {4}http:\/\/127\.0\.0\.1:\d+\/v1\/events$/),
    expect.stringMatching(/^ {2}Console {3}http:\/\/127\.0\.0\.1:\d+\/console\/sign-in#kli_[\w-]{43}$/),
    '  A token   npm run --silent token -- --role operator',
    '',
  ]);
});

it.each(['SIGTERM', 'SIGINT'] as const)(
  'ends with 0 on %s, with callers still connected, and has everything again',
  async (signal) => {
    const { accountId } = await visiting((visit) => visit.newAccount());
    const { credential, position: created } = await createKey(accountId);
    const before = await listOf(accountId, created);
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
    // Neither the start nor the stop was a fault. That parts are heard late on a busy machine is a warning.
    expect(jsonLines(stdout).filter(({ level }) => level !== 'info' && level !== 'warn')).toEqual([]);
    expect(stderr).toBe('');
    expect(await listOf(accountId, created)).toEqual(before);
    const { position } = await createKey(accountId);
    expect((await listOf(accountId, position)).items).toHaveLength(2);
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
