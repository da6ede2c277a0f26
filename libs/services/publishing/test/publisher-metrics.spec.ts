import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningServer } from '@keyledger/edge';
import { parsePosition } from '@keyledger/event-log';
import { KafkaBroker } from '@keyledger/testing';
import { publishing } from '../src/index.js';
import { serve } from './serving.js';
import { newAccountId, openStores, registration, renaming, type Stores } from './stores.js';

const broker = await KafkaBroker.startIfThere('the metrics of the publisher');
afterAll(() => broker?.remove());

let stores: Stores;
let dataDir: string;
const servers: RunningServer[] = [];

beforeEach(async () => {
  stores = await openStores();
  dataDir = await mkdtemp(join(tmpdir(), 'keyledger-publishing-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  await stores.drop();
  await rm(dataDir, { recursive: true });
});

const startPublisher = async (brokers: string): Promise<RunningServer> => {
  const settings = { KAFKA_BROKERS: brokers, KAFKA_REPLICATION_FACTOR: '1' };
  const server = await serve(stores, [publishing], { KEYLEDGER_DATA_DIR: dataDir, ...settings });
  servers.push(server);
  return server;
};

type Figures = Readonly<Record<string, number>>;

/** The figures of a publisher by their names. */
const scrape = async ({ httpUrl }: RunningServer): Promise<Figures> => {
  const text = await (await fetch(`${httpUrl}/metrics`)).text();
  const figures = [...text.matchAll(/^keyledger_publisher_(\w+)(?:{state="([\w-]+)"})? (\S+)$/gm)];
  return Object.fromEntries(figures.map(([, name, state, value]) => [state ?? name, Number(value)])) as Figures;
};

const scrapeUntil = async (server: RunningServer, isSo: (figures: Figures) => boolean) => {
  for (;;) {
    const figures = await scrape(server);
    if (isSo(figures)) return figures;
  }
};

const numberOf = (position = ''): number => parseInt(parsePosition(position)?.place ?? '', 16);

it('tell on every instance that nobody publishes, and by one that there were retries', async () => {
  await stores.append(newAccountId(), registration(newAccountId()));
  // Nobody listens on port 1.
  const instances = [await startPublisher('127.0.0.1:1'), await startPublisher('127.0.0.1:1')];
  const before = await Promise.all(instances.map((each) => scrapeUntil(each, ({ lag_seconds: lag = 0 }) => lag > 0)));
  const after = await Promise.all(instances.map(scrape));
  expect(after.map(({ lag_seconds: lag = 0 }, index) => lag > (before[index]?.['lag_seconds'] ?? 0))).toEqual([
    true,
    true,
  ]);
  expect(after.map(({ position }) => position)).toEqual([0, 0]);
  const [first] = instances;
  if (first !== undefined) await scrapeUntil(first, ({ retries_total: retries = 0 }) => retries > 1);
});

(broker === undefined ? it.skip : it)('tell on every instance what one of them has published', async () => {
  const instances = [await startPublisher(`${broker?.brokers}`), await startPublisher(`${broker?.brokers}`)];
  const account = newAccountId();
  broker?.freeze();
  const positions = await stores.append(account, registration(account), renaming('a'));
  const stuck = await Promise.all(instances.map(scrape));
  broker?.thaw();
  const last = numberOf(positions.at(-1));
  for (const [index, each] of instances.entries()) {
    const before = stuck[index]?.['lag_seconds'] ?? 0;
    await scrapeUntil(each, ({ position, lag_seconds: lag = Infinity }) => position === last && lag < before);
  }
  const sent = await Promise.all(instances.map(scrape));
  expect(sent.map(({ events_total: events }) => events).toSorted()).toEqual([0, 2]);
});
