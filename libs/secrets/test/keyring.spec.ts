import { createSecretKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { advisoryKey } from '@keyledger/postgres';
import type pg from 'pg';
import { deriveKey } from '../src/cryptography.js';
import { open, openSecrets, seal, SealBroken, WrongMasterKey, type KeyedRequest } from '../src/index.js';
import { cuttableWayTo, newDatabase, newPool, prefixed, textOf, type TestDatabase } from './database.js';

const LOCK = advisoryKey('secrets', 'secrets');

let database: TestDatabase;

const openKeyring = async (pool: pg.Pool, prefix: string, masterKey: Uint8Array) =>
  (await openSecrets(pool, prefixed(prefix), masterKey)).keyring;

beforeEach(async () => {
  database = await newDatabase();
});

afterEach(() => database.drop());

describe('openSecrets', () => {
  it('creates one pepper and finds it again', async () => {
    const masterKey = randomBytes(32);
    const first = await openKeyring(database.pool, '', masterKey);
    const second = await openKeyring(database.pool, '', masterKey);
    expect(first.currentPepper.version).toBe(1);
    expect(first.currentPepper.key.symmetricKeySize).toBe(32);
    expect(second.currentPepper.key.equals(first.currentPepper.key)).toBe(true);
    expect(second.pepper(1)).toBe(second.currentPepper);
    expect(second.pepper(2)).toBeUndefined();
  });

  it('creates one pepper when many open it at once', async () => {
    const masterKey = randomBytes(32);
    const keyrings = await Promise.all(Array.from({ length: 8 }, () => openKeyring(database.pool, '', masterKey)));
    const { rowCount } = await database.pool.query('select 1 from secrets.peppers');
    expect(rowCount).toBe(1);
    expect(new Set(keyrings.map(({ currentPepper }) => currentPepper.key.export().toString('hex'))).size).toBe(1);
  });

  it('refuses a pepper that was moved to another version', async () => {
    const masterKey = randomBytes(32);
    await openKeyring(database.pool, '', masterKey);
    await database.pool.query('update secrets.peppers set version = 2');
    await expect(openKeyring(database.pool, '', masterKey)).rejects.toThrow(SealBroken);
  });

  it('takes the highest version for new digests and keeps the others', async () => {
    const masterKey = randomBytes(32);
    const before = await openKeyring(database.pool, '', masterKey);
    const pepper = randomBytes(32);
    const key = deriveKey(createSecretKey(masterKey), 'peppers');
    await database.pool.query('insert into secrets.peppers (version, sealed) values (2, $1)', [
      seal(key, pepper.toString('base64'), ['pepper', '2']),
    ]);
    const after = await openKeyring(database.pool, '', masterKey);
    expect(after.currentPepper.version).toBe(2);
    expect(after.currentPepper.key.export().equals(pepper)).toBe(true);
    expect(after.pepper(1)?.key.equals(before.currentPepper.key)).toBe(true);
  });

  it('refuses another master key in one line that says what to do, and changes nothing', async () => {
    const masterKey = randomBytes(32);
    const { currentPepper } = await openKeyring(database.pool, '', masterKey);
    const opening = openKeyring(database.pool, '', randomBytes(32));
    await expect(opening).rejects.toThrow(WrongMasterKey);
    await expect(opening).rejects.toThrow(/^The master key does not belong to this database: start with [^\n]*$/);
    const elsewhere = newPool(database.url); // It would wait for ever if the refused one still held the lock.
    const again = await openKeyring(elsewhere, '', masterKey);
    expect(again.currentPepper.key.equals(currentPepper.key)).toBe(true);
    await elsewhere.end();
  });

  it('lets one of two master keys win when both come first', async () => {
    const openings = [1, 2].map(() => openKeyring(database.pool, '', randomBytes(32)));
    const settled = await Promise.allSettled(openings);
    const refused = settled.filter(({ status }) => status === 'rejected');
    expect(refused).toEqual([{ status: 'rejected', reason: expect.any(WrongMasterKey) as unknown }]);
  });

  it.each([0, 16, 31, 33])('refuses a master key of %d bytes', async (length) => {
    await expect(openKeyring(database.pool, '', randomBytes(length))).rejects.toThrow(RangeError);
  });

  it.each(['', 'Secrets', 'a"b', 'a.b', 'a'.repeat(64)])('refuses the schema name "%s"', async (schema) => {
    await expect(openSecrets(database.pool, () => schema, randomBytes(32))).rejects.toThrow(RangeError);
  });

  it('keeps installations in different schemas apart', async () => {
    const masterKey = randomBytes(32);
    const first = await openKeyring(database.pool, '', masterKey);
    const second = await openKeyring(database.pool, 'other_', masterKey);
    expect(second.currentPepper.key.equals(first.currentPepper.key)).toBe(false);
  });

  it('rejects when the connection is lost meanwhile, and changes nothing', async () => {
    const blocker = await database.pool.connect();
    await blocker.query('begin');
    await blocker.query('select pg_advisory_xact_lock($1)', [LOCK]);
    const way = await cuttableWayTo(database.url);
    const pool = newPool(way.url);
    const rejected = expect(openKeyring(pool, '', randomBytes(32))).rejects.toThrow(/terminated unexpectedly/);
    const waiting = `select 1 from pg_locks join pg_database d on d.oid = database
                     where datname = current_database() and locktype = 'advisory' and not granted`;
    while ((await database.pool.query(waiting)).rowCount === 0);
    way.cut();
    await rejected;
    await pool.end();
    await blocker.query('commit');
    blocker.release();
    await expect(openKeyring(database.pool, '', randomBytes(32))).resolves.toBeDefined();
  });

  it('shows neither master key nor pepper in tables, logs or JSON', async () => {
    const masterKey = randomBytes(32);
    const keyring = await openKeyring(database.pool, '', masterKey);
    const stored =
      (await textOf(database.pool, 'secrets.peppers')) + (await textOf(database.pool, 'secrets.key_checks'));
    const shown = stored + inspect(keyring, { depth: 10, showHidden: true }) + JSON.stringify(keyring);
    const keys = [masterKey, keyring.currentPepper.key.export(), keyring.retainedSecretsKey.export()];
    for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const) {
      for (const key of keys) expect(shown).not.toContain(key.toString(encoding));
    }
  });
});

