import { randomInt } from 'node:crypto';
import type { AuditItem, Credential, CredentialReply, Page } from '@keyledger/contract';
import { createDatabase, type TestDatabase } from '@keyledger/testing';
import fc from 'fast-check';
import type { Door } from './harness/doors.js';
import { METRICS_TOKEN } from './harness/program.js';
import { eventually } from './harness/eventually.js';
import { IdentityProvider } from './harness/identity-provider.js';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import { eventsOfAccount, readLog } from './harness/read-log.js';
import { Visit } from './harness/shared-server.js';
import { byTheRules, CommandRunner, randomCommand } from './two-processes/random-commands.js';
import { Replay } from './two-processes/replay.js';

const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? randomInt(2 ** 31));
const WRITERS_PER_DOOR = 3;
const COMMANDS_PER_WRITER = 40;
const READ_MODELS = ['listing', 'audit'] as const;
type ReadModel = (typeof READ_MODELS)[number];

let database: TestDatabase;
let provider: IdentityProvider;
let servers: readonly [KeyledgerProcess, KeyledgerProcess];
let visits: [Visit, Visit];
let token: string;

const start = (): Promise<KeyledgerProcess> =>
  startKeyledger({
    ...provider.settings,
    ...{ KEYLEDGER_DATABASE_URL: database.url, KEYLEDGER_MASTER_KEY: Buffer.alloc(32, 5).toString('base64') },
  });

beforeAll(async () => {
  database = await createDatabase();
  provider = await IdentityProvider.start();
  token = await provider.token({ roles: ['operator'], accounts: '*' });
  // At the same time, on an empty database: both want to create the same tables.
  servers = await Promise.all([start(), start()]);
  visits = [new Visit(servers[0]), new Visit(servers[1])];
});

afterAll(async () => {
  for (const visit of visits) visit.close();
  for (const server of servers) await server.remove();
  await provider.stop();
  await database.drop();
});

const doors = (): readonly Door[] => visits.flatMap((visit) => [...visit.doors]);

const newAccount = async (): Promise<string> => {
  const outcome = await doors()[0]?.call('AccountService/RegisterAccount', { name: 'Acme' }, { token });
  return (outcome?.body as { account: { accountId: string } }).account.accountId;
};

/** All pages of a list as of a position at least. */
const readAll = async <T>(visit: Visit, path: string, minPosition: string): Promise<readonly T[]> => {
  const items: T[] = [];
  for (let cursor = ''; ;) {
    const url = `${path}?limit=200&minPosition=${minPosition}${cursor && `&cursor=${cursor}`}`;
    const { status, text, body } = await visit.http.get<Page<T>>(url, { token });
    if (status !== 200) throw new Error(`GET ${url}: ${text}`);
    items.push(...body.items);
    if (body.nextCursor === null) return items;
    cursor = body.nextCursor;
  }
};

const revisionsOf = async (accountId: string): Promise<readonly number[]> =>
  eventsOfAccount(await readLog({ KEYLEDGER_DATABASE_URL: database.url }), accountId).map(({ revision }) => revision);

type Health = { readonly details?: Readonly<Record<string, { readonly state?: string }>> };

/** How a read model is kept, as a process says itself. */
const stateOf = async (visit: Visit, part: ReadModel): Promise<string> => {
  const { body } = await visit.http.get<Health>('/health/ready', { token: METRICS_TOKEN });
  return body.details?.[part]?.state ?? 'unknown';
};

/** The index of the process that keeps the read model, once exactly one does and the other stands by. */
const activeIn = (part: ReadModel): Promise<0 | 1> =>
  eventually(async () => {
    const seen = await Promise.all(visits.map((visit) => stateOf(visit, part)));
    if (seen[0] === 'live' && seen[1] === 'standby') return { answer: 0, seen };
    return seen[0] === 'standby' && seen[1] === 'live' ? { answer: 1, seen } : { seen };
  });

