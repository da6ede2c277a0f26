import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { eventually } from '../harness/eventually.js';
import { HttpClient, type HttpReply } from '../harness/http-client.js';
import type { KeyledgerProcess } from '../harness/keyledger-process.js';
import { healthOf, Installation, untilReady } from './installation.js';

let installation: Installation;
let command: KeyledgerProcess;
let admin: pg.Client;
let accountId: string;

beforeAll(async () => {
  installation = await Installation.create();
  command = await installation.start('command-service');
  accountId = await installation.newAccount(command);
  admin = new pg.Client({ connectionString: installation.settings.KEYLEDGER_DATABASE_URL });
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await installation.remove();
});

const create = (): Promise<HttpReply<{ readonly code?: string }>> =>
  new HttpClient(command.httpUrl).post(
    `/v1/accounts/${accountId}/credentials`,
    { type: 'api_key', mode: 'test' },
    { token: installation.token, headers: { 'idempotency-key': randomUUID() } },
  );

/** Enough at once that every connection of the service has to do with it. */
const createMany = () => Promise.all(Array.from({ length: 40 }, create));

const database = (): string => new URL(installation.settings.KEYLEDGER_DATABASE_URL).pathname.slice(1);

const cutSessions = (): Promise<unknown> =>
  admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()', [
    database(),
  ]);

/** Only this client is told otherwise, so that it can put things right again. */
const setReadOnly = async (scope: string, readOnly: boolean): Promise<void> => {
  await admin.query('set default_transaction_read_only = off');
  const change = readOnly ? 'set default_transaction_read_only = on' : 'reset default_transaction_read_only';
  await admin.query(`${scope} ${change}`);
  await admin.query('select pg_reload_conf()');
};

it.each([
  ['sessions that are cut, and new ones that take no writes', () => `alter database ${database()}`, cutSessions],
  ['sessions that take no writes from now on', () => 'alter system', () => Promise.resolve()],
])('stores nothing, says so, and goes on by itself after: %s', async (_, scope, disturb) => {
  expect((await create()).status).toBe(201);
  await setReadOnly(scope(), true);
  await disturb();
  // On a busy machine another part may be down for a moment before.
  await eventually(async () => {
    const { status, body } = await healthOf(command);
    const isDown = status === 503 && body.details['database']?.status === 'down';
    return isDown ? { answer: body, seen: body } : { seen: body };
  });
  for (const { status, body } of await createMany()) {
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'log-unavailable' });
  }
  await setReadOnly(scope(), false);
  await untilReady(command);
  expect(new Set((await createMany()).map(({ status }) => status))).toEqual(new Set([201]));
});
