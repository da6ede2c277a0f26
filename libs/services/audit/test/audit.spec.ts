import { accountStream, newEvent } from '@keyledger/domain';
import { status } from '@grpc/grpc-js';
import { rebuildProjection } from '@keyledger/read-models';
import { auditProjection } from '../src/index.js';
import { actions } from '../src/changes-of.js';
import { Doors, METRICS_TOKEN, type Reply } from './doors.js';
import { accountA, accountB, callBy, credentialA, Installation, noon, registered } from './installation.js';

const nobodys = accountA.replace('e10', 'e99');
const trailOf = (accountId: string, query = ''): string => `/v1/accounts/${accountId}/audit${query}`;

let installation: Installation;
let doors: Doors;
let written: string;
let operator: string;

beforeAll(async () => {
  installation = await Installation.open();
  await installation.toAccount(accountA, callBy('jo'), registered(accountA), {
    type: 'CredentialSuspended',
    credentialId: credentialA,
    at: noon,
  });
  const [last] = await installation.toAccount(accountB, callBy('jo'), registered(accountB));
  written = last ?? '';
  doors = await Doors.open(installation);
  operator = await doors.token('olga', ['operator'], '*');
});

afterAll(async () => {
  await doors.close();
  await installation.close();
});

const upToNow = async (): Promise<string> => `?minPosition=${await installation.log.head()}`;

const actionsOf = async (path: string): Promise<readonly string[]> => {
  const { body } = await doors.get(path, operator);
  return body.items.map(({ action }) => action);
};

describe('GET …/audit', () => {
  it('shows what happened in the account, at a position that the caller may demand', async () => {
    const { status: code, position, body } = await doors.get(trailOf(accountB, `?minPosition=${written}`), operator);
    expect(code).toBe(200);
    expect(position?.localeCompare(written)).toBeGreaterThanOrEqual(0);
    expect(body.items).toMatchObject([{ action: 'AccountRegistered', accountId: accountB, position: written }]);
    expect(body.nextCursor).toBeNull();
  });

  it('shows each look at it to the next who looks', async () => {
    const auditor = await doors.token('ann', ['auditor'], [accountA]);
    await doors.get(trailOf(accountA, '?actor=jo'), auditor);
    const { body } = await doors.get(trailOf(accountA, `${await upToNow()}&action=AuditTrailRead`), operator);
    expect(body.items[0]).toMatchObject({
      action: 'AuditTrailRead',
      actor: { type: 'user', id: 'ann', issuer: 'urn:keyledger:local' },
      accountId: accountA,
      credentialId: null,
      changes: [{ field: 'actor', from: null, to: 'jo' }],
    });
    await doors.get('/v1/audit?action=AccountRegistered&action=AuditTrailRead', operator);
    const reads = await doors.get(`/v1/audit${await upToNow()}&action=AuditTrailRead`, operator);
    expect(reads.body.items[0]).toMatchObject({
      action: 'AuditTrailRead',
      actor: { id: 'olga' },
      accountId: null,
      changes: [{ field: 'action', from: null, to: 'AccountRegistered,AuditTrailRead' }],
    });
    const all = await doors.get(`/v1/audit${await upToNow()}&limit=200`, operator);
    expect(all.body.items.map(({ action }) => action)).not.toContain('AuditTrailRead');
  });

  it('takes its filters from the query', async () => {
    expect(await actionsOf(trailOf(accountA, `?credentialId=${credentialA}`))).toEqual(['CredentialSuspended']);
    expect(await actionsOf(trailOf(accountA, '?action=AccountRegistered&actor=jo'))).toEqual(['AccountRegistered']);
    expect(await actionsOf(trailOf(accountA, `?to=${noon}`))).toEqual([]);
    expect(await actionsOf(trailOf(accountA, '?limit=1&to=2021-05-20T14:00:01%2B02:00'))).toEqual([
      'CredentialSuspended',
    ]);
  });

  it('takes several actions, and leaves out those that are excluded', async () => {
    const both = ['CredentialSuspended', 'AccountRegistered'];
    expect(await actionsOf(trailOf(accountA, '?action=AccountRegistered&action=CredentialSuspended'))).toEqual(both);
    expect(await actionsOf(trailOf(accountA, '?action=AccountRegistered&action=AccountRegistered'))).toEqual([both[1]]);
    expect(await actionsOf(trailOf(accountA, '?excludeAction=AccountRegistered'))).toEqual([both[0]]);
    expect(await actionsOf(trailOf(accountA, '?excludeAction=AccountRegistered&excludeAction=PlanChanged'))).toEqual([
      both[0],
    ]);
    const twice = 'action=CredentialSuspended&action=AccountRegistered&excludeAction=AccountRegistered';
    expect(await actionsOf(trailOf(accountA, `?${twice}`))).toEqual([both[0]]);
    expect(await actionsOf(trailOf(accountA, '?action=PlanChanged&excludeAction=PlanChanged'))).toEqual([]);
    const every = actions.map((name) => `action=${name}`).join('&');
    expect(await actionsOf(trailOf(accountA, `?${every}`))).toEqual(
      expect.arrayContaining([...both, 'AuditTrailRead']),
    );
    const none = actions.map((name) => `excludeAction=${name}`).join('&');
    expect(await actionsOf(trailOf(accountA, `?${none}`))).toEqual([]);
  });

  it('goes on where the page before ended', async () => {
    const first = await doors.get('/v1/audit?actor=jo&limit=2', operator);
    const rest = await doors.get(`/v1/audit?actor=jo&limit=200&cursor=${first.body.nextCursor}`, operator);
    expect([...first.body.items, ...rest.body.items].map(({ action, accountId }) => [action, accountId])).toEqual([
      ['AccountRegistered', accountB],
      ['CredentialSuspended', accountA],
      ['AccountRegistered', accountA],
    ]);
    expect(rest.body.nextCursor).toBeNull();
  });

  it.each([
    ['action', '?action=AccountPromoted', 'CredentialRevoked'],
    ['action', '?action=AccountRegistered&action=AccountPromoted', 'which number 2 is not'],
    ['action', '?action=', 'must be one of AccountRegistered, '],
    ['action', '?action=AccountRegistered,AccountChanged', 'must be one of AccountRegistered, '],
    ['action', `?${'action=AccountChanged&'.repeat(actions.length + 1)}`, `at most ${actions.length} times`],
    ['excludeAction', '?excludeAction=AccountPromoted', 'must be one of AccountRegistered, '],
    ['applicationId', '?applicationId=app_1', 'must be an id such as app_'],
    ['credentialId', '?credentialId=cred_1', 'must be an id such as cred_'],
    ['from', '?from=yesterday', 'must be a time'],
    ['limit', '?limit=201', '200'],
    ['cursor', '?cursor=abc', 'is not one'],
    ['colour', '?colour=red', 'is not a field'],
    ['actor', '?actor=a&actor=b', 'must be text'],
  ])('refuses a wrong %s', async (field, query, message) => {
    for (const path of [trailOf(accountA, query), `/v1/audit${query}`]) {
      const { status: code, body } = await doors.get(path, operator);
      expect([code, body.code, body.errors[0]?.field]).toEqual([422, 'invalid-request', field]);
      expect(body.detail).toContain(message);
    }
  });

  it('knows no account that is not there, and writes nothing about it', async () => {
    const before = await installation.log.head();
    expect((await doors.get(trailOf(nobodys), operator)).status).toBe(404);
    expect(await installation.log.head()).toBe(before);
  });
});

