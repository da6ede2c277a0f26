import { randomInt } from 'node:crypto';
import type { KeyledgerProcess } from '../harness/keyledger-process.js';
import { readLog } from '../harness/read-log.js';
import { Installation, untilReady } from './installation.js';
import { COMMANDS, KeyedWriter } from './keyed-writer.js';
import { expectNothingLostOrDoubled } from './nothing-lost.js';

const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? randomInt(2 ** 31));
const ACCOUNTS = 4;

let installation: Installation;
let command: KeyledgerProcess;
let listings: readonly [KeyledgerProcess, KeyledgerProcess];
let audits: readonly [KeyledgerProcess, KeyledgerProcess];
let writer: KeyedWriter;
const accounts: string[] = [];

beforeAll(async () => {
  installation = await Installation.create();
  command = await installation.start('command-service');
  [listings, audits] = await Promise.all([
    Promise.all([installation.start('listing-service'), installation.start('listing-service')]),
    Promise.all([installation.start('audit-service'), installation.start('audit-service')]),
  ]);
  writer = new KeyedWriter(command, installation.token);
  while (accounts.length < ACCOUNTS) accounts.push(await installation.newAccount(command));
});

afterAll(() => installation.remove());

/** After how many acknowledged commands of a round the kill comes: the same ones for the same seed. */
const momentOf = (round: number): number => 1 + ((seed + round * 7919) % (COMMANDS / 2));

it(`loses and doubles nothing while each service in turn is killed with -9 (KEYLEDGER_TEST_SEED=${seed})`, async () => {
  const turns = [command, ...listings, ...audits, command];
  for (const [round, server] of turns.entries()) {
    await writer.writeWhile(accounts, momentOf(round), async () => {
      await server.kill();
      await server.start();
    });
    await untilReady(server);
  }
  expect(writer.acknowledged).toHaveLength(turns.length * COMMANDS);
  // Else no kill has met a request under way.
  expect(writer.retries).toBeGreaterThan(0);
  const { settings } = installation;
  await expectNothingLostOrDoubled({ installation, settings, accounts, listings, audits }, writer.acknowledged);
});

it('repeats the same answers under the same keys afterwards', async () => {
  const before = await readLog(installation.settings);
  const again = new KeyedWriter(command, installation.token);
  for (const { accountId, key } of writer.acknowledged.slice(-20)) await again.create(accountId, key);
  expect(again.acknowledged).toEqual(writer.acknowledged.slice(-20));
  expect((await readLog(installation.settings)).length).toBe(before.length);
});
