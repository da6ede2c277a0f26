import type { Credential, CredentialUsage, IssuedCredentialReply, Page } from '@keyledger/contract';
import { createDatabase, type TestDatabase } from '@keyledger/testing';
import { eventually } from '../harness/eventually.js';
import { IdentityProvider } from '../harness/identity-provider.js';
import { startKeyledger, type KeyledgerProcess } from '../harness/keyledger-process.js';
import { launchTool } from '../harness/program.js';
import { Visit } from '../harness/shared-server.js';

const GET = 'CredentialService/GetCredential';
const LIST = 'CredentialService/ListCredentials';
const USAGE = 'CredentialService/GetCredentialUsage';

let database: TestDatabase;
let provider: IdentityProvider;
let token: string;
/** The first stores its counts every second, the second only when it is stopped. */
let servers: readonly [KeyledgerProcess, KeyledgerProcess];
let visits: readonly [Visit, Visit];

const visitBoth = (): void => {
  for (const visit of visits ?? []) visit.close();
  visits = [new Visit(servers[0]), new Visit(servers[1])];
};

const start = (interval: string): Promise<KeyledgerProcess> =>
  startKeyledger({
    ...provider.settings,
    ...{ KEYLEDGER_DATABASE_URL: database.url, KEYLEDGER_MASTER_KEY: Buffer.alloc(32, 5).toString('base64') },
    KEYLEDGER_USAGE_INTERVAL: interval,
  });

beforeAll(async () => {
  database = await createDatabase();
  provider = await IdentityProvider.start();
  token = await provider.token({ roles: ['operator'], accounts: '*' });
  servers = await Promise.all([start('1s'), start('300s')]);
  visitBoth();
});

afterAll(async () => {
  for (const visit of visits) visit.close();
  for (const server of servers) await server.remove();
  await provider.stop();
  await database.drop();
});

interface Issued {
  readonly ids: { readonly accountId: string; readonly credentialId: string };
  readonly credential: string;
}

const pair = ({ clientId = '', clientSecret = '' }: IssuedCredentialReply['secret']): string =>
  `${clientId}:${clientSecret}`;

/** Waits until the lists of every server know of the write. */
const known = async (ids: Issued['ids'], minPosition: string): Promise<void> => {
  for (const { doors } of visits)
    expect((await doors[0].call(GET, { ...ids }, { token, minPosition })).code).toBe('OK');
};

const issue = async (): Promise<Issued> => {
  const { http } = visits[0];
  const registered = await http.post<{ account: { accountId: string } }>('/v1/accounts', { name: 'Acme' }, { token });
  const { accountId } = registered.body.account;
  const body = { type: 'client_credentials', name: 'billing-service' };
  const created = await http.post<IssuedCredentialReply>(`/v1/accounts/${accountId}/credentials`, body, { token });
  const { credential, secret, position } = created.body;
  const ids = { accountId, credentialId: credential.credentialId };
  await known(ids, position);
  return { ids, credential: pair(secret) };
};

const change = async <T>({ ids }: Issued, action: string, body: object = {}): Promise<T> => {
  const path = `/v1/accounts/${ids.accountId}/credentials/${ids.credentialId}/${action}`;
  const reply = await visits[0].http.post<T>(path, body, { token });
  expect(reply.status).toBeLessThan(300);
  return reply.body;
};

const verify = async (visit: Visit, credential: string, more: object = {}): Promise<string> => {
  const head = await visit.http.get<{ position: string }>('/v1/position', { token });
  const body = { credential, minPosition: head.body.position, ...more };
  return (await visit.http.post<{ code: string }>('/v1/verify', body, { token })).body.code;
};

/** The same through every door of every server; they must agree. */
const atAllDoors = async <T>(rpc: string, ids: object): Promise<T> => {
  const doors = visits.flatMap(({ doors: both }) => both);
  const [first, ...others] = await Promise.all(doors.map((door) => door.call<T>(rpc, { ...ids }, { token })));
  expect(first?.code).toBe('OK');
  for (const other of others) expect(other.body).toEqual(first?.body);
  return first?.body as T;
};

/** The sum of all days by code, as each door of each server tells it. */
const counts = async ({ ids }: Issued): Promise<readonly string[]> => {
  const doors = visits.flatMap(({ doors: both }) => both);
  const outcomes = doors.map((door) => door.call<Partial<CredentialUsage>>(USAGE, { ...ids, days: 2 }, { token }));
  return (await Promise.all(outcomes)).map(({ code: outcome, body }) => {
    expect(outcome).toBe('OK');
    const total: Record<string, number> = {};
    for (const { date, code, count } of body.days ?? []) {
      expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      total[code] = (total[code] ?? 0) + count;
    }
    return JSON.stringify(total);
  });
};

const everywhere = (expected: object): readonly string[] => Array.from({ length: 4 }, () => JSON.stringify(expected));

const counted = (issued: Issued, expected: Readonly<Record<string, number>>): Promise<true> =>
  eventually(async () => {
    const seen = await counts(issued);
    return seen.join() === everywhere(expected).join() ? { answer: true, seen } : { seen };
  });

