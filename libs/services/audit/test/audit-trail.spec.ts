import { auditAccessStream, catalogueStream, type CausedEvent } from '@keyledger/domain';
import { Problem, type Call } from '@keyledger/edge';
import { type Projection } from '@keyledger/read-models';
import type { RecordedEvent } from '@keyledger/event-log';
import { auditProjection } from '../src/audit-projection.js';
import { AuditTrail, type TrailFilters } from '../src/audit-trail.js';
import { accountA, accountB, callBy, credentialA, Installation, noon, registered } from './installation.js';

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
let projection: Projection;
let trail: AuditTrail;

/** Everything that is in the log now. */
const recorded = async (): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  const stop = new AbortController();
  for await (const item of installation.log.follow(null, stop.signal)) {
    if (item.kind === 'events') events.push(...item.events);
    if (item.kind === 'caught-up') stop.abort();
  }
  return events;
};

const apply = async (events: readonly RecordedEvent[]): Promise<void> => {
  const client = await installation.pool.connect();
  try {
    await client.query('begin');
    await projection.apply(client, projection.schema, events);
    await client.query('commit');
  } finally {
    client.release(true);
  }
};

/** Applied twice, as every projection has to bear it. */
const project = async (): Promise<void> => {
  const events = await recorded();
  await apply(events);
  await apply(events);
};

const all = async (accountId: string | null, filters: TrailFilters = {}) =>
  (await trail.list(accountId, filters, { limit: 200 })).items;

const open = async (): Promise<void> => {
  installation = await Installation.open();
  projection = auditProjection({ streamPrefix });
  await installation.pool.query(`create schema ${projection.schema}; ${projection.ddl(projection.schema)}`);
  trail = new AuditTrail(installation.pool, projection.schema, installation.log.logId);
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
    await project();
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
    await project();
    expect((await all(null)).map(({ action, accountId }) => [action, accountId])).toEqual([
      ['AuditTrailRead', null],
      ['AuditTrailRead', accountA],
      ['ApiEndpointsReplaced', null],
      ['AccountRegistered', accountB],
      ['AccountRegistered', accountA],
    ]);
    expect((await all(accountA)).map(({ action }) => action)).toEqual(['AuditTrailRead', 'AccountRegistered']);
  });

  it('that cannot be read stops the projection, and what came with it is not kept', async () => {
    const before = await recorded();
    await installation.toAccount(accountA, callBy('jo'), registered(accountA));
    const poison = (await recorded()).slice(before.length).map((event) => ({ ...event, type: 'AccountPromoted' }));
    await expect(apply([...before, ...poison])).rejects.toThrow('AccountPromoted');
    expect(await all(null)).toEqual([]);
  });
});

describe('a filter', () => {
  beforeAll(async () => {
    await open();
    await installation.toAccount(accountA, callBy('jo'), registered(accountA, 'Acme', at(0)));
    await installation.toAccount(accountA, callBy('kim'), suspended(1), resumed(2));
    await installation.toAccount(accountB, callBy('kim'), registered(accountB, 'Bolt', at(3)));
    await project();
  });
  afterAll(close);

  it.each<[TrailFilters, readonly string[]]>([
    [{}, ['AccountRegistered', 'CredentialResumed', 'CredentialSuspended', 'AccountRegistered']],
    [{ actor: 'kim' }, ['AccountRegistered', 'CredentialResumed', 'CredentialSuspended']],
    [{ actor: 'ki' }, []],
    [{ action: 'AccountRegistered' }, ['AccountRegistered', 'AccountRegistered']],
    [{ credentialId: credentialA }, ['CredentialResumed', 'CredentialSuspended']],
    [{ from: at(1) }, ['AccountRegistered', 'CredentialResumed', 'CredentialSuspended']],
    [{ to: at(1) }, ['AccountRegistered']],
    [{ from: at(1), to: at(2) }, ['CredentialSuspended']],
    [{ actor: 'jo', action: 'CredentialSuspended' }, []],
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
    expect(await trail.hasAccount(accountA)).toBe(true);
    expect(await trail.hasAccount(accountA.replace('e10', 'e99'))).toBe(false);
  });
});

describe('paging', () => {
  beforeAll(async () => {
    await open();
    // All in one batch, so all at the same time: only positions tell them apart.
    const events = Array.from({ length: 7 }, (_, index) => (index % 2 === 0 ? suspended(0) : resumed(0)));
    await installation.toAccount(accountA, callBy('jo'), ...events);
    await project();
  });
  afterAll(close);

  it('goes through everything once, also when more comes meanwhile', async () => {
    const expected = (await all(accountA)).map(({ position }) => position);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await trail.list(accountA, {}, { limit: 3, cursor });
      seen.push(...page.items.map(({ position }) => position));
      cursor = page.nextCursor ?? undefined;
      await installation.toAccount(accountA, callBy('jo'), resumed(1));
      await project();
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
    await project();
    const filters = { action: 'ApiEndpointsReplaced' };
    const first = await trail.list(null, filters, { limit: 200 });
    const rest = await trail.list(null, filters, { limit: 200, cursor: first.nextCursor ?? '' });
    expect(JSON.stringify(first.items).length).toBeLessThan(1_048_576 + 1_000);
    expect(first.items.length).toBeLessThan(6);
    expect(rest.nextCursor).toBeNull();
    const positions = [...first.items, ...rest.items].map(({ position }) => position);
    expect(positions).toHaveLength(6);
    expect(positions).toEqual([...positions].sort().reverse());
  });

  it('refuses the cursor of another account, of other filters, and of another log', async () => {
    const { nextCursor } = await trail.list(accountA, {}, { limit: 3 });
    const cursor = nextCursor ?? '';
    const foreign = new AuditTrail(installation.pool, projection.schema, 'f'.repeat(32));
    for (const refused of [
      trail.list(accountB, {}, { limit: 3, cursor }),
      trail.list(null, {}, { limit: 3, cursor }),
      trail.list(accountA, { actor: 'jo' }, { limit: 3, cursor }),
      foreign.list(accountA, {}, { limit: 3, cursor }),
    ]) {
      await expect(refused).rejects.toThrow(Problem);
    }
  });
});
