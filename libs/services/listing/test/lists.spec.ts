import { builtInTypes, statusAt, type AccountEvent, type CredentialCreated } from '@keyledger/domain';
import type * as contract from '@keyledger/contract';
import { Problem, readCatalogue, UsageTables, validationPipe } from '@keyledger/edge';
import fc from 'fast-check';
import { AccountQueries, ListAccountsInput } from '../src/account-queries.js';
import { ApplicationQueries } from '../src/application-queries.js';
import { CatalogueQueries } from '../src/catalogue-queries.js';
import { CredentialQueries, ListCredentialsInput } from '../src/credential-queries.js';
import { ListInput } from '../src/list-query.js';
import { ListingTables, searchKey } from '../src/tables.js';
import { applicationRegistered, created, newId, registered, second } from './account-events.js';
import { Installation } from './installation.js';

const problem = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no problem',
    (error: unknown) => (error instanceof Problem ? `${error.status} ${error.code}` : String(error)),
  );

/** A query as it comes through the door. */
const input = async <T extends ListInput>(type: new () => T, query: object): Promise<T> =>
  (await validationPipe().transform(query, { type: 'query', metatype: type })) as T;

/** All pages one after the other, each as long as `limit`. */
const walk = async <T>(read: (cursor: object) => Promise<contract.Page<T>>, limit: number): Promise<readonly T[]> => {
  const all: T[] = [];
  let cursor: object = {};
  for (;;) {
    const { items, nextCursor } = await read(cursor);
    expect(items.length).toBeLessThanOrEqual(limit);
    all.push(...items);
    if (nextCursor === null) return all;
    expect(items).toHaveLength(limit);
    cursor = { cursor: nextCursor };
  }
};

const now = second(30);

