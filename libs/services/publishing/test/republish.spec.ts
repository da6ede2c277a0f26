import { KafkaBroker, TopicReader } from '@keyledger/testing';
import { openKafka, type KafkaConfig } from '../src/kafka.js';
import { ReplayStopped, republish, type Replay, type ReplayProgress } from '../src/republish.js';
import { newAccountId, openStores, registration, renaming, type Stores } from './stores.js';

const broker = await KafkaBroker.startIfThere('sending events once more to a real Kafka');
afterAll(() => broker?.remove());

let stores: Stores;
beforeEach(async () => {
  stores = await openStores();
});
afterEach(() => stores.drop());

interface Replaying {
  readonly outcome: Promise<ReplayProgress>;
  readonly troubles: readonly string[];
  interrupt(): void;
}

const configFor = (brokers: string, topic: string): KafkaConfig & { readonly streamPrefix: string } => ({
  ...{ kafkaBrokers: [brokers], kafkaTopic: topic, kafkaPartitions: 4, kafkaReplication: 1, streamPrefix: '' },
  ...{ kafkaTls: false, kafkaSaslMechanism: null, kafkaSaslUsername: null, kafkaSaslPassword: null },
});

const replay = (brokers: string, topic: string, wish: Partial<Replay> = {}, patienceMs = 60_000): Replaying => {
  const config = configFor(brokers, topic);
  const { log } = stores;
  const stopping = new AbortController();
  const troubles: string[] = [];
  const surroundings = { log, config, patienceMs, signal: stopping.signal, onProgress: () => undefined };
  const outcome = log
    .head()
    .then((head) =>
      republish(
        { from: null, to: head, accountId: null, ...wish },
        { ...surroundings, onTrouble: (line) => troubles.push(line) },
      ),
    );
  return { outcome, troubles, interrupt: () => stopping.abort() };
};

const withBroker = (name: string, test: (kafka: KafkaBroker) => Promise<void>): void => {
  if (broker === undefined) it.skip(name, () => undefined);
  else it(name, () => test(broker));
};

/** Reads the topic until it has had so many messages, and tells their sequences by account. */
const sequencesIn = async (brokers: string, topic: string, count: number) => {
  const reader = await TopicReader.open(brokers, topic);
  while (reader.messages.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  await reader.remove();
  const sequences: Record<string, number[]> = {};
  for (const { key, sequence } of reader.messages) (sequences[key] ??= []).push(sequence);
  return { sequences, ids: reader.messages.map(({ id }) => id) };
};

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, number) => `name ${number}`);

/** Two accounts whose events lie among each other. */
const twoAccounts = async () => {
  const [one, other] = [newAccountId(), newAccountId()];
  const positions = [
    ...(await stores.append(one, registration(one), renaming('a'))),
    ...(await stores.append(other, registration(other), renaming('b'))),
    ...(await stores.append(one, renaming('c'))),
  ];
  return { one, other, positions };
};

withBroker('sends every event from the beginning on, with the ids of the first time', async ({ brokers }) => {
  const { one, other, positions } = await twoAccounts();
  expect(await replay(brokers, 'all').outcome).toEqual({ events: 5, position: positions.at(-1) });
  await replay(brokers, 'all').outcome;
  const { sequences, ids } = await sequencesIn(brokers, 'all', 10);
  expect(sequences).toEqual({ [one]: [0, 1, 2, 0, 1, 2], [other]: [0, 1, 0, 1] });
  const stored = [...(await stores.read(one)), ...(await stores.read(other))];
  expect(new Set(ids)).toEqual(new Set(stored.map(({ id }) => `evt_${id}`)));
  expect((await stores.log.anchorAt(positions[0] ?? ''))?.eventId).toBe(stored[0]?.id);
});

withBroker('sends what lies after one position and up to another', async ({ brokers }) => {
  const { one, other, positions } = await twoAccounts();
  const [, second = '', , fourth = '', last = ''] = positions;
  const from = await stores.log.anchorAt(second);
  expect(await replay(brokers, 'part', { from, to: fourth }).outcome).toEqual({ events: 2, position: fourth });
  expect(await replay(brokers, 'part', { from: await stores.log.anchorAt(last), to: last }).outcome).toEqual({
    events: 0,
    position: last,
  });
  expect(await replay(brokers, 'part', { from, accountId: one }).outcome).toEqual({ events: 1, position: last });
  expect((await sequencesIn(brokers, 'part', 3)).sequences).toEqual({ [other]: [0, 1], [one]: [2] });
});

withBroker('goes on where the broker was away for a while, and says so', async (kafka) => {
  const account = newAccountId();
  await stores.append(account, registration(account), ...names(900).map(renaming));
  kafka.freeze();
  const replaying = replay(kafka.brokers, 'patient');
  while (replaying.troubles.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  kafka.thaw();
  expect((await replaying.outcome).events).toBe(901);
  expect(replaying.troubles[0]).toMatch(/^The brokers do not acknowledge, and are asked again: /);
  const { sequences } = await sequencesIn(kafka.brokers, 'patient', 901);
  expect(new Set(sequences[account]).size).toBe(901);
});

const stopped = async ({ outcome }: Replaying): Promise<ReplayStopped> => {
  const error: unknown = await outcome.catch((thrown: unknown) => thrown);
  if (error instanceof ReplayStopped) return error;
  throw new Error('It was not stopped.', { cause: error });
};

it('says how far it has come where no broker answers', async () => {
  const { positions } = await twoAccounts();
  const from = await stores.log.anchorAt(positions[1] ?? '');
  // Nobody listens on port 1.
  const { message, progress } = await stopped(replay('127.0.0.1:1', 'none', { from }, 0));
  expect(message).toMatch(/^The brokers do not acknowledge: /);
  expect(progress).toEqual({ events: 0, position: positions[1] });
});

it('says how far it has come where it is interrupted', async () => {
  await twoAccounts();
  const replaying = replay('127.0.0.1:1', 'none');
  while (replaying.troubles.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  replaying.interrupt();
  expect((await stopped(replaying)).progress).toEqual({ events: 0, position: null });
});

withBroker('names an event that is larger than the topic takes', async ({ brokers }) => {
  const admin = openKafka(configFor(brokers, ''), () => undefined).admin();
  await admin.connect();
  const configEntries = [{ name: 'max.message.bytes', value: '2000' }];
  await admin.createTopics({ topics: [{ topic: 'narrow', numPartitions: 1, configEntries }] });
  await admin.disconnect();
  const account = newAccountId();
  const long = renaming('x'.repeat(3_000));
  const [, position] = await stores.append(account, registration(account), long, renaming('a'));
  const events = await stores.read(account);
  const { message } = await stopped(replay(brokers, 'narrow'));
  expect(message).toBe(
    `Event evt_${events[1]?.id} at ${position} cannot be sent: ` +
      'it is larger than the topic takes, raise its max.message.bytes.',
  );
});
