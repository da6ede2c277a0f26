import { randomUUID } from 'node:crypto';
import { openPool } from '@keyledger/postgres';
import { createDatabase, setUnusualDefaults, type TestDatabase } from '@keyledger/testing';
import type pg from 'pg';
import { UsageTables, type CountedUse } from '../src/usage/usage-tables.js';

const config = { streamPrefix: 'green-' };
const noon = (day: number): Date => new Date(Date.UTC(2021, 4, day, 12));

describe('the tables of usage', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let tables: UsageTables;

  beforeAll(async () => {
    database = await createDatabase();
    await setUnusualDefaults(database.url);
    pool = openPool(database.url, { max: 8 });
    tables = await UsageTables.open(pool, config);
  });

  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const newCredential = () => ({ accountId: `acct_${randomUUID()}`, credentialId: `cred_${randomUUID()}` });

  const used = (credential: ReturnType<typeof newCredential>, rest: Partial<CountedUse> = {}): CountedUse => ({
    ...{ ...credential, version: 1, date: '2021-05-20', lastUsedAt: noon(20), counts: [['VALID', 3]] },
    ...rest,
  });

  const add = (replicaId: string, number: number, ...uses: readonly CountedUse[]): Promise<void> =>
    tables.add({ replicaId, number, uses });

  const lastUses = async (credentialId: string) => (await tables.lastUses([credentialId])).get(credentialId);

  it('are made once by several processes that start at the same time', async () => {
    const opened = Promise.all([1, 2, 3, 4].map(() => UsageTables.open(pool, { streamPrefix: 'at-once-' })));
    await expect(opened).resolves.toHaveLength(4);
  });

  it('take a batch once, however often and however close together it comes', async () => {
    const credential = newCredential();
    const replica = randomUUID();
    const batch = [used(credential), used(newCredential())];
    await Promise.all([1, 2, 3, 4].map(() => add(replica, 1, ...batch)));
    await add(replica, 1, ...batch);
    expect(await tables.days(credential.credentialId, '2021-05-01')).toEqual([
      { date: '2021-05-20', code: 'VALID', count: 3 },
    ]);
    await add(replica, 2, ...batch);
    expect(await tables.days(credential.credentialId, '2021-05-01')).toMatchObject([{ count: 6 }]);
  });

  it('add up what replicas counted at the same time, and keep the latest use of each version', async () => {
    const credentials = Array.from({ length: 50 }, newCredential);
    const replicas = Array.from({ length: 4 }, () => randomUUID());
    const work = replicas.map(async (replica, index) => {
      for (let number = 1; number <= 10; number += 1) {
        // Each in another order: they must not wait for each other in a circle.
        const order = index % 2 === 0 ? credentials : [...credentials].reverse();
        const lastUsedAt = new Date(noon(20).getTime() + ((index * 7 + number * 3) % 31) * 1_000);
        await add(replica, number, ...order.map((credential) => used(credential, { lastUsedAt })));
      }
    });
    await Promise.all(work);
    for (const { credentialId } of credentials) {
      expect(await tables.days(credentialId, '2021-05-01')).toMatchObject([{ count: 120 }]);
      expect(await lastUses(credentialId)).toEqual(new Map([[1, '2021-05-20T12:00:30.000Z']]));
    }
  });

  it('keep versions, days and codes apart, and know no last use where nothing was valid', async () => {
    const credential = newCredential();
    await add(
      randomUUID(),
      1,
      used(credential, {
        counts: [
          ['VALID', 2],
          ['EXPIRED', 1],
        ],
      }),
      used(credential, { date: '2021-05-21', lastUsedAt: noon(21) }),
      used(credential, {
        version: 2,
        lastUsedAt: null,
        counts: [
          ['SUSPENDED', 4],
          ['EXPIRED', 1],
        ],
      }),
    );
    expect(await tables.days(credential.credentialId, '2021-05-20')).toEqual([
      { date: '2021-05-20', code: 'EXPIRED', count: 2 },
      { date: '2021-05-20', code: 'SUSPENDED', count: 4 },
      { date: '2021-05-20', code: 'VALID', count: 2 },
      { date: '2021-05-21', code: 'VALID', count: 3 },
    ]);
    expect(await tables.days(credential.credentialId, '2021-05-21')).toHaveLength(1);
    expect(await lastUses(credential.credentialId)).toEqual(new Map([[1, noon(21).toISOString()]]));
  });

  it('forget days that are too long ago, but not the last use', async () => {
    const credential = newCredential();
    const dayAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
    const old = Array.from({ length: 5_100 }, newCredential).map((each) => used(each, { date: dayAgo(402) }));
    const replica = randomUUID();
    await add(replica, 1, used(credential, { date: dayAgo(402) }), used(credential, { date: dayAgo(398) }), ...old);
    await tables.forgetOlderThan(400);
    expect(await tables.days(credential.credentialId, '2000-01-01')).toMatchObject([{ date: dayAgo(398) }]);
    const { rows } = await pool.query('select from green_usage.days where date < $1', [dayAgo(401)]);
    expect(rows).toHaveLength(0);
    expect(await lastUses(credential.credentialId)).toEqual(new Map([[1, noon(20).toISOString()]]));
  });

  it('find credentials by when they were counted last, and forget them', async () => {
    const [gone, kept] = [newCredential(), newCredential()];
    await add(randomUUID(), 1, used(gone), used(gone, { version: 2 }), used(kept));
    const found = async (ageMs: number): Promise<readonly unknown[]> => {
      const pages = [];
      for await (const page of tables.countedBefore(ageMs, 700)) pages.push(...page);
      return pages;
    };
    expect(await found(0)).toEqual(expect.arrayContaining([gone, kept]));
    expect(await found(3_600_000)).toEqual([]);
    await tables.forget([gone.credentialId]);
    expect(await found(0)).not.toContainEqual(gone);
    expect(await tables.days(gone.credentialId, '2000-01-01')).toEqual([]);
    expect(await tables.days(kept.credentialId, '2000-01-01')).toHaveLength(1);
  });
});
