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

it('projects the same from the feed, and goes on there after it was killed', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'keyledger-feed-'));
  const server = await serve(stores, [feed], { KEYLEDGER_DATA_DIR: dataDir });
  const wish = { subject: 'reader', roles: ['auditor'] as const, accounts: '*' as const, ttlSeconds: 600 };
  const settings = {
    KEYLEDGER_URL: server.httpUrl,
    KEYLEDGER_TOKEN: await issueToken(await openLocalIssuer(dataDir), wish),
  };
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
  await Promise.all(consumers.splice(0).map((each) => end(each, 'SIGKILL')));
  await server.close();
  await rm(dataDir, { recursive: true });
});