describe('who may see it', () => {
  it.each<[number, number, Parameters<Doors['token']>[1], readonly string[] | '*']>([
    [200, 200, ['operator'], '*'],
    [200, 200, ['operator'], []],
    [200, 200, ['auditor'], '*'],
    [200, 403, ['auditor'], [accountA]],
    [200, 403, ['owner'], [accountA]],
    [403, 403, ['viewer'], [accountA]],
    [403, 403, ['key-manager'], [accountA]],
    [404, 403, ['owner'], [accountB]],
    [404, 403, ['owner'], '*'],
    [404, 403, [], [accountA]],
  ])('one account %i, all %i: %j of %j', async (one, all, roles, accounts) => {
    const token = await doors.token('someone', roles, accounts);
    expect((await doors.get(trailOf(accountA), token)).status).toBe(one);
    expect((await doors.get('/v1/audit', token)).status).toBe(all);
  });
});

describe('ListAuditEvents', () => {
  it('answers for the account that it names', async () => {
    const from = { seconds: Date.parse(noon) / 1000, nanos: 0 };
    const reply = await doors.call({ accountId: accountA, action: 'CredentialSuspended', from }, operator);
    expect(reply).toMatchObject({
      items: [
        {
          action: 'CredentialSuspended',
          actor: { type: 'user', id: 'jo', issuer: 'urn:test' },
          credentialId: credentialA,
          changes: [{ field: 'status', from: '"active"', to: '"suspended"' }],
        },
      ],
    });
  });

  it('answers for all accounts when it names none', async () => {
    for (const asked of [{ action: 'AccountRegistered' }, { actions: ['AccountRegistered'] }]) {
      expect(await doors.call(asked, operator)).toMatchObject({
        items: [{ accountId: accountB }, { accountId: accountA, changes: [{ from: 'null' }] }],
      });
    }
  });

  it('takes several actions, and leaves out those that are excluded', async () => {
    const asked = async (filters: object): Promise<readonly string[]> => {
      const { items = [] } = (await doors.call({ accountId: accountA, ...filters }, operator)) as Partial<
        Reply['body']
      >;
      return items.map(({ action }) => action);
    };
    const both = ['CredentialSuspended', 'AccountRegistered'];
    expect(await asked({})).toEqual(both);
    expect(await asked({ actions: both })).toEqual(both);
    expect(await asked({ action: 'AccountRegistered', actions: ['CredentialSuspended'] })).toEqual(both);
    expect(await asked({ excludeAction: ['AccountRegistered'] })).toEqual([both[0]]);
    expect(await asked({ actions: both, excludeAction: ['AccountRegistered'] })).toEqual([both[0]]);
    expect(await asked({ actions: ['AuditTrailRead', 'AccountRegistered'] })).toContain('AuditTrailRead');
    expect(await asked({ applicationId: 'app_0190d7a2-6c1e-7c3b-9c55-2f8f4a1b6e10' })).toEqual([]);
    for (const refused of [
      { actions: ['X'] },
      { excludeAction: ['X'] },
      { actions: Array.from({ length: actions.length + 1 }, () => 'PlanChanged') },
      { applicationId: 'app_1' },
    ]) {
      await expect(asked(refused)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    }
  });

  it('is refused where the routes are', async () => {
    const owner = await doors.token('oscar', ['owner'], [accountA]);
    await expect(doors.call({}, owner)).rejects.toMatchObject({ code: status.PERMISSION_DENIED });
    await expect(doors.call({ accountId: accountB }, owner)).rejects.toMatchObject({ code: status.NOT_FOUND });
    await expect(doors.call({ accountId: '' }, operator)).rejects.toMatchObject({ code: status.NOT_FOUND });
    await expect(doors.call({ action: 'X' }, operator)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });
});

describe('the audit projection', () => {
  it('rebuilt from the log is what it was, and goes on', async () => {
    const { streamPrefix } = Installation;
    const projection = auditProjection({ streamPrefix });
    const { liveHash, rebuiltHash, equal } = await rebuildProjection(projection, installation.log, installation.pool);
    expect([rebuiltHash, equal]).toEqual([liveHash, true]);
    await doors.get(trailOf(accountB), operator);
    const query = `${await upToNow()}&action=AuditTrailRead`;
    const [last] = (await doors.get(trailOf(accountB, query), operator)).body.items;
    expect(last).toMatchObject({ action: 'AuditTrailRead', accountId: accountB });
  });

  it('makes its tables anew where they are of an older version', async () => {
    await doors.close();
    await installation.pool.query(
      `drop table blue_audit.reads; alter table blue_audit.entries drop column application_id;
       update blue_audit.checkpoint set projection_version = 2`,
    );
    doors = await Doors.open(installation);
    operator = await doors.token('olga', ['operator'], '*');
    expect(await actionsOf(`/v1/audit${await upToNow()}&limit=3`)).toEqual([
      'AccountRegistered',
      'CredentialSuspended',
      'AccountRegistered',
    ]);
    const read = await doors.get(`/v1/audit${await upToNow()}&action=AuditTrailRead`, operator);
    expect(read.body.items.length).toBeGreaterThan(1);
    const { streamPrefix } = Installation;
    const rebuilt = await rebuildProjection(auditProjection({ streamPrefix }), installation.log, installation.pool);
    expect(rebuilt.equal).toBe(true);
  });

  it('is ready while it follows, and down with the reason once it met what it cannot read', async () => {
    expect(await doors.get('/health/ready', operator)).toMatchObject({ status: 200 });
    const event = { ...newEvent('0190d7a2-6c1e-7c3b-9c55-2f8f4a1b6e13', registered(nobodys), callBy('jo'), 'c-1') };
    const stream = accountStream(Installation.streamPrefix, nobodys);
    await installation.log.append(stream, -1, [{ ...event, type: 'AccountPromoted' }]);
    const ready = await doors.get('/health/ready', METRICS_TOKEN);
    expect(ready.status).toBe(503);
    expect(JSON.stringify(ready.body)).toContain('AccountPromoted');
    // What it had is still shown.
    expect((await doors.get(trailOf(accountB), operator)).status).toBe(200);
  });
});
