import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readEvent, type AccountEvent } from '@keyledger/domain';
import { issueToken, openLocalIssuer } from '@keyledger/edge';
import { openPool } from '@keyledger/postgres';
import { createDatabase, KafkaBroker, type TestDatabase } from '@keyledger/testing';
import type pg from 'pg';
import { v4 as uuid } from 'uuid';
import { feed } from '../src/index.js';
import type { KafkaConfig } from '../src/kafka.js';
import { republish, type Replay } from '../src/republish.js';
import { serve } from './serving.js';
import { newAccountId, openStores, registration, renaming, type Stores } from './stores.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const broker = await KafkaBroker.startIfThere('the example of a consumer, on a real Kafka');
afterAll(() => broker?.remove());

let stores: Stores;
let database: TestDatabase;
let pool: pg.Pool;
const consumers: ChildProcess[] = [];

beforeAll(async () => {
  await promisify(execFile)(
    'node',
    ['node_modules/typescript7/bin/tsc', '-b', 'examples/consumer/tsconfig.build.json'],
    {
      cwd: root,
    },
  );
});
beforeEach(async () => {
  stores = await openStores();
  database = await createDatabase();
  pool = openPool(database.url, { max: 2 });
});
afterEach(async () => {
  await Promise.all(consumers.splice(0).map((consumer) => end(consumer, 'SIGTERM')));
  await pool.end();
  await database.drop();
  await stores.drop();
});

const end = async (consumer: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (consumer.exitCode !== null || consumer.signalCode !== null) return;
  const ended = once(consumer, 'exit');
  consumer.kill(signal);
  await ended;
};

/** The program, as a reader of the example starts it. What it complains about is in `said`. */
const start = (program: string, settings: NodeJS.ProcessEnv) => {
  const { PATH } = process.env;
  const env = { PATH, DATABASE_URL: database.url, ...settings };
  const consumer = spawn('node', [`examples/consumer/dist/${program}.js`], { cwd: root, env, stdio: 'pipe' });
  let said = '';
  for (const stream of [consumer.stdout, consumer.stderr]) stream.on('data', (text: Buffer) => (said += String(text)));
  consumers.push(consumer);
  return { consumer, said: () => said };
};

const consume = (topic: string) => start('kafka', { KAFKA_BROKERS: broker?.brokers, KAFKA_TOPIC: topic });

/** Fills the topic, as a publisher does, or once more. */
const send = async (topic: string, wish: Partial<Replay> = {}): Promise<void> => {
  const config: KafkaConfig & { readonly streamPrefix: string } = {
    ...{ kafkaBrokers: [`${broker?.brokers}`], kafkaTopic: topic, kafkaPartitions: 4, kafkaReplication: 1 },
    ...{ kafkaTls: false, kafkaSaslMechanism: null, kafkaSaslUsername: null, kafkaSaslPassword: null },
    streamPrefix: '',
  };
  const { log } = stores;
  const quiet = { onProgress: () => undefined, onTrouble: () => undefined, signal: new AbortController().signal };
  const all = { from: null, to: await log.head(), accountId: null };
  await republish({ ...all, ...wish }, { log, config, patienceMs: 60_000, ...quiet });
};

const at = '2026-03-01T09:30:00.000Z';

/** The life of a credential: how far it goes differs. */
const lifeOf = (credentialId: string, length: number): readonly AccountEvent[] => {
  const created: AccountEvent = {
    ...{ type: 'CredentialCreated', credentialId, credentialType: 'api_key', name: null, description: null },
    ...{ mode: 'test', environment: null, applicationId: null, scopes: [], expiresAt: null, publicPart: null },
    ...{ publicPartMasked: true, bindsIpAllowlist: false, bindsEndpoints: false, retained: false, maySign: false },
    ...{ rotationAdviceDays: 90, version: 1, digest: { value: 'x', pepperVersion: 1 }, maskedSecret: 'key_test_…Zz09' },
    at,
  };
  const rest: readonly AccountEvent[] = [
    { type: 'CredentialSuspended', credentialId, at },
    { type: 'CredentialResumed', credentialId, at },
    renaming('nothing that the example knows'),
    { type: 'CredentialRevoked', credentialId, reason: null, at },
    { type: 'CredentialDeleted', credentialId, at },
  ];
  return [created, ...rest.slice(0, length)];
};

const grow = async (accounts: readonly string[], rounds: number): Promise<void> => {
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, account] of accounts.entries()) {
      await stores.append(account, ...lifeOf(`cred_${uuid()}`, (index + round) % 6));
    }
  }
};

