import { createDatabase, type TestDatabase } from '@keyledger/testing';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import { readLog } from './harness/read-log.js';
import { sendRaw, type RawHttpRequest } from './harness/raw-http.js';
import { Visit } from './harness/shared-server.js';
import { Canaries, formsOf } from './secrecy/canaries.js';
import { dumpDatabase } from './secrecy/database-dump.js';
import { SecretIssuer } from './secrecy/issue-secrets.js';

const MASTER_KEY = Buffer.from('a master key that is of 32 bytes').toString('base64');
const METRICS_TOKEN = 'canary-metrics-token-0123456789';
const ACCOUNTS = 46;
const AT_A_TIME = 6;

const canaries = new Canaries();
let database: TestDatabase;
let server: KeyledgerProcess;
let visit: Visit;
let token: string;
const accountIds: string[] = [];

const issueInOneAccount = async (index: number): Promise<void> => {
  const { accountId } = await visit.newAccount({ name: `Customer ${index}` });
  accountIds.push(accountId);
  const door = visit.doors[index % 2 === 0 ? 0 : 1];
  await new SecretIssuer(door, canaries, token, accountId).issueAll();
};

beforeAll(async () => {
  database = await createDatabase();
  server = await startKeyledger({
    ...{ KEYLEDGER_DATABASE_URL: database.url, KEYLEDGER_MASTER_KEY: MASTER_KEY, KEYLEDGER_LOCAL_ISSUER: 'true' },
    ...{ KEYLEDGER_LOG_LEVEL: 'trace', KEYLEDGER_METRICS_TOKEN: METRICS_TOKEN },
  });
  visit = new Visit(server);
  token = await visit.token();
  const waiting = Array.from({ length: ACCOUNTS }, (_, index) => index);
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await issueInOneAccount(next);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  for (const secret of [token, MASTER_KEY, METRICS_TOKEN]) canaries.add(secret);
});

afterAll(async () => {
  visit.close();
  await server.remove();
  await database.drop();
});

it('would notice a secret in every form', () => {
  expect(canaries.count).toBeGreaterThan(1_000);
  const [secret = ''] = canaries.all;
  const forms = [...formsOf(secret), Buffer.from(`{"a":"${secret}"}`).toString('base64')];
  for (const form of forms) expect(canaries.leaksIn(`before ${form} after`)).not.toEqual([]);
  expect(canaries.leaksIn(`whsec_…${secret.slice(-4)} acct_01890000-0000-7000-8000-000000000000`)).toEqual([]);
});

it('shows no secret a second time in what it lists', async () => {
  const texts = await Promise.all(
    accountIds.slice(0, 10).flatMap((accountId) =>
      ['credentials?limit=200', 'audit?limit=200', 'api-access', 'applications'].map(async (list) => {
        const { status, text } = await visit.http.get(`/v1/accounts/${accountId}/${list}`, { token });
        expect(status).toBe(200);
        return text;
      }),
    ),
  );
  expect(canaries.leaksIn(texts.join('\n'))).toEqual([]);
});

it('repeats no secret in a refusal', async () => {
  const [accountId = ''] = accountIds;
  const account = `/v1/accounts/${accountId}`;
  const credentials = `${account}/credentials`;
  // Some of each kind.
  const secrets = canaries.all.filter((_, index) => index % 20 === 0);
  const authorization = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const attempts = secrets.flatMap((secret): readonly RawHttpRequest[] => [
    { method: 'GET', path: `/v1/accounts/${encodeURIComponent(secret)}`, headers: authorization },
    { method: 'GET', path: `${credentials}/${encodeURIComponent(secret)}`, headers: authorization },
    { method: 'GET', path: `/${encodeURIComponent(secret)}`, headers: authorization },
    { method: 'GET', path: `${credentials}?cursor=${encodeURIComponent(secret)}`, headers: authorization },
    { method: 'GET', path: `${credentials}?minPosition=${encodeURIComponent(secret)}`, headers: authorization },
    { method: 'GET', path: `${credentials}?status=${encodeURIComponent(secret)}`, headers: authorization },
    { method: 'GET', path: '/v1/accounts', headers: { authorization: `Bearer ${secret}` } },
    { method: 'GET', path: '/v1/accounts', headers: { authorization: secret, 'x-auth-token': secret } },
    { method: 'PATCH', path: account, headers: { ...authorization, 'if-match': secret }, body: json({ name: 'x' }) },
    { method: 'POST', path: credentials, headers: authorization, body: json({ type: secret }) },
    { method: 'POST', path: credentials, headers: authorization, body: json({ type: 'api_key', mode: secret }) },
    { method: 'POST', path: credentials, headers: authorization, body: json({ type: 'api_secret', surplus: secret }) },
    { method: 'POST', path: credentials, headers: authorization, body: json([secret]) },
    { method: 'POST', path: credentials, headers: authorization, body: Buffer.from(`{"key": ${secret}`) },
    { method: 'PUT', path: `${account}/webhook-signer`, headers: authorization, body: json({ credentialId: secret }) },
    { method: 'PUT', path: `${account}/ip-allowlist`, headers: authorization, body: json({ cidrs: [secret] }) },
  ]);
  for (let at = 0; at < attempts.length; at += 20) {
    const replies = await Promise.all(attempts.slice(at, at + 20).map((attempt) => sendRaw(server.httpUrl, attempt)));
    for (const [index, { status, headers, text }] of replies.entries()) {
      const { method, path } = attempts[at + index] ?? {};
      expect({ method, path, refused: status >= 400 && status < 500 }).toEqual({ method, path, refused: true });
      expect({ method, path, leaks: canaries.leaksIn(JSON.stringify(headers) + text) }).toEqual({
        method,
        path,
        leaks: [],
      });
    }
  }
});

it('measures without telling a secret', async () => {
  const { status, text } = await visit.http.get('/metrics', { token: METRICS_TOKEN });
  expect(status).toBe(200);
  expect(text).toContain('keyledger_requests_total');
  expect(canaries.leaksIn(text)).toEqual([]);
});

it('stores no secret in the open', async () => {
  const dump = await dumpDatabase(database.url);
  const tables = [...dump.keys()];
  const everything = [...dump.values()].join('\n');
  // What is searched is what has just been written.
  for (const accountId of accountIds) expect(everything).toContain(accountId);
  expect(tables.length).toBeGreaterThan(8);
  for (const [table, text] of dump) expect({ table, leaks: canaries.leaksIn(text) }).toEqual({ table, leaks: [] });
});

it('appends no secret to the log, whichever engine holds it', async () => {
  const events = await readLog({ KEYLEDGER_DATABASE_URL: database.url });
  const everything = events.map((event) =>
    [
      event.streamId,
      event.type,
      ...[event.data, event.metadata].map((bytes) => Buffer.from(bytes).toString('latin1')),
    ].join('\n'),
  );
  for (const accountId of accountIds) expect(everything.join('\n')).toContain(accountId);
  expect(events.length).toBeGreaterThan(1_000);
  expect(canaries.leaksIn(everything.join('\n'))).toEqual([]);
});

it('logs no secret, even at the level that says most', async () => {
  const { stdout, stderr } = server.output;
  // Each request is a line at this level.
  expect(stdout.split('\n').length).toBeGreaterThan(canaries.count);
  expect(canaries.leaksIn(stdout)).toEqual([]);
  expect(canaries.leaksIn(stderr)).toEqual([]);
});
