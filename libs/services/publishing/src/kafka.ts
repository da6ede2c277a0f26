import { connect, isIP, type Socket } from 'node:net';
import { connect as secureConnect } from 'node:tls';
import type { Config } from '@keyledger/edge';
import kafkajs, { type Admin, type ISocketFactory, type Kafka, type logCreator, type SASLOptions } from 'kafkajs';

export type KafkaConfig = Pick<
  Config,
  | 'kafkaBrokers'
  | 'kafkaTopic'
  | 'kafkaPartitions'
  | 'kafkaReplication'
  | 'kafkaTls'
  | 'kafkaSaslMechanism'
  | 'kafkaSaslUsername'
  | 'kafkaSaslPassword'
>;

const CONNECT_MS = 3_000;
const REQUEST_MS = 8_000;

const saslOf = ({ kafkaSaslMechanism, kafkaSaslUsername, kafkaSaslPassword }: KafkaConfig): SASLOptions | undefined =>
  kafkaSaslMechanism === null
    ? undefined
    : ({ mechanism: kafkaSaslMechanism, username: kafkaSaslUsername, password: kafkaSaslPassword } as SASLOptions);

/** Its lines are for those who debug the client: what matters is thrown, and said by whoever catches it. */
const quiet =
  (debug: (line: string) => void): logCreator =>
  () =>
  ({ log }) =>
    debug(log.message);

/** Every new connection asks one of them. The client would always ask the first, which may be down. */
const anyOf = (brokers: readonly string[]) => (): string[] =>
  brokers.slice(Math.floor(Math.random() * brokers.length)).slice(0, 1);

const KEEP_ALIVE_MS = 60_000;

type Listener = (...args: unknown[]) => void;

/** What does not speak Kafka makes the client throw where nobody could catch it. So that is a connection that broke. */
const guarded = (socket: Socket): Socket => {
  const listen = socket.on.bind(socket) as (event: string, listener: Listener) => Socket;
  const safely =
    (listener: Listener): Listener =>
    (...args) => {
      try {
        listener(...args);
      } catch (error) {
        socket.destroy(new Error('what answers does not speak the protocol of Kafka', { cause: error }));
      }
    };
  const on = (event: string, listener: Listener): Socket =>
    listen(event, event === 'data' ? safely(listener) : listener);
  return Object.assign(socket, { on });
};

/** As the client connects where it is left to itself. */
const socketsBy =
  (tls: boolean): ISocketFactory =>
  ({ host, port, onConnect }) => {
    const serverName = isIP(host) === 0 ? { servername: host } : {};
    const socket = tls ? secureConnect({ host, port, ...serverName }, onConnect) : connect({ host, port }, onConnect);
    return guarded(socket.setKeepAlive(true, KEEP_ALIVE_MS));
  };

/** A client that tries nothing again by itself: whoever uses it knows from where to begin anew. */
export const openKafka = (config: KafkaConfig, debug: (line: string) => void): Kafka => {
  const sasl = saslOf(config);
  return new kafkajs.Kafka({
    clientId: 'keyledger',
    brokers: anyOf(config.kafkaBrokers ?? []),
    ssl: config.kafkaTls,
    socketFactory: socketsBy(config.kafkaTls),
    ...(sasl === undefined ? {} : { sasl }),
    connectionTimeout: CONNECT_MS,
    authenticationTimeout: REQUEST_MS,
    requestTimeout: REQUEST_MS,
    enforceRequestTimeout: true,
    retry: { retries: 0 },
    logLevel: kafkajs.logLevel.DEBUG,
    logCreator: quiet(debug),
  });
};

const leastInSyncFor = (copies: number): number => (copies >= 3 ? 2 : 1);

const makeTopic = (admin: Admin, { kafkaTopic, kafkaPartitions, kafkaReplication }: KafkaConfig): Promise<boolean> =>
  admin.createTopics({
    topics: [
      {
        topic: kafkaTopic,
        numPartitions: kafkaPartitions,
        replicationFactor: kafkaReplication,
        configEntries: [
          { name: 'min.insync.replicas', value: String(leastInSyncFor(kafkaReplication)) },
          // Whoever comes later reads from the first event on.
          { name: 'retention.ms', value: '-1' },
        ],
      },
    ],
  });

const TOPIC = 2;

/** What is wrong with the topic as it is, in a line; undefined where nothing is. */
const mistakeIn = async (admin: Admin, { kafkaTopic, kafkaPartitions }: KafkaConfig): Promise<string | undefined> => {
  const { topics } = await admin.fetchTopicMetadata({ topics: [kafkaTopic] });
  const partitions = topics[0]?.partitions ?? [];
  const copies = Math.min(...partitions.map(({ replicas }) => replicas.length));
  const { resources } = await admin.describeConfigs({
    resources: [{ type: TOPIC, name: kafkaTopic }],
    includeSynonyms: false,
  });
  const configured = (wanted: string): string | undefined =>
    resources[0]?.configEntries.find(({ configName }) => configName === wanted)?.configValue;
  const inSync = Number(configured('min.insync.replicas'));
  const mistakes = [
    inSync < leastInSyncFor(copies) &&
      `it has ${copies} copies and min.insync.replicas=${inSync}, so that an event which one broker has may be lost ` +
        `with it: set min.insync.replicas=${leastInSyncFor(copies)}`,
    configured('cleanup.policy')?.includes('compact') === true &&
      'it is compacted, so that of each account only the last event stays: set cleanup.policy=delete',
    partitions.length !== kafkaPartitions &&
      `it has ${partitions.length} partitions, and KAFKA_PARTITIONS is ${kafkaPartitions}: leave the topic, and ` +
        `set KAFKA_PARTITIONS=${partitions.length}`,
  ].filter((mistake) => mistake !== false);
  return mistakes.length === 0 ? undefined : `Topic ${kafkaTopic}: ${mistakes.join('; ')}.`;
};

/**
 * Sees to it that the topic is there: makes it, or tells in a line what is wrong with the one that is there. Rejects
 * where the brokers do not answer.
 */
export const prepareTopic = async (kafka: Kafka, config: KafkaConfig): Promise<string | undefined> => {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const topics = await admin.listTopics();
    if (!topics.includes(config.kafkaTopic)) await makeTopic(admin, config);
    return await mistakeIn(admin, config);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};
