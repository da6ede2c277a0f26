import { randomInt, randomUUID } from 'node:crypto';
import { startEsdbCluster, type EsdbCluster, type EsdbNode } from '@keyledger/testing';
import type { KeyledgerProcess } from '../harness/keyledger-process.js';
import type { Settings } from '../harness/program.js';
import { Installation, untilReady } from './installation.js';
import { COMMANDS, KeyedWriter } from './keyed-writer.js';
import { expectNothingLostOrDoubled } from './nothing-lost.js';

const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? randomInt(2 ** 31));
const ACCOUNTS = 4;

let installation: Installation;
let cluster: EsdbCluster;
let settings: Settings;
let command: KeyledgerProcess;
let listing: KeyledgerProcess;
let audit: KeyledgerProcess;
let writer: KeyedWriter;
const accounts: string[] = [];
let rounds = 0;

/** A cluster of the suite's own, whatever the engine of the run, so that its nodes can be made to fail. */
beforeAll(async () => {
  installation = await Installation.create();
  cluster = await startEsdbCluster();
  const onCluster = { KEYLEDGER_EVENT_LOG: 'eventstoredb', EVENTSTOREDB_URL: cluster.url };
  settings = { ...installation.settings, ...onCluster, KEYLEDGER_STREAM_PREFIX: 'in-a-cluster-' };
  [command, listing, audit] = await Promise.all([
    installation.start('command-service', settings),
    installation.start('listing-service', settings),
    installation.start('audit-service', settings),
  ]);
  writer = new KeyedWriter(command, installation.token);
  while (accounts.length < ACCOUNTS) accounts.push(await installation.newAccount(command));
});

afterAll(async () => {
  await installation.remove();
  await cluster.stop();
});

const services = (): readonly KeyledgerProcess[] => [command, listing, audit];

/** Disturbs the cluster while a round is written, then looks whether anything is missing or doubled. */
const survive = async (disturb: () => Promise<void>): Promise<void> => {
  const round = (rounds += 1);
  await writer.writeWhile(accounts, 1 + ((seed + round * 7919) % (COMMANDS / 2)), disturb);
  for (const server of services()) await untilReady(server);
  expect(writer.acknowledged).toHaveLength(round * COMMANDS);
  const written = { installation, settings, accounts, listings: [listing], audits: [audit] };
  await expectNothingLostOrDoubled(written, writer.acknowledged);
};

const lostAndBack = async (lose: () => EsdbNode): Promise<void> => {
  const lost = lose();
  // The whole round is acknowledged by what is left of the cluster.
  await untilReady(command);
  await cluster.bringBack(lost);
};

it(`loses and doubles nothing when the leader is killed under load (KEYLEDGER_TEST_SEED=${seed})`, async () => {
  await survive(() => lostAndBack(() => cluster.killLeader()));
});

it('nor when it freezes', async () => {
  await survive(() => lostAndBack(() => cluster.freezeLeader()));
});

it('nor when another one is elected while it goes on as a follower', async () => {
  await survive(async () => void cluster.resignLeader());
});

it("nor when others' events are scavenged away while nobody follows", async () => {
  const [node] = cluster.nodes;
  const strangers = (): void => {
    node?.write(`stranger-${randomUUID()}`, ...Array.from({ length: 10 }, () => ({ type: 'NotOurs' })));
  };
  await survive(async () => {
    strangers();
    await Promise.all([listing.stop(), audit.stop()]);
    strangers();
    node?.store.scavenge(({ streamId }) => streamId.startsWith('stranger-'));
    await Promise.all([listing.start(), audit.start()]);
  });
});
