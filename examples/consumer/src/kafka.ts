import kafkajs, { type KafkaMessage } from 'kafkajs';
import { NeedsAPerson, placeOf, takeAll, type Event } from './projection.js';

const { KAFKA_BROKERS = '127.0.0.1:9092', KAFKA_TOPIC: topic = 'keyledger.credentials.v1' } = process.env;

const sourceOf = (partition: number): string => `${topic}/${partition}`;

const eventOf = ({ key, headers, value }: KafkaMessage): Event => ({
  id: String(headers?.['ce_id']),
  type: String(headers?.['ce_type']),
  accountId: String(key),
  sequence: Number(headers?.['ce_sequence']),
  data: JSON.parse(String(value)) as Event['data'],
});

const kafka = new kafkajs.Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: kafkajs.logLevel.ERROR });
// After a crash another instance has its partitions once the session is over.
const consumer = kafka.consumer({ groupId: 'example-consumer', sessionTimeout: 10_000, maxWaitTimeInMs: 500 });

/** The offsets are in our database, so Kafka holds none. What it brings before it knows them is passed over. */
consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
  const seekAll = async (): Promise<void> => {
    for (const partition of payload.memberAssignment[topic] ?? []) {
      const offset = await placeOf(sourceOf(partition));
      if (offset !== undefined) consumer.seek({ topic, partition, offset });
    }
  };
  void seekAll().catch((error: unknown) => console.warn(error));
});

await consumer.connect();
// Where no offset is known, or the one that is known is not there any more: from the beginning.
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  autoCommit: false,
  eachBatchAutoResolve: false,
  async eachBatch(payload) {
    const { batch } = payload;
    const next = String(BigInt(batch.lastOffset()) + 1n);
    await takeAll(sourceOf(batch.partition), batch.messages.map(eventOf), next).catch((error: unknown) => {
      // Any other error: the client brings the same batch again.
      if (!(error instanceof NeedsAPerson)) throw error;
      console.error(error.message);
      process.exit(1);
    });
    payload.resolveOffset(batch.lastOffset());
    await payload.heartbeat();
  },
});

// Leaves its partitions to others at once.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void consumer.disconnect());
