import { createSecretKey, randomBytes } from 'node:crypto';
import {
  generateToken,
  generateWebhookSecret,
  openSecrets,
  RetainedSecrets,
  SealBroken,
  type RetainedSecret,
  type SecretPlace,
} from '../src/index.js';
import { newDatabase, prefixed, textOf, type TestDatabase } from './database.js';

const TABLE = 'secrets.retained_secrets';
const HOUR_MS = 3_600_000;

let database: TestDatabase;
let retained: RetainedSecrets;

beforeAll(async () => {
  database = await newDatabase();
  ({ retained } = await openSecrets(database.pool, prefixed(''), randomBytes(32)));
});

afterAll(() => database.drop());

beforeEach(async () => {
  await database.pool.query(`truncate ${TABLE}`);
});

const place = (change: Partial<SecretPlace> = {}): SecretPlace => ({
  accountId: 'acct_1',
  credentialId: 'cred_1',
  part: 'authToken',
  reference: '1',
  ...change,
});
const token = (change: Partial<SecretPlace> = {}): RetainedSecret => ({
  ...place(change),
  secret: generateToken('kat'),
});
const storedPlaces = async (): Promise<SecretPlace[]> => {
  const places: SecretPlace[] = [];
  for await (const page of retained.olderThan(0, 100)) places.push(...page);
  return places;
};
const age = async ({ accountId, credentialId }: SecretPlace, ageMs: number): Promise<void> => {
  await database.pool.query(
    `update ${TABLE} set created_at = now() - make_interval(secs => $3) where account_id = $1 and credential_id = $2`,
    [accountId, credentialId, ageMs / 1_000],
  );
};

describe('put and get', () => {
  it('keep every part and reference in its own place', async () => {
    const secrets = [
      token(),
      token({ reference: '2' }),
      token({ credentialId: 'cred_2' }),
      token({ accountId: 'acct_2' }),
      { ...place({ part: 'privateSalt' }), secret: generateWebhookSecret() },
    ];
    await retained.put(secrets);
    for (const { secret, ...where } of secrets) expect(await retained.get(where)).toBe(secret);
    expect(await retained.get(place({ reference: '3' }))).toBeUndefined();
  });

  it('store nothing for an empty list', async () => {
    await retained.put([]);
    expect(await storedPlaces()).toEqual([]);
  });

  it('take the same secret again, beside new ones', async () => {
    const [first, second] = [token(), token({ reference: '2' })];
    await retained.put([first]);
    await retained.put([first, second]);
    expect(await retained.get(first)).toBe(first.secret);
    expect(await retained.get(second)).toBe(second.secret);
  });

  it('never write another secret over one that is there', async () => {
    const [first, rival, beside] = [token(), token(), token({ reference: '2' })];
    await retained.put([first]);
    await retained.put([beside, rival]);
    expect(await retained.get(place())).toBe(first.secret);
    expect(await retained.get(beside)).toBe(beside.secret);
  });

  it('do not block each other when two writers fill the same places in opposite order', async () => {
    for (let round = 0; round < 5; round += 1) {
      const places = Array.from({ length: 200 }, (_, at) =>
        place({ credentialId: `cred_${round}`, reference: String(at) }),
      );
      const secrets = places.map((where) => token(where));
      await Promise.all([retained.put(secrets), retained.put(secrets.toReversed())]);
      for (const { secret, ...where } of secrets) expect(await retained.get(where)).toBe(secret);
    }
  });

  it('do not open a row that was moved to another place', async () => {
    await retained.put([token()]);
    for (const change of [
      "account_id = 'acct_9'",
      "credential_id = 'cred_9'",
      "part = 'privateSalt'",
      "reference = '9'",
    ]) {
      await database.pool.query(`update ${TABLE} set ${change}`);
      const moved = await storedPlaces();
      expect(moved).toHaveLength(1);
      for (const where of moved) await expect(retained.get(where)).rejects.toThrow(SealBroken);
    }
  });

  it('do not open with another key', async () => {
    await retained.put([token()]);
    const stranger = new RetainedSecrets(database.pool, 'secrets', createSecretKey(randomBytes(32)));
    await expect(stranger.get(place())).rejects.toThrow(SealBroken);
  });

  it('leave no secret readable in the table', async () => {
    const secrets = Array.from({ length: 50 }, (_, at) => token({ reference: String(at) }));
    await retained.put(secrets);
    const shown = await textOf(database.pool, TABLE);
    for (const { secret } of secrets) {
      for (const text of [secret, secret.slice('kat_'.length)]) {
        expect(shown).not.toContain(text);
        for (const encoding of ['hex', 'base64', 'base64url'] as const) {
          expect(shown).not.toContain(Buffer.from(text).toString(encoding));
        }
      }
    }
  });
});

describe('destroy', () => {
  it('removes every part of one credential', async () => {
    const others = [token({ credentialId: 'cred_2' }), token({ accountId: 'acct_2' })];
    await retained.put([token(), token({ reference: '2' }), token({ part: 'privateSalt' }), ...others]);
    await retained.destroy('acct_1', 'cred_1');
    expect(await storedPlaces()).toEqual([place({ credentialId: 'cred_2' }), place({ accountId: 'acct_2' })]);
    await expect(retained.destroy('acct_1', 'cred_1')).resolves.toBeUndefined();
  });

  it('of one secret leaves the others', async () => {
    await retained.put([token(), token({ reference: '2' }), token({ part: 'privateSalt' })]);
    await retained.destroyPart(place());
    expect(await storedPlaces()).toEqual([place({ reference: '2' }), place({ part: 'privateSalt' })]);
  });

  it('of an orphan spares what was stored there since', async () => {
    await retained.put([token(), token({ credentialId: 'cred_2' })]);
    await age(place(), 2 * HOUR_MS);
    await age(place({ credentialId: 'cred_2' }), HOUR_MS / 2);
    await retained.destroyPart(place(), HOUR_MS);
    await retained.destroyPart(place({ credentialId: 'cred_2' }), HOUR_MS);
    expect(await storedPlaces()).toEqual([place({ credentialId: 'cred_2' })]);
  });
});

describe('olderThan', () => {
  it('lists old places only, each once, in pages', async () => {
    const old = Array.from({ length: 7 }, (_, at) => token({ credentialId: `cred_${at}`, reference: String(at + 1) }));
    const young = token({ accountId: 'acct_0' });
    await retained.put([...old, young]);
    for (const each of old) await age(each, 2 * HOUR_MS);
    await age(young, HOUR_MS / 2);
    const pages: (readonly SecretPlace[])[] = [];
    for await (const page of retained.olderThan(HOUR_MS, 3)) pages.push(page);
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual(old.map(({ secret: _, ...where }) => where));
  });

  it('goes on after the listed places were destroyed', async () => {
    await retained.put(Array.from({ length: 5 }, (_, at) => token({ credentialId: `cred_${at}` })));
    let listed = 0;
    for await (const page of retained.olderThan(0, 2)) {
      listed += page.length;
      for (const each of page) await retained.destroyPart(each);
    }
    expect(listed).toBe(5);
    expect(await storedPlaces()).toEqual([]);
  });
});
