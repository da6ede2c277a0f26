import { randomBytes } from 'node:crypto';
import { openLogBinding, openSecrets, WrongLog, WrongMasterKey, type RetainedSecret } from '../src/index.js';
import { newDatabase, newPool, prefixed, type TestDatabase } from './database.js';

const LOG = 'a'.repeat(32);
const SECRET: RetainedSecret = {
  accountId: 'acct_1',
  credentialId: 'cred_1',
  part: 'secret',
  reference: '1',
  secret: 'whsec_kept',
};
const TABLES = ['key_checks', 'logs', 'peppers', 'retained_secrets'];

let database: TestDatabase;
let masterKey: Buffer;
let pepper: Buffer;

const open = () => openSecrets(database.pool, prefixed('blue_'), masterKey);

const tablesIn = async (schema: string, kind = 'r'): Promise<string[]> => {
  const text = `select relname from pg_class where relnamespace = to_regnamespace($1) and relkind = $2
    order by relname`;
  return (await database.pool.query<{ relname: string }>(text, [schema, kind])).rows.map(({ relname }) => relname);
};

/** As releases kept them before secrets had a schema of their own, with something in each table. */
const openInFormerSchema = async (): Promise<void> => {
  const secrets = await open();
  pepper = secrets.keyring.currentPepper.key.export();
  await secrets.retained.put([SECRET]);
  await (await openLogBinding(database.pool, prefixed('blue_'), LOG)).claim();
  await database.pool.query('alter schema blue_secrets rename to blue_issuing');
};

beforeEach(async () => {
  database = await newDatabase();
  masterKey = randomBytes(32);
  await openInFormerSchema();
});

afterEach(() => database.drop());

const expectMoved = async (): Promise<void> => {
  expect(await tablesIn('blue_secrets')).toEqual(TABLES);
  expect(await tablesIn('blue_issuing')).toEqual([]);
  const { keyring, retained } = await open();
  expect(keyring.currentPepper.key.export().equals(pepper)).toBe(true);
  expect(await retained.get(SECRET)).toBe(SECRET.secret);
  const stranger = await openLogBinding(database.pool, prefixed('blue_'), 'b'.repeat(32));
  await expect(stranger.claim()).rejects.toThrow(WrongLog);
};

describe('secrets in the schema of issuing', () => {
  it('are moved into their own, once', async () => {
    await open();
    await expectMoved();
    await expectMoved();
  });

  it('are moved once by processes that start together', async () => {
    const pools = Array.from({ length: 6 }, () => newPool(database.url));
    await Promise.all(pools.map((pool) => openSecrets(pool, prefixed('blue_'), masterKey)));
    await Promise.all(pools.map((pool) => pool.end()));
    await expectMoved();
  });

  it('are moved where only the binding is opened', async () => {
    expect(await (await openLogBinding(database.pool, prefixed('blue_'), LOG)).isCurrent()).toBe(true);
    await expectMoved();
  });

  it('stay where they are for a wrong master key', async () => {
    await expect(openSecrets(database.pool, prefixed('blue_'), randomBytes(32))).rejects.toThrow(WrongMasterKey);
    expect(await tablesIn('blue_issuing')).toEqual(TABLES);
    expect(await tablesIn('blue_secrets')).toEqual([]);
  });

  it('are still there for a process of an older release, which finds no table of its own missing', async () => {
    await open();
    expect(await tablesIn('blue_issuing', 'v')).toEqual(TABLES);
    const { pool } = database;
    await pool.query('create table if not exists blue_issuing.peppers (version integer primary key)');
    await pool.query('insert into blue_issuing.peppers (version, sealed) values (1, $1) on conflict do nothing', [
      masterKey,
    ]);
    await pool.query(
      `insert into blue_issuing.retained_secrets (account_id, credential_id, part, reference, sealed)
       values ('acct_1', 'cred_2', 'secret', '2', $1) on conflict do nothing`,
      [masterKey],
    );
    await pool.query(`begin; lock table blue_issuing.logs in exclusive mode;
      insert into blue_issuing.logs values ('${LOG}', 'current') on conflict (log_id) do update set state = 'current';
      commit`);
    expect((await pool.query('select from blue_secrets.retained_secrets')).rowCount).toBe(2);
    await expectMoved();
  });

  it('are refused beside others in their own schema, such as after a restore', async () => {
    await open();
    await database.pool.query('drop view blue_issuing.peppers; create table blue_issuing.peppers (version integer)');
    await expect(open()).rejects.toThrow(/^Both "blue_issuing".peppers and "blue_secrets".peppers are there: /);
  });
});
