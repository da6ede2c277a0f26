import type { IssuedCredentialReply } from '@keyledger/contract';
import { TcpProxy } from '@keyledger/testing';
import { eventually } from '../harness/eventually.js';
import { HttpClient } from '../harness/http-client.js';
import { startService, type KeyledgerProcess } from '../harness/keyledger-process.js';
import { eventStore, logSettings } from '../harness/log-engine.js';
import { launchServer, whenReady, type Settings } from '../harness/program.js';
import { eventsOfAccount, readLog } from '../harness/read-log.js';
import { healthOf, Installation, MASTER_KEY, untilReady, type Health } from './installation.js';

/** A cluster, or a server whose certificate names its host, cannot be reached through a proxy on this machine. */
const isProxied = (url: string): boolean => /^esdb:\/\/[^,/]+\/?\?(.*&)?tls=false(&|$)/i.test(url);

const store = eventStore();
/** Whose way is cut: that to the log, or where that cannot be, that to the database. PostgreSQL holds both. */
const proxied = store !== null && isProxied(store.url) ? 'EVENTSTOREDB_URL' : 'KEYLEDGER_DATABASE_URL';
const isLogCut = store === null || proxied === 'EVENTSTOREDB_URL';
if (!isLogCut) console.warn('The given EventStoreDB cannot be cut off here (TLS or a cluster): only the database is.');

/** The parts that cannot be up then. A read model that has nothing to apply does without the database. */
const partsCut = isLogCut ? ['log'] : ['database'];

let installation: Installation;
let proxy: TcpProxy;
let settings: Settings;

beforeAll(async () => {
  installation = await Installation.create();
  const { settings: all } = installation;
  const direct: Settings = { ...all, ...logSettings(all) };
  proxy = await TcpProxy.before(direct[proxied] ?? '');
  settings = { ...direct, [proxied]: proxy.url, KEYLEDGER_MASTER_KEY: MASTER_KEY };
});

afterAll(async () => {
  await installation.remove();
  await proxy.close();
});

const statusSeen = (server: KeyledgerProcess, wanted: 200 | 503): Promise<Health> =>
  eventually(async () => {
    const { status, body } = await healthOf(server);
    return status === wanted ? { answer: body, seen: body } : { seen: body };
  });

const expectDown = (details: Health['details'], parts: readonly string[]): void => {
  for (const part of parts) {
    expect({ part, ...details[part] }).toMatchObject({
      ...{ part, status: 'down', reason: expect.stringMatching(/./) as string },
    });
  }
};

it.each(['listing-service', 'all-in-one'] as const)('the %s waits at its start for what is not up yet', async (app) => {
  proxy.behaviour = 'refusing';
  const program = launchServer(app, settings);
  await eventually(async () => {
    const seen = program.stdout();
    return /Waiting for the database and the log to answer/.test(seen)
      ? { answer: true, seen }
      : { seen: seen + program.stderr() };
  });
  proxy.behaviour = 'open';
  await whenReady(program);
  program.process.kill('SIGTERM');
  expect(await program.exit).toMatchObject({ code: 0, stderr: '' });
});

describe.each(['frozen', 'refusing'] as const)('while the way to the stores is %s', (behaviour) => {
  let server: KeyledgerProcess;

  afterEach(async () => {
    proxy.behaviour = 'open';
    await server.remove();
  });

  const interrupt = (): void => {
    proxy.behaviour = behaviour;
    if (behaviour === 'refusing') proxy.cut();
  };

  it('the command-service says so, refuses, and forgets nothing', async () => {
    server = await startService('command-service', settings);
    await untilReady(server);
    const accountId = await installation.newAccount(server);
    const create = () =>
      new HttpClient(server.httpUrl).post<IssuedCredentialReply & { readonly code: string }>(
        `/v1/accounts/${accountId}/credentials`,
        { type: 'api_key', mode: 'test' },
        { token: installation.token, headers: { 'idempotency-key': `while-${behaviour}-${accountId}` } },
      );
    interrupt();
    const refused = await create();
    expect({ status: refused.status, retry: refused.headers.get('retry-after') }).toEqual({
      ...{ status: 503, retry: expect.stringMatching(/^\d+$/) as string },
    });
    const { details } = await statusSeen(server, 503);
    expectDown(details, partsCut);
    expect((await healthOf(server, 'live')).status).toBe(200);

    proxy.behaviour = 'open';
    await untilReady(server);
    const done = await create();
    expect(done.status).toBe(201);
    const stored = eventsOfAccount(await readLog(installation.settings), accountId);
    expect(stored.map(({ type }) => type)).toEqual(['AccountRegistered', 'CredentialCreated']);
    expect(stored.at(-1)?.position).toBe(done.body.position);
  });

  it.each(['listing', 'audit'] as const)('the %s-service says so, and catches up afterwards', async (model) => {
    server = await startService(`${model}-service`, settings);
    await untilReady(server);
    interrupt();
    const { details } = await statusSeen(server, 503);
    expectDown(details, isLogCut ? [...partsCut, model] : partsCut);
    expect((await healthOf(server, 'live')).status).toBe(200);
    // Written past the interruption, by a process that does not have it.
    const writer = await installation.start('command-service');
    const accountId = await installation.newAccount(writer);
    await writer.stop();

    proxy.behaviour = 'open';
    await untilReady(server);
    const latest = eventsOfAccount(await readLog(installation.settings), accountId).at(-1)?.position ?? '';
    const path = `/v1/accounts/${accountId}${model === 'listing' ? '' : '/audit'}?minPosition=${latest}`;
    const { status, text } = await new HttpClient(server.httpUrl).get(path, { token: installation.token });
    expect({ status, tells: text.includes(accountId) }).toEqual({ status: 200, tells: true });
  });
});
