import { accountStream, newEvent, type AccountEvent } from '@keyledger/domain';
import { openPostgresEventLog, type EventLog } from '@keyledger/event-log';
import { openPool } from '@keyledger/postgres';
import { runFollower, type Follower } from '@keyledger/read-models';
import { createDatabase, firstEvent, KafkaBroker, TopicReader, type TestDatabase } from '@keyledger/testing';
import type pg from 'pg';
import { v4 as uuid } from 'uuid';
import { EventProducer } from '../src/event-producer.js';
import { openKafka, prepareTopic, type KafkaConfig } from '../src/kafka.js';
import { PublicationSink } from '../src/publication.js';

/** Without one, what needs it is skipped in sight. */
const broker = await KafkaBroker.startIfThere('publishing to a real Kafka');
afterAll(() => broker?.remove());

let database: TestDatabase;
let pool: pg.Pool;
let log: EventLog;

beforeEach(async () => {
  database = await createDatabase();
  pool = openPool(database.url, { max: 8 });
  log = await openPostgresEventLog({ firstEvent, connectionString: database.url, streamPrefix: '' });
});
afterEach(async () => {
  await log.close();
  await pool.end();
  await database.drop();
});

const cause = {
  principal: { issuer: 'urn:test', subject: 'somebody', actorType: 'user' as const },
  ...{ correlationId: 'request', ip: null, userAgent: null },
};
const at = '2026-03-01T09:30:00.000Z';

/** Appends events of one account, and tells the position of the last. */
class Account {
  readonly id = `acct_${uuid()}`;
  private revision = -1;

  async append(...events: readonly AccountEvent[]): Promise<string> {
    const recorded = events.map((event) => newEvent(uuid(), event, cause, uuid()));
    const outcome = await log.append(accountStream('', this.id), this.revision, recorded, 'each');
    if (outcome.kind !== 'ok') throw new Error(`The append was answered with ${outcome.kind}.`);
    this.revision += events.length;
    return outcome.positions.at(-1) ?? '';
  }

  /** Its registration, and `count` renamings. */
  async live(count: number): Promise<string> {
    const names = Array.from({ length: count }, (_, number) => `name ${number}`);
    const registered: AccountEvent = {
      type: 'AccountRegistered',
      accountId: this.id,
      name: 'name',
      externalId: null,
      at,
    };
    const renamed = names.map((to): AccountEvent => ({
      type: 'AccountChanged',
      changes: { name: { from: '', to } },
      at,
    }));
    return this.append(registered, ...renamed);
  }
}

interface Publishing {
  readonly follower: Follower;
  stop(): Promise<void>;
}

const configFor = (topic: string, ...brokers: readonly string[]): KafkaConfig => ({
  ...{ kafkaBrokers: brokers, kafkaTopic: topic, kafkaPartitions: 4, kafkaReplication: 1 },
  ...{ kafkaTls: false, kafkaSaslMechanism: null, kafkaSaslUsername: null, kafkaSaslPassword: null },
});

const publish = (topic: string, brokers: readonly string[] = [`${broker?.brokers}`]): Publishing => {
  const config = configFor(topic, ...brokers);
  const stopping = new AbortController();
  const kafka = openKafka(config, () => undefined);
  const producer = new EventProducer(kafka, config, () => undefined);
  const counted = { onSent: () => undefined, onRetry: () => undefined };
  const sink = new PublicationSink({ pool, config: { streamPrefix: '' }, log, producer, ...counted });
  const follower = runFollower({ log, sink, signal: stopping.signal });
  return {
    follower,
    async stop() {
      stopping.abort();
      await follower.done;
    },
  };
};

const PATIENCE_MS = 60_000;