const lastUses = ({ versions }: Credential): readonly (string | null)[] => versions.map((each) => each.lastUsedAt);

test('uses of every door count, a dry run does not; lists and single credentials show the last one', async () => {
  const issued = await issue();
  const [{ http, grpc }] = visits;
  const { credential } = issued;
  const unused = await atAllDoors<Credential>(GET, issued.ids);
  expect([unused.lastUsedAt, ...lastUses(unused)]).toEqual([null, null]);
  const before = new Date().toISOString();
  expect(await verify(visits[0], credential)).toBe('VALID');
  expect(await verify(visits[0], credential, { scopes: ['read'] })).toBe('INSUFFICIENT_SCOPE');
  await http.post('/v1/verify/batch', { items: [{ credential }, { credential }] }, { token });
  await grpc.rpc('VerificationService/Verify', { credential }, { token });
  await http.raw({
    method: 'POST',
    path: '/oauth2/introspect',
    token,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token: credential }).toString(),
  });
  expect(await verify(visits[0], credential, { explain: true })).toBe('VALID');
  const after = new Date().toISOString();
  await counted(issued, { INSUFFICIENT_SCOPE: 1, VALID: 5 });
  const shown = await atAllDoors<Credential>(GET, issued.ids);
  const lastUsedAt = shown.lastUsedAt ?? '';
  expect(lastUsedAt >= before && lastUsedAt <= after).toBe(true);
  expect(lastUses(shown)).toEqual([lastUsedAt]);
  const { items } = await atAllDoors<Page<Credential>>(LIST, { accountId: issued.ids.accountId });
  expect(items).toEqual([shown]);
});

test('a rotation shows when each version was last used, by whichever replica', async () => {
  const issued = await issue();
  const { secret } = await change<IssuedCredentialReply>(issued, 'rotate', { overlapSeconds: 3600 });
  expect(await verify(visits[0], issued.credential)).toBe('VALID');
  await counted(issued, { VALID: 1 });
  const first = await atAllDoors<Credential>(GET, issued.ids);
  expect(lastUses(first)).toEqual([first.lastUsedAt, null]);
  expect(await verify(visits[0], pair(secret))).toBe('VALID');
  await counted(issued, { VALID: 2 });
  const second = await atAllDoors<Credential>(GET, issued.ids);
  expect(lastUses(second)).toEqual([first.lastUsedAt, second.lastUsedAt]);
  expect((second.lastUsedAt ?? '') > (first.lastUsedAt ?? '')).toBe(true);
});

test('replicas add up; a stop stores what is counted; a kill loses only what was not stored', async () => {
  const issued = await issue();
  for (let uses = 0; uses < 3; uses += 1) expect(await verify(visits[1], issued.credential)).toBe('VALID');
  expect(await verify(visits[0], issued.credential)).toBe('VALID');
  await counted(issued, { VALID: 1 });
  await servers[1].stop();
  await servers[1].start();
  visitBoth();
  await counted(issued, { VALID: 4 });
  expect(await verify(visits[1], issued.credential)).toBe('VALID'); // Lost: its counts are not stored by themselves.
  await Promise.all([servers[0].kill(), servers[1].kill()]);
  await Promise.all([servers[0].start(), servers[1].start()]);
  visitBoth();
  expect(await counts(issued)).toEqual(everywhere({ VALID: 4 }));
  expect(await verify(visits[0], issued.credential)).toBe('VALID');
  await counted(issued, { VALID: 5 });
});

test('a rebuild of the read models leaves it as it is', async () => {
  const issued = await issue();
  expect(await verify(visits[0], issued.credential)).toBe('VALID');
  await counted(issued, { VALID: 1 });
  const before = await atAllDoors<Credential>(GET, issued.ids);
  for (const projection of ['listing', 'verification']) {
    const { code, stderr } = await launchTool('rebuild', [projection], servers[0].settings).exit;
    expect([code, stderr]).toEqual([0, '']);
  }
  expect(await atAllDoors<Credential>(GET, issued.ids)).toEqual(before);
  expect(await counts(issued)).toEqual(everywhere({ VALID: 1 }));
});

test('there are 1 to 90 days, of credentials that are there, for those who may read', async () => {
  const issued = await issue();
  for (const { doors } of visits) {
    for (const door of doors) {
      for (const days of [0, 91]) {
        const refused = await door.call(USAGE, { ...issued.ids, days }, { token });
        expect([refused.code, refused.fields]).toEqual(['invalid-request', ['days']]);
      }
      const viewer = await provider.token({ roles: ['viewer'], accounts: [issued.ids.accountId] });
      expect((await door.call(USAGE, issued.ids, { token: viewer })).code).toBe('OK');
      const stranger = await provider.token({
        roles: ['owner'],
        accounts: ['acct_018f0000-0000-7000-8000-000000000000'],
      });
      expect((await door.call(USAGE, issued.ids, { token: stranger })).code).toBe('not-found');
      const unknown = { ...issued.ids, credentialId: 'cred_018f0000-0000-7000-8000-000000000000' };
      expect((await door.call(USAGE, unknown, { token })).code).toBe('not-found');
    }
  }
});
