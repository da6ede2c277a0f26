import { NeverTaken } from '@keyledger/read-models';
import kafkajs, { type ICustomPartitioner, type Kafka, type KafkaJSProtocolError, type Producer } from 'kafkajs';
import { LRUCache } from 'lru-cache';
import type { KafkaMessage } from './kafka-message.js';
import { prepareTopic, type KafkaConfig } from './kafka.js';

/** So much goes in one request: below what brokers take for one partition by default, which is 1 MB. */
const MOST_BYTES = 900_000;
const MOST_KEYS = 10_000;
const ALL_IN_SYNC = -1;
/** A broker closes the connection of whoever does not speak its TLS, or says nothing of a user, without a word. */
const TO_CHECK = 'Do KAFKA_BROKERS, KAFKA_TLS, KAFKA_SASL_MECHANISM and NODE_EXTRA_CA_CERTS fit the brokers?';

const TOO_FEW_BROKERS = 'Set KAFKA_REPLICATION_FACTOR to no more than there are brokers: 1 for a single one.';

/** The brokers did not say that they have the events. They may have them. */
export class NotAcknowledged extends Error {
  override readonly name = 'NotAcknowledged';
}

const TOO_LARGE: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);

const TOO_LARGE_ADVICE = 'it is larger than the topic takes, raise its max.message.bytes';

/** kafkajs wraps what a broker has said, at times twice. */
const saidByBroker = (error: unknown): KafkaJSProtocolError | undefined => {
  if (error instanceof kafkajs.KafkaJSProtocolError) return error;
  if (error instanceof kafkajs.KafkaJSAggregateError) return saidByBroker(error.errors[0]);
  return error instanceof Error && error.cause !== undefined ? saidByBroker(error.cause) : undefined;
};

const textOf = (error: unknown): string => (error instanceof Error ? error.message : 'no connection');

const saidInWords = ({ type, message }: KafkaJSProtocolError): string =>
  type === 'INVALID_REPLICATION_FACTOR' ? `${message}. ${TOO_FEW_BROKERS}` : message;

const failureOf = (error: unknown, isConnected: boolean): Error => {
  const said = saidByBroker(error);
  if (said === undefined) {
    return new NotAcknowledged(isConnected ? textOf(error) : `${textOf(error)}. ${TO_CHECK}`, { cause: error });
  }
  if (TOO_LARGE.has(said.type)) return new NeverTaken(TOO_LARGE_ADVICE, { cause: said });
  return new NotAcknowledged(saidInWords(said), { cause: error });
};

/** About: each header has its name and its value, which are plain ASCII. */
const bytesOf = ({ key, value, headers }: KafkaMessage): number => {
  let bytes = Buffer.byteLength(value) + key.length;
  for (const name in headers) bytes += name.length + (headers[name]?.length ?? 0);
  return bytes;
};

/** In their order, in requests of a bounded size. */
const requestsOf = (messages: readonly KafkaMessage[]): readonly KafkaMessage[][] => {
  const requests: KafkaMessage[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = bytesOf(message);
    if (bytes + size > MOST_BYTES) {
      requests.push([]);
      bytes = 0;
    }
    bytes += size;
    requests.at(-1)?.push(message);
  }
  return requests;
};

/** The partition of a key as the client has it, remembered: to work it out takes long. */
const createPartitioner: ICustomPartitioner = () => {
  const partitionOf = kafkajs.Partitioners.DefaultPartitioner();
  const known = new LRUCache<string, number>({ max: MOST_KEYS });
  return (args) => {
    const key = `${args.partitionMetadata.length} ${String(args.message.key)}`;
    const partition = known.get(key) ?? partitionOf(args);
    known.set(key, partition);
    return partition;
  };
};

/**
 * Sends events so that those of a key stay in order: one request at a time, each acknowledged by all brokers that must
 * have it, and none sent again by the client itself. After an error nothing is known, so that producer is thrown away.
 */
export class EventProducer {
  private connected: Producer | undefined;
  private mistake: string | undefined;

  constructor(
    private readonly kafka: Kafka,
    private readonly config: KafkaConfig,
    private readonly onMistake: (line: string) => void,
  ) {}

  /** Sees to it that the topic is there and that the brokers answer. Throws NotAcknowledged. */
  async open(): Promise<void> {
    await this.send([]);
  }

  /** Resolves when the brokers have all. Throws NotAcknowledged, or NeverTaken where one is too large. */
  async send(messages: readonly KafkaMessage[]): Promise<void> {
    try {
      const producer = (this.connected ??= await this.connect());
      for (const request of requestsOf(messages)) {
        await producer.send({ topic: this.config.kafkaTopic, acks: ALL_IN_SYNC, messages: request });
      }
    } catch (error) {
      const isConnected = this.connected !== undefined;
      await this.close();
      throw failureOf(error, isConnected);
    }
  }

  async close(): Promise<void> {
    const { connected } = this;
    this.connected = undefined;
    await connected?.disconnect().catch(() => undefined);
  }

  private async connect(): Promise<Producer> {
    const mistake = await prepareTopic(this.kafka, this.config);
    // Once for each: there is a connection after every error.
    if (mistake !== undefined && mistake !== this.mistake) this.onMistake(mistake);
    this.mistake = mistake;
    const producer = this.kafka.producer({
      createPartitioner,
      allowAutoTopicCreation: false,
      idempotent: false,
      maxInFlightRequests: 1,
      retry: { retries: 0 },
    });
    await producer.connect();
    return producer;
  }
}