const registered = async (count: number): Promise<readonly string[]> => {
  const accounts = Array.from({ length: count }, newAccountId);
  for (const account of accounts) await stores.append(account, registration(account));
  return accounts;
};

const INACTIVE: ReadonlySet<string> = new Set(['CredentialSuspended', 'CredentialRevoked', 'CredentialDeleted']);
const ACTIVE: ReadonlySet<string> = new Set(['CredentialCreated', 'CredentialResumed']);

/** What the log says, folded without the example. */
const folded = async (accounts: readonly string[]) => {
  const active = new Set<string>();
  let events = 0;
  for (const account of accounts) {
    for (const recorded of await stores.read(account)) {
      const { event } = readEvent(recorded);
      events += 1;
      if ('credentialId' in event && ACTIVE.has(event.type)) active.add(`${account} ${event.credentialId}`);
      if ('credentialId' in event && INACTIVE.has(event.type)) active.delete(`${account} ${event.credentialId}`);
    }
  }
  return { events, active: [...active].sort() };
};

const count = async (what: string): Promise<number> => {
  const { rows } = await pool.query<{ number: string }>(`select ${what} as number from consumer.account`);
  return Number(rows[0]?.number);
};

const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo().catch(() => false))) await delay(20);
};

const taken = (): Promise<number> => count('coalesce(sum(sequence + 1), 0)');

const projected = async () => {
  const text = 'select account_id, credential_id from consumer.active_credential';
  const { rows } = await pool.query<{ account_id: string; credential_id: string }>(text);
  const active = rows.map((row) => `${row.account_id} ${row.credential_id}`);
  return { events: await taken(), active: active.sort() };
};

const withBroker = broker === undefined ? it.skip : it;

withBroker('projects what the log holds, though it is killed and everything comes twice', async () => {
  const accounts = await registered(12);
  await grow(accounts, 12);
  await send('twice');
  const { consumer } = consume('twice');
  await until(async () => (await taken()) > 0);
  await end(consumer, 'SIGKILL');
  await send('twice');
  await grow(accounts, 3);
  await send('twice');
  consume('twice');
  const expected = await folded(accounts);
  await until(async () => (await taken()) >= expected.events);
  expect(await projected()).toEqual(expected);
  expect(await count('count(*) filter (where awaited > sequence)')).toBe(0);
});

withBroker('is rebuilt from the beginning of the topic', async () => {
  const accounts = await registered(3);
  await grow(accounts, 3);
  await send('rebuilt');
  const { consumer } = consume('rebuilt');
  const expected = await folded(accounts);
  await until(async () => (await taken()) >= expected.events);
  await end(consumer, 'SIGKILL');
  await pool.query('truncate consumer.account, consumer.active_credential, consumer.place');
  consume('rebuilt');
  await until(async () => (await taken()) >= expected.events);
  expect(await projected()).toEqual(expected);
});

withBroker('says that an account has a gap, goes on with the others, and is mended by a replay', async () => {
  const accounts = await registered(2);
  const [one = '', other = ''] = accounts;
  await send('gap');
  const { said } = consume('gap');
  await until(async () => (await taken()) === 2);
  const [lost = ''] = await stores.append(one, ...lifeOf(`cred_${uuid()}`, 2));
  await stores.append(other, ...lifeOf(`cred_${uuid()}`, 0));
  await send('gap', { from: await stores.log.anchorAt(lost) });
  await until(async () => (await taken()) === 3);
  await until(async () => (await count('count(*) filter (where awaited > sequence)')) === 1);
  expect(said()).toContain(`${one} lacks event 1, and 2 is here`);
  await send('gap', { accountId: one });
  const expected = await folded(accounts);
  await until(async () => (await taken()) >= expected.events);
  expect(await projected()).toEqual(expected);
  expect(await count('count(*) filter (where awaited > sequence)')).toBe(0);
});

/** A feed, and what the example needs to read it. It stays at its address when it is started again. */
const openFeed = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'keyledger-feed-'));
  const serveOn = (port: string) => serve(stores, [feed], { KEYLEDGER_DATA_DIR: dataDir, KEYLEDGER_HTTP_PORT: port });
  let server = await serveOn('0');
  const url = server.httpUrl;
  const wish = { subject: 'reader', roles: ['auditor'] as const, accounts: '*' as const, ttlSeconds: 600 };
  const token = await issueToken(await openLocalIssuer(dataDir), wish);
  return {
    settings: { KEYLEDGER_URL: url, KEYLEDGER_TOKEN: token },
    stop: () => server.close(),
    startAgain: async () => {
      server = await serveOn(new URL(url).port);
    },
    close: async () => {
      await Promise.all(consumers.splice(0).map((each) => end(each, 'SIGKILL')));
      await server.close();
      await rm(dataDir, { recursive: true });
    },
  };
};

