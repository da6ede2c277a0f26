import kafkajs, { type Kafka } from 'kafkajs';

/** One message, as any consumer of Kafka sees it. */
export interface ReadMessage {
  readonly key: string;
  readonly id: string;
  readonly type: string;
  readonly sequence: number;
  readonly data: Readonly<Record<string, unknown>>;
}

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
      eachMessage: ({ message: { key, headers, value } }) => {
        const header = (name: string): string => `${headers?.[name]?.toString()}`;
        reader.messages.push({
          key: `${key?.toString()}`,
          id: header('ce_id'),
          type: header('ce_type'),
          sequence: Number(header('ce_sequence')),
          data: JSON.parse(`${value?.toString()}`) as ReadMessage['data'],
        });
        return Promise.resolve();
      },
    });
    return reader;
  }

  /**
   * Throws where an event of an account was lost, or came before one that it must follow. One may come again: then
   * with the same id as the first time.
   */
  audit(): { readonly events: number; readonly repeats: number } {
    const ids = new Map<string, string[]>();
    let repeats = 0;
    for (const { key, id, sequence } of this.messages) {
      const known = ids.get(key) ?? [];
      ids.set(key, known);
      if (sequence > known.length) throw new Error(`${key} has no event ${known.length} before ${sequence}.`);
      if (sequence === known.length) known.push(id);
      else if (known[sequence] === id) repeats += 1;
      else throw new Error(`Event ${sequence} of ${key} came as ${known[sequence]} and as ${id}.`);
    }
    return { events: this.messages.length - repeats, repeats };
  }

  async remove(): Promise<void> {
    await this.close();
  }
}
