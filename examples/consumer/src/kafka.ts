import kafkajs, { type KafkaMessage } from 'kafkajs';
import { placeOf, takeAll, type Event } from './projection.js';
import { giveUp, reasonOf, untilItWorks } from './trying.js';

const { KAFKA_BROKERS = '127.0.0.1:9092', KAFKA_TOPIC: topic = 'keyledger.credentials.v1' } = process.env;

const what = `Topic ${topic} at ${KAFKA_BROKERS}`;

const sourceOf = (partition: number): string => `${topic}/${partition}`;

const eventOf = ({ key, headers, value }: KafkaMessage): Event => ({
  id: String(headers?.['ce_id']),
  type: String(headers?.['ce_type']),
  accountId: String(key),
  sequence: Number(headers?.['ce_sequence']),
  data: JSON.parse(String(value)) as Event['data'],
});

// The client's own lines are many. What fails for longer is told below, in one.
const kafka = new kafkajs.Kafka({
  brokers: KAFKA_BROKERS.split(','),
  logLevel: kafkajs.logLevel.NOTHING,
  retry: { retries: 2 },
});
const consumer = kafka.consumer({
  groupId: 'example-consumer',
  allowAutoTopicCreation: false, // Keyledger makes it, as it must be.
  sessionTimeout: 10_000, // After a crash another instance has its partitions then.
  maxWaitTimeInMs: 500,
});

/** The offsets are in our database, so Kafka holds none. What it brings before it knows them is passed over. */
consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
  const seekAll = async (): Promise<void> => {
    for (const partition of payload.memberAssignment[topic] ?? []) {
      const offset = await placeOf(sourceOf(partition));
      if (offset !== undefined) consumer.seek({ topic, partition, offset });
    }
  };
  void untilItWorks('The offsets in the database', seekAll);
});

/** Where the client has tried enough it begins anew, unless that would not help. */
consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
  if (!restart) giveUp(`${what}: ${reasonOf(error)}`);
  console.warn(`${what}: ${reasonOf(error)} - trying again`);
});

await untilItWorks(what, async () => {
  await consumer.connect();
  // Where no offset is known, or the one that is known is not there any more: from the beginning.
  await consumer.subscribe({ topic, fromBeginning: true });
});
console.log(`Reading topic ${topic} at ${KAFKA_BROKERS}`);
await consumer.run({
  autoCommit: false,
  eachBatchAutoResolve: false,
  async eachBatch(payload) {
    const { batch } = payload;
    const next = String(BigInt(batch.lastOffset()) + 1n);
    await takeAll(sourceOf(batch.partition), batch.messages.map(eventOf), next);
    payload.resolveOffset(batch.lastOffset());
    await payload.heartbeat();
  },
});

// Leaves its partitions to others at once.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void consumer.disconnect());
