import kafkajs, { type IHeaders, type Kafka, type KafkaMessage } from 'kafkajs';

/** One message, as any consumer of Kafka sees it. */
export interface ReadMessage {
  readonly key: string;
  readonly id: string;
  readonly type: string;
  readonly sequence: number;
  readonly data: Readonly<Record<string, unknown>>;
  /** All that it consists of. */
  readonly bytes: string;
}

/** What the whole topic shows. */
export interface Audit {
  /** Ids of the events of each account, in the order of their sequence. */
  readonly accounts: ReadonlyMap<string, readonly string[]>;
  readonly events: number;
  readonly repeats: number;
  /** Where an event came before one that it must follow, or came again as something else. */
  readonly mistakes: readonly string[];
}

const asText = (headers: IHeaders = {}): readonly (readonly [string, string])[] =>
  Object.entries(headers).map(([name, value]) => [name, String(value)]);

const toReadMessage = ({ key, headers, value }: KafkaMessage): ReadMessage => {
  const named = new Map(asText(headers));
  return {
    key: String(key),
    id: `${named.get('ce_id')}`,
    type: `${named.get('ce_type')}`,
    sequence: Number(named.get('ce_sequence')),
    data: JSON.parse(String(value)) as ReadMessage['data'],
    bytes: JSON.stringify([String(key), ...named, String(value)]),
  };
};

/** Reads a topic from its beginning, as a service that is not ours would. */
export class TopicReader {
  readonly messages: ReadMessage[] = [];

  private constructor(
    readonly kafka: Kafka,
    private readonly close: () => Promise<void>,
  ) {}

  static async open(brokers: string, topic: string): Promise<TopicReader> {
    const kafka = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: `reader-of-${topic}`, maxWaitTimeInMs: 100, retry: { retries: 50 } });
    const reader = new TopicReader(kafka, () => consumer.disconnect());
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => {
        reader.messages.push(toReadMessage(message));
        return Promise.resolve();
      },
    });
    return reader;
  }

  /** An event may come again: then it is the same to the byte. */
  audit(): Audit {
    const seen = new Map<string, Map<number, ReadMessage>>();
    const mistakes: string[] = [];
    let repeats = 0;
    for (const message of this.messages) {
      const { key, id, sequence, bytes } = message;
      const known = seen.get(key) ?? new Map<number, ReadMessage>();
      seen.set(key, known);
      const before = known.get(sequence);
      if (before === undefined) {
        if (sequence !== known.size) mistakes.push(`${key} has no event ${known.size} before ${sequence}.`);
        known.set(sequence, message);
      } else {
        repeats += 1;
        if (before.bytes !== bytes) mistakes.push(`Event ${sequence} of ${key} came as ${before.id} and as ${id}.`);
      }
    }
    const accounts = new Map(
      [...seen].map(([key, known]) => {
        const inOrder = [...known].sort(([left], [right]) => left - right);
        return [key, inOrder.map(([, { id }]) => id)];
      }),
    );
    return { accounts, events: this.messages.length - repeats, repeats, mistakes };
  }

  async remove(): Promise<void> {
    await this.close();
  }
}
