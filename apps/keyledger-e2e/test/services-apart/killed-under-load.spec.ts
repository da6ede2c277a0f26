import { randomInt } from 'node:crypto';
import type { AuditItem, Credential, Page } from '@keyledger/contract';
import type { RecordedEvent } from '@keyledger/event-log';
import { eventually } from '../harness/eventually.js';
import { HttpClient } from '../harness/http-client.js';
import type { KeyledgerProcess } from '../harness/keyledger-process.js';
import { eventsOfAccount, readLog } from '../harness/read-log.js';
import { Installation, untilReady } from './installation.js';
import { KeyedWriter } from './keyed-writer.js';

const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? randomInt(2 ** 31));
const ACCOUNTS = 4;
const WRITERS = 8;
/** Commands of each writer while one service is killed and started again. */
const COMMANDS = 12;

let installation: Installation;
let command: KeyledgerProcess;
let listings: readonly [KeyledgerProcess, KeyledgerProcess];
let audits: readonly [KeyledgerProcess, KeyledgerProcess];
let writer: KeyedWriter;
const accounts: string[] = [];
let killed = 0;

beforeAll(async () => {
  installation = await Installation.create();
  command = await installation.start('command-service');
  const [one, two, three, four] = await Promise.all([
    ...[installation.start('listing-service'), installation.start('listing-service')],
    ...[installation.start('audit-service'), installation.start('audit-service')],
  ]);
  [listings, audits] = [
    [one as KeyledgerProcess, two as KeyledgerProcess],
    [three as KeyledgerProcess, four as KeyledgerProcess],
  ];
  writer = new KeyedWriter(command, installation.token);
  while (accounts.length < ACCOUNTS) accounts.push(await installation.newAccount(command));
}, 180_000);

afterAll(() => installation.remove());

/** After how many acknowledged commands of the round the kill comes: the same ones for the same seed. */
const momentOf = (round: number): number => 1 + ((seed + round * 7919) % (WRITERS * COMMANDS - WRITERS));

const get = async <T>(server: KeyledgerProcess, path: string): Promise<Page<T>> => {
  const { status, text, body } = await new HttpClient(server.httpUrl).get<Page<T>>(path, { token: installation.token });
  if (status !== 200) throw new Error(`GET ${path} at ${server.app}: ${text}`);
  return body;
};

const allPages = async <T>(server: KeyledgerProcess, path: string, minPosition: string): Promise<readonly T[]> => {
  const items: T[] = [];
  for (let cursor = ''; ;) {
    const url = `${path}?limit=200&minPosition=${minPosition}${cursor && `&cursor=${cursor}`}`;
    const page = await eventually(async () => {
      try {
        return { answer: await get<T>(server, url), seen: url };
      } catch (error) {
        return { seen: String(error) };
      }
    });
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = page.nextCursor;
  }
};

/** Writes all commands of a round, and kills the server once some of them are acknowledged, then starts it again. */
const killUnderLoad = async (server: KeyledgerProcess): Promise<void> => {
  killed += 1;
  const round = killed;
  const enough = writer.acknowledged.length + momentOf(round);
  const writing = Array.from({ length: WRITERS }, async (_, index) => {
    for (let n = 0; n < COMMANDS; n += 1)
      await writer.create(accounts[(index + n) % ACCOUNTS] ?? '', `round-${round}-writer-${index}-command-${n}`);
  });
  const killing = eventually(async () => {
    const seen = writer.acknowledged.length;
    return seen >= enough ? { answer: seen, seen } : { seen };
  }).then(async () => {
    await server.kill();
    await server.start();
  });
  await Promise.all([...writing, killing]);
  await untilReady(server);
};

const descriptionIn = ({ data }: RecordedEvent): unknown =>
  (JSON.parse(Buffer.from(data).toString()) as { description?: unknown }).description;

/** What the log holds is what was acknowledged, each once; and every instance shows what the log holds. */
const expectNothingLostOrDoubled = async (): Promise<void> => {
  const log = await readLog(installation.settings);
  const latest = log.at(-1)?.position ?? '';
  expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
  for (const accountId of accounts) {
    const events = eventsOfAccount(log, accountId);
    expect(events.map(({ revision }) => revision)).toEqual(events.map((_, index) => index));
    const created = events.filter(({ type }) => type === 'CredentialCreated');
    const acknowledged = writer.acknowledged.filter((one) => one.accountId === accountId);
    expect(created.map(descriptionIn).sort()).toEqual(acknowledged.map(({ key }) => key).sort());
    expect(acknowledged.map(({ position }) => position).sort()).toEqual(created.map(({ position }) => position).sort());
    for (const server of listings) {
      const path = `/v1/accounts/${accountId}/credentials`;
      const listed = await allPages<Credential>(server, path, latest);
      const shown = listed.map(({ credentialId, description, maskedSecret }) => [
        credentialId,
        description,
        maskedSecret,
      ]);
      const given = acknowledged.map(({ credentialId, key, secret }) => [
        credentialId,
        key,
        `key_test_…${secret.slice(-4)}`,
      ]);
      expect(shown.sort()).toEqual(given.sort());
    }
    for (const server of audits) {
      const trail = await allPages<AuditItem>(server, `/v1/accounts/${accountId}/audit`, latest);
      const told = trail.filter(({ action }) => action !== 'AuditTrailRead').map(({ eventId }) => eventId);
      expect(told.reverse()).toEqual(events.map(({ id }) => `evt_${id}`));
    }
  }
};

it(`loses and doubles nothing while each service in turn is killed with -9 (KEYLEDGER_TEST_SEED=${seed})`, async () => {
  for (const server of [command, ...listings, ...audits, command]) await killUnderLoad(server);
  expect(writer.acknowledged).toHaveLength(killed * WRITERS * COMMANDS);
  // Else no kill has met a request under way.
  expect(writer.retries).toBeGreaterThan(0);
  await expectNothingLostOrDoubled();
}, 240_000);

it('repeats the same answers under the same keys afterwards', async () => {
  const before = await readLog(installation.settings);
  const again = new KeyedWriter(command, installation.token);
  for (const { accountId, key } of writer.acknowledged.slice(-20)) await again.create(accountId, key);
  expect(again.acknowledged).toEqual(writer.acknowledged.slice(-20));
  expect((await readLog(installation.settings)).length).toBe(before.length);
});