const until = async (isSo: () => boolean): Promise<void> => {
  const deadline = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error('It did not come to that.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Waits until the consumer has so many events, repeats left out. */
const untilRead = (reader: TopicReader, events: number): Promise<void> => until(() => reader.audit().events >= events);

const withBroker = (name: string, test: (kafka: KafkaBroker) => Promise<void>): void => {
  if (broker === undefined) it.skip(name, () => undefined);
  else it(name, () => test(broker), 2 * PATIENCE_MS);
};

withBroker('brings every event to a consumer, once and in order', async ({ brokers }) => {
  const accounts = Array.from({ length: 5 }, () => new Account());
  for (const account of accounts) await account.live(40);
  const publishing = publish('all');
  const last = await log.head();
  expect(await publishing.follower.waitForPosition(last, PATIENCE_MS)).toBe(true);
  const reader = await TopicReader.open(brokers, 'all');
  await untilRead(reader, 5 * 41);
  await accounts[0]?.append({ type: 'AccountSuspended', at });
  await untilRead(reader, 5 * 41 + 1);
  expect(reader.audit()).toMatchObject({ events: 206, repeats: 0, mistakes: [] });
  expect(reader.messages.at(-1)).toMatchObject({ key: accounts[0]?.id, type: 'keyledger.account.suspended.v1' });
  await reader.remove();
  await publishing.stop();
});

withBroker('loses nothing and changes no order while the broker is frozen, and killed', async (kafka) => {
  const publishing = publish('faults');
  const accounts = Array.from({ length: 4 }, () => new Account());
  await accounts[0]?.live(10);
  const reader = await TopicReader.open(kafka.brokers, 'faults').catch(async () => {
    await publishing.follower.waitForPosition(await log.head(), PATIENCE_MS);
    return TopicReader.open(kafka.brokers, 'faults');
  });
  await untilRead(reader, 11);
  kafka.freeze();
  await accounts[1]?.live(300);
  // What it was sent is given up, and lies in its socket.
  await until(() => publishing.follower.status().state === 'unavailable');
  kafka.thaw();
  await accounts[2]?.live(300);
  await kafka.restart();
  await accounts[3]?.live(300);
  await untilRead(reader, 11 + 3 * 301);
  expect(reader.audit().mistakes).toEqual([]);
  await reader.remove();
  await publishing.stop();
});

withBroker('stops at an event that the broker never takes, and says which', async ({ brokers }) => {
  const reader = await TopicReader.open(brokers, 'all');
  await reader.kafka.admin().createTopics({
    topics: [{ topic: 'narrow', numPartitions: 1, configEntries: [{ name: 'max.message.bytes', value: '2000' }] }],
  });
  const account = new Account();
  await account.live(1);
  const position = await account.append({
    type: 'AccountChanged',
    changes: { name: { from: '', to: 'x'.repeat(3_000) } },
    at,
  });
  await account.append({ type: 'AccountSuspended', at });
  const publishing = publish('narrow');
  await publishing.follower.done;
  const { state, reason } = publishing.follower.status();
  expect([state, reason]).toEqual([
    'stopped',
    expect.stringMatching(`\\(AccountChanged\\) at ${position} .* it is larger than the topic takes, raise`),
  ]);
  const narrow = await TopicReader.open(brokers, 'narrow');
  await untilRead(narrow, 2);
  expect(narrow.audit()).toMatchObject({ events: 2, mistakes: [] });
  await narrow.remove();
  await reader.remove();
  await publishing.stop();
});

withBroker('lets one instance publish, and another one take over', async ({ brokers }) => {
  const first = publish('two');
  const account = new Account();
  await first.follower.waitForPosition(await account.live(20), PATIENCE_MS);
  const second = publish('two');
  await first.stop();
  const position = await account.append({ type: 'AccountSuspended', at });
  expect(await second.follower.waitForPosition(position, PATIENCE_MS)).toBe(true);
  const reader = await TopicReader.open(brokers, 'two');
  await untilRead(reader, 22);
  expect(reader.audit()).toMatchObject({ repeats: 0, mistakes: [] });
  await reader.remove();
  await second.stop();
});

withBroker('publishes while brokers that it was told of are down', async ({ brokers }) => {
  const gone = ['127.0.0.1:1', '127.0.0.1:2'];
  const publishing = publish('down', [...gone, brokers]);
  const position = await new Account().live(10);
  expect(await publishing.follower.waitForPosition(position, PATIENCE_MS)).toBe(true);
  await publishing.stop();
});

withBroker(
  'makes a topic that forgets nothing, and tells in a line what is wrong with another',
  async ({ brokers }) => {
    const kafka = openKafka(configFor('made', brokers), () => undefined);
    expect(await prepareTopic(kafka, configFor('made', brokers))).toBeUndefined();
    const admin = kafka.admin();
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      resources: [{ type: 2, name: 'made', configNames: ['retention.ms', 'min.insync.replicas'] }],
      includeSynonyms: false,
    });
    const made = resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]);
    expect(made?.sort()).toEqual([
      ['min.insync.replicas', '1'],
      ['retention.ms', '-1'],
    ]);
    const configEntries = [{ name: 'cleanup.policy', value: 'compact' }];
    await admin.createTopics({ topics: [{ topic: 'wrong', numPartitions: 3, configEntries }] });
    await admin.disconnect();
    expect(await prepareTopic(kafka, configFor('wrong', brokers))).toBe(
      'Topic wrong: it is compacted, so that of each account only the last event stays: set cleanup.policy=delete; ' +
        'it has 3 partitions, and KAFKA_PARTITIONS is 4: leave the topic, and set KAFKA_PARTITIONS=3.',
    );
  },
);

withBroker('says how many copies there can be where there are fewer brokers', async ({ brokers }) => {
  const config = { ...configFor('copies', brokers), kafkaReplication: 3 };
  const producer = new EventProducer(
    openKafka(config, () => undefined),
    config,
    () => undefined,
  );
  await expect(producer.open()).rejects.toThrow(/Set KAFKA_REPLICATION_FACTOR to no more than there are brokers/);
});