describe('derived keys', () => {
  const request: KeyedRequest = { principal: 'user-1', route: 'POST /v1/accounts', idempotencyKey: 'k'.repeat(16) };

  it('differ by purpose', async () => {
    const keyring = await openKeyring(database.pool, '', randomBytes(32));
    const keys = [keyring.retainedSecretsKey, keyring.deletionPhraseKey, keyring.preparedCommandKey(request)];
    expect(new Set(keys.map((key) => key.export().toString('hex'))).size).toBe(3);
  });

  it('are the same after a restart, and others under another master key', async () => {
    const masterKey = randomBytes(32);
    const first = await openKeyring(database.pool, '', masterKey);
    const second = await openKeyring(database.pool, '', masterKey);
    const other = await openKeyring(database.pool, 'other_', randomBytes(32));
    expect(second.deletionPhraseKey.equals(first.deletionPhraseKey)).toBe(true);
    expect(second.retainedSecretsKey.equals(first.retainedSecretsKey)).toBe(true);
    expect(other.deletionPhraseKey.equals(first.deletionPhraseKey)).toBe(false);
    expect(other.retainedSecretsKey.equals(first.retainedSecretsKey)).toBe(false);
  });

  it('open a prepared command for the same request only', async () => {
    const keyring = await openKeyring(database.pool, '', randomBytes(32));
    const sealed = seal(keyring.preparedCommandKey(request), 'secret', []);
    expect(open(keyring.preparedCommandKey({ ...request }), sealed, [])).toBe('secret');
    const others: KeyedRequest[] = [
      { ...request, principal: 'user-2' },
      { ...request, route: 'POST /v1/account' },
      { ...request, idempotencyKey: 'k'.repeat(17) },
      { ...request, principal: 'user-1P', route: 'OST /v1/accounts' },
    ];
    for (const other of others) {
      expect(() => open(keyring.preparedCommandKey(other), sealed, [])).toThrow(SealBroken);
    }
    const long = { ...request, principal: 'p'.repeat(5_000) };
    expect(keyring.preparedCommandKey(long).equals(keyring.preparedCommandKey(request))).toBe(false);
  });
});