describe('lists', () => {
  let installation: Installation;
  let accounts: AccountQueries;
  let applications: ApplicationQueries;
  let credentials: CredentialQueries;
  let catalogue: CatalogueQueries;

  beforeAll(async () => {
    installation = await Installation.open();
    const tables = new ListingTables(installation.pool, installation.projection.schema);
    accounts = new AccountQueries(tables);
    catalogue = new CatalogueQueries(tables);
    applications = new ApplicationQueries(tables, accounts, catalogue);
    const usage = await UsageTables.open(installation.pool, Installation.config);
    const types = new Map(builtInTypes.map((type) => [type.type, type]));
    credentials = new CredentialQueries(tables, accounts, usage, types);
  });

  afterAll(() => installation.close());

  const listCredentials = async (accountId: string, query: object): Promise<contract.Page<contract.Credential>> =>
    credentials.list(accountId, await input(ListCredentialsInput, query), now);
  const found = async (accountId: string, query: object): Promise<readonly (string | null)[]> =>
    (await listCredentials(accountId, query)).items.map(({ name }) => name);

  /** An account with these credentials. */
  const accountWith = async (...events: readonly CredentialCreated[]): Promise<string> => {
    const accountId = newId('acct');
    await installation.toAccount(accountId, registered(accountId), ...events);
    await installation.project();
    return accountId;
  };

  describe('of credentials', () => {
    const [applicationA, applicationB] = [newId('app'), newId('app')];
    const any = fc.record({
      name: fc.option(fc.constantFrom('alpha', 'Alpha', 'beta', 'ΟΔΟΣ', '10%', 'a_b')),
      credentialType: fc.constantFrom('api_key', 'api_secret', 'gone_type'),
      mode: fc.option(fc.constantFrom('test' as const, 'live' as const)),
      environment: fc.option(fc.constantFrom('staging' as const, 'production' as const)),
      applicationId: fc.option(fc.constantFrom(applicationA, applicationB)),
      expiresAt: fc.option(fc.constantFrom(now, second(29), second(31))),
      publicPart: fc.option(fc.constantFrom('kci_Alpha', 'kci_b')),
      // Few different times, so that many are equal.
      at: fc.constantFrom(second(1), second(2), second(3)),
      ends: fc.constantFrom(null, 'CredentialRevoked' as const, 'CredentialSuspended' as const),
    });
    const anyQuery = fc.record(
      {
        type: fc.constantFrom('api_key', 'api_secret', 'gone_type'),
        status: fc.constantFrom('active', 'suspended', 'revoked', 'expired'),
        mode: fc.constantFrom('test', 'live'),
        environment: fc.constantFrom('staging', 'production'),
        applicationId: fc.constantFrom(applicationA, applicationB),
        q: fc.constantFrom('', 'AL', 'kci_', 'οδοσ', '10%', 'a%', 'a_', 'cred_', 'CRED_0', 'none'),
        sort: fc.constantFrom('-createdAt', 'createdAt', 'name', '-name'),
      },
      { requiredKeys: [] },
    );
    type Query = Partial<Record<'type' | 'status' | 'mode' | 'environment' | 'applicationId' | 'q' | 'sort', string>>;

    const fits = (credential: contract.Credential, { q = '', sort: _, ...filters }: Query): boolean =>
      Object.entries(filters).every(([field, value]) => credential[field as keyof contract.Credential] === value) &&
      [credential.name, credential.publicPart, credential.credentialId].some(
        (text) => q === '' || (text !== null && searchKey(text).startsWith(searchKey(q))),
      );

    const compare = (left: string, right: string): number => Number(left > right) - Number(left < right);
    const order =
      (sort = '-createdAt') =>
      (left: contract.Credential, right: contract.Credential): number => {
        const sign = sort.startsWith('-') ? -1 : 1;
        const byId = sign * compare(left.credentialId, right.credentialId);
        if (!sort.endsWith('name')) return sign * compare(left.createdAt, right.createdAt) || byId;
        if (left.name === null || right.name === null) {
          return Number(left.name === null) - Number(right.name === null) || byId;
        }
        return sign * compare(searchKey(left.name), searchKey(right.name)) || byId;
      };

    it('have what the filters say, in order, page by page', async () => {
      const seen = fc.sample(any, { numRuns: 80, seed: 7 });
      const events = seen.flatMap(({ ends, ...rest }): readonly AccountEvent[] => {
        const event = created(newId('cred'), rest);
        const ended = { credentialId: event.credentialId, at: second(5) };
        if (ends === null) return [event];
        const end: AccountEvent =
          ends === 'CredentialSuspended' ? { type: ends, ...ended } : { type: ends, reason: null, ...ended };
        return [event, end];
      });
      const accountId = newId('acct');
      await installation.toAccount(accountId, registered(accountId), ...events);
      await installation.project();
      const all = (await listCredentials(accountId, { limit: '200' })).items;
      expect(all).toHaveLength(80);
      await fc.assert(
        fc.asyncProperty(anyQuery, fc.integer({ min: 1, max: 30 }), async (query, limit) => {
          const read = (cursor: object) => listCredentials(accountId, { ...query, limit: String(limit), ...cursor });
          const expected = all.filter((credential) => fits(credential, query)).sort(order(query.sort));
          // A type that is not configured and that nothing has is refused, and so it says in another test.
          if (query.type === 'gone_type' && !all.some(({ type }) => type === 'gone_type')) return;
          expect(await walk(read, limit)).toEqual(expected);
        }),
        { numRuns: 150 },
      );
    });

    it('show the status of the moment, as the filter has it', async () => {
      const expiring = created(newId('cred'), { expiresAt: now });
      const accountId = await accountWith(expiring);
      const [listed] = (await listCredentials(accountId, { status: 'expired' })).items;
      expect(listed?.status).toBe(statusAt({ status: 'active', expiresAt: now }, now));
      const before = second(29);
      const active = await credentials.list(accountId, await input(ListCredentialsInput, { status: 'active' }), before);
      expect(active.items[0]?.status).toBe('active');
    });

    it('sort names in any case, and what has none last in both directions', async () => {
      const names = ['beta', null, 'Alpha', 'alpha2', null, 'Gamma'];
      const accountId = await accountWith(...names.map((name) => created(newId('cred'), { name })));
      expect(await found(accountId, { sort: 'name' })).toEqual(['Alpha', 'alpha2', 'beta', 'Gamma', null, null]);
      expect(await found(accountId, { sort: '-name' })).toEqual(['Gamma', 'beta', 'alpha2', 'Alpha', null, null]);
    });

    it('take the text of a search literally', async () => {
      const names = ['50% off', '50 off', 'a_b', 'axb', 'a\\b'];
      const accountId = await accountWith(...names.map((name) => created(newId('cred'), { name, at: second(1) })));
      expect(await found(accountId, { q: '50%' })).toEqual(['50% off']);
      expect(await found(accountId, { q: 'A_' })).toEqual(['a_b']);
      expect(await found(accountId, { q: 'a\\' })).toEqual(['a\\b']);
      expect(await found(accountId, { q: '%' })).toEqual([]);
      expect(await found(accountId, { q: 'off' })).toEqual([]);
    });

    it('are searched by the public part that is shown', async () => {
      const masked = created(newId('cred'), { name: 'masked', publicPartMasked: true, maskedSecret: 'key_test_…Wxyz' });
      const pair = created(newId('cred'), { name: 'pair', publicPart: 'kci_Abc', maskedSecret: 'kcs_…hidd' });
      const accountId = await accountWith(masked, pair);
      expect(await found(accountId, { q: 'KEY_TEST_…w' })).toEqual(['masked']);
      expect(await found(accountId, { q: 'kci_a' })).toEqual(['pair']);
      expect(await found(accountId, { q: 'kcs_' })).toEqual([]);
      expect(await found(accountId, { q: pair.credentialId.toUpperCase() })).toEqual(['pair']);
    });

    it('go on behind the last item although newer ones have come', async () => {
      const ids = [newId('cred'), newId('cred'), newId('cred')];
      const accountId = await accountWith(...ids.map((id, index) => created(id, { at: second(index + 1) })));
      const first = await listCredentials(accountId, { limit: '2' });
      await installation.toAccount(accountId, created(newId('cred'), { at: second(9) }), {
        type: 'CredentialDeleted',
        credentialId: ids[1] ?? '',
        at: second(10),
      });
      await installation.project();
      const { items } = await listCredentials(accountId, { limit: '2', cursor: first.nextCursor });
      expect(items.map(({ credentialId }) => credentialId)).toEqual([ids[0]]);
    });

    it.each([
      [{ status: 'inactive' }, '422 invalid-request'],
      [{ mode: 'both' }, '422 invalid-request'],
      [{ environment: 'qa' }, '422 invalid-request'],
      [{ applicationId: 'app_1' }, '422 invalid-request'],
      [{ sort: 'type' }, '422 invalid-request'],
      [{ cursor: 'nonsense' }, '422 invalid-request'],
      [{ limit: '0' }, '422 invalid-request'],
      [{ q: 'a\u0000' }, '422 invalid-request'],
      [{ colour: 'red' }, '422 invalid-request'],
      [{ type: 'no_such_type' }, '422 unknown-credential-type'],
    ])('refuse %j', async (query, expected) => {
      const accountId = await accountWith();
      expect(await problem(listCredentials(accountId, query))).toBe(expected);
    });

    it('take a type that is gone from the configuration whatever else is asked, if anything has it', async () => {
      const accountId = await accountWith(created(newId('cred'), { credentialType: 'gone_type' }));
      const itemsOf = async (query: object) => (await listCredentials(accountId, query)).items.length;
      expect(await itemsOf({ type: 'gone_type' })).toBe(1);
      for (const query of [{ status: 'revoked' }, { q: 'nothing' }, { mode: 'live' }]) {
        expect(await itemsOf({ type: 'gone_type', ...query })).toBe(0);
      }
      const other = await accountWith(created(newId('cred')));
      for (const query of [{}, { status: 'revoked' }]) {
        expect(await problem(listCredentials(other, { type: 'gone_type', ...query }))).toBe(
          '422 unknown-credential-type',
        );
      }
    });

    it.each([
      '0000-01-01T00:00:00.000Z',
      '2021-02-31T10:00:00.000Z',
      '2021-02-28T25:00:00.000Z',
      '2021-05-20',
      'now',
      null,
    ])('refuse a cursor that names the time %s', async (time) => {
      const accountId = await accountWith(created(newId('cred')), created(newId('cred')));
      const { nextCursor } = await listCredentials(accountId, { limit: '1' });
      const [scope, , id] = JSON.parse(Buffer.from(nextCursor ?? '', 'base64url').toString()) as unknown[];
      const cursor = Buffer.from(JSON.stringify([scope, time, id])).toString('base64url');
      expect(await problem(listCredentials(accountId, { cursor }))).toBe('422 invalid-request');
    });

    it('refuse a cursor of another account, filter or sort', async () => {
      const accountId = await accountWith(created(newId('cred')), created(newId('cred')));
      const other = await accountWith();
      const { nextCursor: cursor } = await listCredentials(accountId, { limit: '1' });
      expect(await problem(listCredentials(accountId, { cursor, limit: '9' }))).toBe('no problem');
      expect(await problem(listCredentials(other, { cursor }))).toBe('422 invalid-request');
      expect(await problem(listCredentials(accountId, { cursor, sort: 'createdAt' }))).toBe('422 invalid-request');
      expect(await problem(listCredentials(accountId, { cursor, status: 'active' }))).toBe('422 invalid-request');
    });
  });

  it('know no credential of another account, none that is deleted, and no account that is not there', async () => {
    const [kept, deleted] = [created(newId('cred')), created(newId('cred'))];
    const accountId = await accountWith(kept, deleted);
    await installation.toAccount(accountId, { ...deleted, type: 'CredentialDeleted', at: second(2) });
    const other = await accountWith();
    await installation.project();
    expect((await credentials.find(accountId, kept.credentialId, now)).credentialId).toBe(kept.credentialId);
    expect(await problem(credentials.find(other, kept.credentialId, now))).toBe('404 not-found');
    expect(await problem(credentials.find(accountId, deleted.credentialId, now))).toBe('404 not-found');
    expect((await listCredentials(accountId, {})).items).toHaveLength(1);
    const nobody = newId('acct');
    expect(await problem(listCredentials(nobody, {}))).toBe('404 not-found');
    expect(await problem(accounts.find(nobody))).toBe('404 not-found');
    expect(await problem(applications.list(nobody, new ListInput()))).toBe('404 not-found');
    expect((await listCredentials(other, {})).items).toEqual([]);
  });

  it('of accounts hold those that the caller may see', async () => {
    const ids = [newId('acct'), newId('acct'), newId('acct')];
    const names = ['zeta corp', 'Zeta inc', 'zetb'];
    for (const [index, accountId] of ids.entries()) {
      const name = names[index] ?? '';
      await installation.toAccount(
        accountId,
        registered(accountId, { name, externalId: `ext-${accountId}`, at: second(index) }),
      );
    }
    await installation.project();
    const list = async (visible: readonly string[] | '*', query: object): Promise<readonly string[]> =>
      (await accounts.list(visible, await input(ListAccountsInput, query))).items.map(({ accountId }) => accountId);
    expect(await list('*', { q: 'ZETA', sort: 'name' })).toEqual([ids[0], ids[1]]);
    expect(await list('*', { q: 'zet', sort: '-name' })).toEqual([ids[2], ids[1], ids[0]]);
    expect(await list(ids.slice(1), { sort: 'createdAt' })).toEqual([ids[1], ids[2]]);
    expect(await list([], {})).toEqual([]);
    expect(await list('*', { externalId: `ext-${ids[1]}` })).toEqual([ids[1]]);
    expect(await list([ids[0] ?? ''], { externalId: `ext-${ids[1]}` })).toEqual([]);
    expect(await list('*', { q: ids[2] })).toEqual([ids[2]]);
    const read = async (cursor: object) =>
      accounts.list(ids, await input(ListAccountsInput, { limit: '1', ...cursor }));
    expect((await walk(read, 1)).map(({ accountId }) => accountId)).toEqual([ids[2], ids[1], ids[0]]);
  });

  it('of applications count their endpoints, which one alone shows as the catalogue has them', async () => {
    const to = { method: 'GET', path: '/invoices' };
    await installation.toCatalogue(
      {
        type: 'ApiEndpointsReplaced',
        changes: { b: { from: null, to }, a: { from: null, to }, unused: { from: null, to } },
        at: second(1),
      },
      {
        type: 'ApiEndpointsReplaced',
        changes: { a: { from: to, to: null }, unused: { from: to, to: null } },
        at: second(2),
      },
    );
    const [accountId, first, other] = [newId('acct'), newId('app'), newId('app')];
    await installation.toAccount(
      accountId,
      registered(accountId),
      applicationRegistered(first, { title: 'Billing', endpointIds: ['b', 'a'] }),
      applicationRegistered(other, { title: 'accounting' }),
    );
    await installation.project();
    const [a, b] = [
      { ...to, endpointId: 'a', status: 'retired' },
      { ...to, endpointId: 'b', status: 'active' },
    ];
    expect(await readCatalogue(installation.pool, Installation.config)).toEqual({ endpoints: [a, b], revision: 1 });
    const { items } = await applications.list(accountId, await input(ListInput, { sort: 'name' }));
    expect(items.map(({ title, endpointCount }) => [title, endpointCount])).toEqual([
      ['accounting', 0],
      ['Billing', 2],
    ]);
    expect(Object.keys(items[0] ?? {}).sort()).toEqual(
      ['applicationId', 'createdAt', 'description', 'endpointCount', 'revision', 'title'].sort(),
    );
    expect((await applications.find(accountId, first)).endpoints).toEqual([b, a]);
    expect(await problem(applications.find(newId('acct'), first))).toBe('404 not-found');
    const searched = await applications.list(accountId, await input(ListInput, { q: 'bill' }));
    expect(searched.items.map(({ applicationId }) => applicationId)).toEqual([first]);
  });
});