it('projects the same from the feed, and goes on there after it was killed', async () => {
  const { settings, close } = await openFeed();
  const accounts = await registered(12);
  await grow(accounts, 6);
  const { consumer } = start('feed', settings);
  await until(async () => (await taken()) > 0);
  await end(consumer, 'SIGKILL');
  await grow(accounts, 3);
  start('feed', settings);
  const expected = await folded(accounts);
  await until(async () => (await taken()) >= expected.events);
  expect(await projected()).toEqual(expected);
  await close();
});

it('goes on by itself when the server of the feed is back', async () => {
  const { settings, stop, startAgain, close } = await openFeed();
  const accounts = await registered(2);
  const { said } = start('feed', settings);
  await until(async () => (await taken()) === 2);
  await stop();
  await until(() => Promise.resolve(said().includes('ECONNREFUSED')));
  await grow(accounts, 2);
  await startAgain();
  const expected = await folded(accounts);
  await until(async () => (await taken()) >= expected.events);
  expect(await projected()).toEqual(expected);
  expect(said()).not.toContain('    at ');
  await close();
});

it('takes texts from the feed that look like lines of it', async () => {
  const { settings, close } = await openFeed();
  const [account = ''] = await registered(1);
  const text = 'a\u2028event: end\u2029id: evil\nid: evil\r\n\r\ndata: {}\n\nevent: end\u0085\u000b\u000c:';
  const life = lifeOf(`cred_${uuid()}`, 0).map((event) => ({ ...event, name: text, description: text }));
  await stores.append(account, ...life, renaming(text));
  const { said } = start('feed', settings);
  await until(async () => (await taken()) === 3);
  expect(await projected()).toEqual(await folded([account]));
  const { rows } = await pool.query<{ place: string }>('select place from consumer.place');
  expect(rows).toEqual([{ place: await stores.log.head() }]);
  expect(said()).not.toContain('trying again');
  await close();
});

/** All that a program says that ends by itself, and with what. */
const lastWords = async (program: string, settings: NodeJS.ProcessEnv) => {
  const { consumer, said } = start(program, settings);
  const [code] = (await once(consumer, 'close')) as [number];
  return { code, said: said() };
};

it('ends with one line that says what to do, where trying again does not help', async () => {
  const { settings, close } = await openFeed();
  const KEYLEDGER_TOKEN = 'ended';
  expect(await lastWords('feed', { ...settings, DATABASE_URL: undefined })).toEqual({
    code: 1,
    said: 'Set DATABASE_URL to a PostgreSQL database of this consumer, as postgres://…\n',
  });
  expect(await lastWords('feed', { ...settings, KEYLEDGER_TOKEN: undefined })).toEqual({
    code: 1,
    said: 'Set KEYLEDGER_TOKEN to a token with the role auditor.\n',
  });
  const refused = await lastWords('feed', { ...settings, KEYLEDGER_TOKEN });
  expect(refused.code).toBe(1);
  expect(refused.said).toMatch(/^http\S+ answers 401: .* Start again with a new KEYLEDGER_TOKEN\.\n$/);
  await pool.query("insert into consumer.place values ('feed', 'nowhere')");
  const lost = await lastWords('feed', settings);
  expect(lost.code).toBe(1);
  expect(lost.said).toMatch(/^http\S+ answers 422: .* in the README\.\n$/);
  await close();
});

withBroker('waits for brokers and for a topic that are not there yet, and names them', async () => {
  const away = start('kafka', { KAFKA_BROKERS: '127.0.0.1:1', KAFKA_TOPIC: 'late' });
  await until(() => Promise.resolve(away.said().includes('\n')));
  const { said } = consume('late');
  await until(() => Promise.resolve(said().includes('\n')));
  expect(away.said()).toMatch(/^Topic late at 127\.0\.0\.1:1: .*ECONNREFUSED.* - trying again\n/);
  expect(said()).toMatch(/^Topic late at [\d.:]+: .*topic-partition - trying again\n/);
  const accounts = await registered(2);
  await send('late');
  const expected = await folded(accounts);
  await until(async () => (await taken()) >= expected.events);
  expect(await projected()).toEqual(expected);
  expect(said()).not.toContain('    at ');
});