it(`keeps all rules of an account that both write to (KEYLEDGER_TEST_SEED=${seed})`, async () => {
  const accountId = await newAccount();
  const runner = new CommandRunner(accountId, token);
  const writers = doors().flatMap((door) => Array.from({ length: WRITERS_PER_DOOR }, () => door));
  await Promise.all(
    writers.map(async (door, index) => {
      const script = fc.sample(randomCommand, { seed: seed + index, numRuns: COMMANDS_PER_WRITER });
      for (const command of script) await runner.run(door, command);
    }),
  );
  const against = [...runner.outcomes.keys()].filter((code) => !byTheRules.has(code));
  expect(against).toEqual([]);
  // Else there was no contest, and the rest would show little.
  for (const code of ['OK', 'limit-reached', 'name-taken']) expect(runner.outcomes.get(code)).toBeGreaterThan(0);

  const latest = [...runner.positions].sort().at(-1) ?? '';
  const trail = await readAll<AuditItem>(visits[0], `/v1/accounts/${accountId}/audit`, latest);
  const events = [...trail].reverse();
  const replay = new Replay();
  for (const event of events) replay.take(event);
  expect(events.map(({ action }) => action)).toContain('WebhookSecretAssigned');

  const revisions = await revisionsOf(accountId);
  expect(revisions).toEqual(events.map((_, index) => index));

  for (const visit of visits) {
    const credentials = await readAll<Credential>(visit, `/v1/accounts/${accountId}/credentials`, latest);
    const listed = credentials.map(({ credentialId, type, name, status }) => [credentialId, { type, name, status }]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(replay.held));
    const signers = credentials.filter(({ webhookSigner }) => webhookSigner).map(({ credentialId }) => credentialId);
    expect(signers).toEqual([replay.signer]);
  }
});

it('answers each reader at least as fresh as it asks, wherever the write was made', async () => {
  const accountId = await newAccount();
  const [first, second, third, fourth] = doors() as [Door, Door, Door, Door];
  const body = { accountId, type: 'client_credentials', name: 'billing-service' };
  const created = await first.call<CredentialReply>('CredentialService/CreateCredential', body, { token });
  const { credentialId } = created.body.credential;
  const pairs = [
    [first, third],
    [fourth, second],
    [third, second],
    [second, fourth],
  ] as const;
  for (let round = 0; round < 20; round += 1) {
    const [writer, reader] = pairs[round % pairs.length] ?? [first, third];
    const change = { accountId, credentialId, description: `Round ${round}` };
    const { body: written } = await writer.call<CredentialReply>('CredentialService/UpdateCredential', change, {
      token,
    });
    const options = { token, minPosition: written.position };
    const read = await reader.call<Credential>('CredentialService/GetCredential', { accountId, credentialId }, options);
    expect({ round, code: read.code, ...read.body }).toEqual({ round, code: 'OK', ...written.credential });
  }
});

it.each(READ_MODELS)('lets one keep the %s, and the other when the first is killed', async (part) => {
  const active = await activeIn(part);
  const survivor = visits[active === 0 ? 1 : 0];
  const accountId = await newAccount();
  const runner = new CommandRunner(accountId, token);
  const write = async (): Promise<void> => {
    const create = { rpc: 'CredentialService/CreateCredential', pick: 0, fields: { type: 'api_key', mode: 'test' } };
    await runner.run(survivor.doors[0], create);
  };
  await write();
  await servers[active].kill();
  await write();

  await eventually(async () => {
    const state = await stateOf(survivor, part);
    return state === 'live' ? { answer: true, seen: state } : { seen: state };
  });
  await write();
  expect([...runner.outcomes]).toEqual([['OK', 3]]);
  const latest = runner.positions.at(-1) ?? '';
  const credentials = await readAll<Credential>(survivor, `/v1/accounts/${accountId}/credentials`, latest);
  expect(credentials.map(({ credentialId }) => credentialId).sort()).toEqual([...runner.known].sort());
  const trail = await readAll<AuditItem>(survivor, `/v1/accounts/${accountId}/audit`, latest);
  expect(trail.filter(({ action }) => action === 'CredentialCreated')).toHaveLength(3);

  await servers[active].start();
  visits[active].close();
  visits[active] = new Visit(servers[active]);
  expect(await activeIn(part)).not.toBe(active);
});
