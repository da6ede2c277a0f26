import { jest } from '@jest/globals';
import { auditAccessStream, catalogueStream, type CausedEvent } from '@keyledger/domain';
import { Problem, type Call } from '@keyledger/edge';
import { AuditTrail, type TrailFilters } from '../src/audit-trail.js';
import { accountA, accountB, callBy, credentialA, Installation, noon, registered } from './installation.js';
import { Trail } from './trail.js';

const { streamPrefix } = Installation;
const at = (minute: number): string => `2021-05-20T12:${String(minute).padStart(2, '0')}:00.000Z`;
const suspended = (minute: number): CausedEvent => ({
  type: 'CredentialSuspended',
  credentialId: credentialA,
  at: at(minute),
});
const resumed = (minute: number): CausedEvent => ({
  type: 'CredentialResumed',
  credentialId: credentialA,
  at: at(minute),
});

let installation: Installation;
let tables: Trail;

const all = (accountId: string | null, filters: TrailFilters = {}) => tables.all(accountId, filters);

const open = async (): Promise<void> => {
  installation = await Installation.open();
  tables = await Trail.open(installation);
};
const close = (): Promise<void> => installation.close();

describe('an entry', () => {
  beforeEach(open);
  afterEach(close);

  it('says who did what when, from where, and what it changed', async () => {
    const call = callBy('ci-robot', { ip: null, userAgent: null });
    const service: Call = { ...call, principal: { ...call.principal, actorType: 'service' } };
    const [first] = await installation.toAccount(accountA, callBy('jo'), registered(accountA));
    const [second] = await installation.toAccount(accountA, service, suspended(1));
    await tables.project();
    expect(await all(accountA)).toEqual([
      {
        eventId: expect.stringMatching(/^evt_[0-9a-f-]{36}$/) as string,
        action: 'CredentialSuspended',
        actor: { type: 'service', id: 'ci-robot', issuer: 'urn:test' },
        at: at(1),
        ip: null,
        userAgent: null,
        accountId: accountA,
        credentialId: credentialA,
        applicationId: null,
        changes: [{ field: 'status', from: 'active', to: 'suspended' }],
        correlationId: 'request-of-ci-robot',
        position: second,
      },
      {
        eventId: expect.stringMatching(/^evt_[0-9a-f-]{36}$/) as string,
        action: 'AccountRegistered',
        actor: { type: 'user', id: 'jo', issuer: 'urn:test' },
        at: noon,
        ip: '192.0.2.7',
        userAgent: 'test/1',
        accountId: accountA,
        credentialId: null,
        applicationId: null,
        changes: [{ field: 'name', from: null, to: 'Acme' }],
        correlationId: 'request-of-jo',
        position: first,
      },
    ]);
  });

  it('is there for each event of every stream but the log’s own', async () => {
    const jo = callBy('jo');
    const read = (accountId: string | null): CausedEvent => ({
      type: 'AuditTrailRead',
      accountId,
      filters: {},
      at: noon,
    });
    await installation.toAccount(accountA, jo, registered(accountA));
    await installation.toAccount(accountB, jo, registered(accountB));
    await installation.append(catalogueStream(streamPrefix), jo, {
      type: 'ApiEndpointsReplaced',
      changes: {},
      at: noon,
    });
    await installation.append(auditAccessStream(streamPrefix, accountA), jo, read(accountA));
    await installation.append(auditAccessStream(streamPrefix, null), jo, read(null));
    await tables.project();
    const shown = async (accountId: string | null, filters: TrailFilters = {}) =>
      (await all(accountId, filters)).map((item) => [item.action, item.accountId]);
    const reads = [
      ['AuditTrailRead', null],
      ['AuditTrailRead', accountA],
    ];
    const others = [
      ['ApiEndpointsReplaced', null],
      ['AccountRegistered', accountB],
      ['AccountRegistered', accountA],
    ];
    // Who looked is shown only to those who ask.
    expect(await shown(null)).toEqual(others);
    expect(await shown(null, { actor: 'jo' })).toEqual(others);
    expect(await shown(null, { excludeAction: ['AccountRegistered'] })).toEqual([others[0]]);
    expect(await shown(null, { action: ['AuditTrailRead'] })).toEqual(reads);
    const both = ['AccountRegistered', 'AuditTrailRead', 'ApiEndpointsReplaced'];
    expect(await shown(null, { action: both })).toEqual([...reads, ...others]);
    expect(await shown(accountA, { action: both })).toEqual([reads[1], others[2]]);
  });

  it('that cannot be read stops the projection, and what came with it is not kept', async () => {
    const before = await tables.recorded();
    await installation.toAccount(accountA, callBy('jo'), registered(accountA));
    const poison = (await tables.recorded())
      .slice(before.length)
      .map((event) => ({ ...event, type: 'AccountPromoted' }));
    await expect(tables.apply([...before, ...poison])).rejects.toThrow('AccountPromoted');
    expect(await all(null)).toEqual([]);
  });
});

describe('a filter', () => {
  beforeAll(async () => {
    await open();
    await installation.toAccount(accountA, callBy('jo'), registered(accountA, 'Acme', at(0)));
    await installation.toAccount(accountA, callBy('kim'), suspended(1), resumed(2));
    await installation.toAccount(accountB, callBy('kim'), registered(accountB, 'Bolt', at(3)));
    await tables.project();
  });
  afterAll(close);

  it.each<[TrailFilters, readonly string[]]>([
    [{}, ['AccountRegistered', 'CredentialResumed', 'CredentialSuspended', 'AccountRegistered']],
    [{ actor: 'kim' }, ['AccountRegistered', 'CredentialResumed', 'CredentialSuspended']],
    [{ actor: 'ki' }, []],
    [{ action: ['AccountRegistered'] }, ['AccountRegistered', 'AccountRegistered']],
    [{ action: ['CredentialSuspended', 'CredentialResumed'] }, ['CredentialResumed', 'CredentialSuspended']],
    [{ action: [], excludeAction: ['AccountRegistered'] }, ['CredentialResumed', 'CredentialSuspended']],
    [{ excludeAction: ['AccountRegistered', 'CredentialResumed'] }, ['CredentialSuspended']],
    [{ action: ['CredentialResumed'], excludeAction: ['AccountRegistered'] }, ['CredentialResumed']],
    [{ credentialId: credentialA }, ['CredentialResumed', 'CredentialSuspended']],
    [{ from: at(1) }, ['AccountRegistered', 'CredentialResumed', 'CredentialSuspended']],
    [{ to: at(1) }, ['AccountRegistered']],
    [{ from: at(1), to: at(2) }, ['CredentialSuspended']],
    [{ actor: 'jo', action: ['CredentialSuspended'] }, []],
  ])('%j lets through what it should', async (filters, actions) => {
    expect((await all(null, filters)).map(({ action }) => action)).toEqual(actions);
  });

  it('narrows the trail of one account as well', async () => {
    expect((await all(accountA, { actor: 'kim' })).map(({ action }) => action)).toEqual([
      'CredentialResumed',
      'CredentialSuspended',
    ]);
    expect(await all(accountB, { credentialId: credentialA })).toEqual([]);
  });

  it('knows which accounts exist', async () => {
    expect(await tables.queries.hasAccount(accountA)).toBe(true);
    expect(await tables.queries.hasAccount(accountA.replace('e10', 'e99'))).toBe(false);
  });
});

describe('paging', () => {
  beforeAll(async () => {
    await open();
    // All in one batch, so all at the same time: only positions tell them apart.
    const events = Array.from({ length: 7 }, (_, index) => (index % 2 === 0 ? suspended(0) : resumed(0)));
    await installation.toAccount(accountA, callBy('jo'), ...events);
    await tables.project();
  });
  afterAll(close);

  it('goes through everything once, also when more comes meanwhile', async () => {
    const expected = (await all(accountA)).map(({ position }) => position);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await tables.queries.list(accountA, {}, { limit: 3, cursor });
      seen.push(...page.items.map(({ position }) => position));
      cursor = page.nextCursor ?? undefined;
      await installation.toAccount(accountA, callBy('jo'), resumed(1));
      await tables.project();
    } while (cursor !== undefined);
    expect(seen).toEqual(expected);
  });

  it('ends a page at 1 MiB, and goes on behind it', async () => {
    const to = { method: 'GET', path: `/${'x'.repeat(200)}` };
    const changes = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`e${index}`, { from: null, to }]));
    for (let minute = 0; minute < 6; minute += 1) {
      const replaced: CausedEvent = { type: 'ApiEndpointsReplaced', changes, at: at(minute) };
      await installation.append(catalogueStream(streamPrefix), callBy('jo'), replaced);
    }
    await tables.project();
    const filters = { action: ['ApiEndpointsReplaced'] };
    const asked = jest.spyOn(installation.pool, 'query');
    const first = await tables.queries.list(null, filters, { limit: 200 });
    // Of what is behind the page hardly anything is loaded.
    const loaded = (await asked.mock.results[0]?.value) as { readonly rows: readonly unknown[] };
    expect(loaded.rows.length).toBeLessThanOrEqual(first.items.length + 2);
    asked.mockRestore();
    const rest = await tables.queries.list(null, filters, { limit: 200, cursor: first.nextCursor ?? '' });
    expect(JSON.stringify(first.items).length).toBeLessThan(1_048_576 + 1_000);
    expect(first.items.length).toBeLessThan(6);
    expect(rest.nextCursor).toBeNull();
    const positions = [...first.items, ...rest.items].map(({ position }) => position);
    expect(positions).toHaveLength(6);
    expect(positions).toEqual([...positions].sort().reverse());
  });

  it('takes the cursor of the same filters, written in another order', async () => {
    const [suspension, resumption] = ['CredentialSuspended', 'CredentialResumed'];
    const { nextCursor } = await tables.queries.list(accountA, { action: [suspension, resumption] }, { limit: 3 });
    const again = { action: [resumption, suspension, resumption] };
    const { items } = await tables.queries.list(accountA, again, { limit: 1, cursor: nextCursor ?? '' });
    expect(items).toHaveLength(1);
  });

  it('refuses the cursor of another account, of other filters, and of another log', async () => {
    const { nextCursor } = await tables.queries.list(accountA, {}, { limit: 3 });
    const cursor = nextCursor ?? '';
    const foreign = new AuditTrail(installation.pool, tables.projection.schema, 'f'.repeat(32));
    for (const refused of [
      tables.queries.list(accountB, {}, { limit: 3, cursor }),
      tables.queries.list(null, {}, { limit: 3, cursor }),
      tables.queries.list(accountA, { actor: 'jo' }, { limit: 3, cursor }),
      tables.queries.list(accountA, { action: ['CredentialResumed'] }, { limit: 3, cursor }),
      tables.queries.list(accountA, { excludeAction: ['CredentialResumed'] }, { limit: 3, cursor }),
      tables.queries.list(accountA, { applicationId: 'app_1' }, { limit: 3, cursor }),
      foreign.list(accountA, {}, { limit: 3, cursor }),
    ]) {
      await expect(refused).rejects.toThrow(Problem);
    }
  });
});
