import { performance } from 'node:perf_hooks';
import { toId } from '@keyledger/domain';
import { parseConfig, schemaName } from '@keyledger/edge';
import { type EventLog, type Position } from '@keyledger/event-log';
import { EventProducer, openKafka, PublicationSink } from '@keyledger/publishing/publication';
import { runFollower, type Follower } from '@keyledger/read-models';
import { KafkaBroker } from '@keyledger/testing';
import kafkajs, { type Kafka } from 'kafkajs';
import pg from 'pg';
import { v7 as uuidV7 } from 'uuid';
import type { Cluster, Installation } from './installation.js';
import type { Report, Sizes } from './report.js';
import { LogSeed } from './seed-log.js';
import { median, quantile } from './statistics.js';

const DEADLINE_MS = 600_000;
const PARTITIONS = 12;
const ALL_IN_SYNC = -1;

/** What the follower brings at once. */
type Batch = Parameters<EventProducer['send']>[0];

interface Bench {
  readonly log: EventLog;
  readonly pool: pg.Pool;
  readonly installation: Installation;
  readonly kafka: Kafka;
  readonly brokers: string;
}

interface Publisher {
  readonly follower: Follower;
  readonly batches: readonly Batch[];
  readonly stop: () => Promise<void>;
}

/** The publisher as the services run it, from the first event on. */
const publish = async ({ log, pool, installation, brokers }: Bench, topic: string): Promise<Publisher> => {
  const kafkaSettings = { KAFKA_BROKERS: brokers, KAFKA_TOPIC: topic, KAFKA_REPLICATION_FACTOR: '1' };
  const config = parseConfig({ ...installation.settings, ...kafkaSettings });
  await pool.query(`drop schema if exists ${schemaName(config, 'publishing')} cascade`);
  const real = new EventProducer(
    openKafka(config, () => undefined),
    config,
    () => undefined,
  );
  const batches: Batch[] = [];
  const producer = {
    open: () => real.open(),
    send(messages: Batch) {
      batches.push(messages);
      return real.send(messages);
    },
    close: () => real.close(),
  };
  const stopping = new AbortController();
  const told = { onSent: () => undefined, onRetry: () => undefined };
  const sink = new PublicationSink({ pool, config, log, producer, ...told });
  const follower = runFollower({ log, sink, signal: stopping.signal });
  return {
    follower,
    batches,
    async stop() {
      stopping.abort();
      await follower.done;
    },
  };
};

const makeTopic = async (kafka: Kafka, topic: string): Promise<void> => {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true });
  await admin.disconnect();
};

interface Caught {
  readonly batches: readonly Batch[];
  readonly perSecond: number;
}

const countOf = (batches: readonly Batch[]): number => batches.reduce((sum, { length }) => sum + length, 0);

const catchUp = async (bench: Bench, topic: string, target: Position): Promise<Caught> => {
  await makeTopic(bench.kafka, topic);
  const startedMs = performance.now();
  const { follower, batches, stop } = await publish(bench, topic);
  const reached = await follower.waitForPosition(target, DEADLINE_MS);
  const seconds = (performance.now() - startedMs) / 1000;
  const { state, reason } = follower.status();
  await stop();
  if (!reached) throw new Error(`The publisher is ${state}, and not at ${target} in time: ${reason}`);
  return { batches, perSecond: countOf(batches) / seconds };
};

/** The same bytes in the same batches, one after the other, by the plain client. */
const sendPlainly = async ({ kafka }: Bench, topic: string, batches: readonly Batch[]): Promise<number> => {
  await makeTopic(kafka, topic);
  const startedMs = performance.now();
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  for (const batch of batches) await producer.send({ topic, acks: ALL_IN_SYNC, messages: [...batch] });
  await producer.disconnect();
  return (countOf(batches) / (performance.now() - startedMs)) * 1000;
};

const benchThroughput = async (bench: Bench, rounds: number, report: Report): Promise<void> => {
  const target = await bench.log.head();
  const ours: Caught[] = [];
  const plain: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const caught = await catchUp(bench, `ours-${round}`, target);
    ours.push(caught);
    plain.push(await sendPlainly(bench, `plain-${round}`, caught.batches));
    process.stderr.write(`  ${caught.perSecond.toFixed(0)} events/s, plainly ${plain.at(-1)?.toFixed(0)}/s\n`);
  }
  const [first] = ours;
  if (first === undefined) return;
  report.add({
    what: `publishing ${countOf(first.batches)} events to Kafka, in ${first.batches.length} batches`,
    measured: `${median(ours.map(({ perSecond }) => perSecond)).toFixed(0)} events/s`,
    reference: `plain kafkajs producer, the same batches: ${median(plain).toFixed(0)}/s`,
    ratios: ours.map(({ perSecond }, round) => perSecond / (plain[round] ?? NaN)),
    goal: { atLeast: 0.7 },
  });
};

/** When each account was first heard of by a consumer. */
const hear = async (
  kafka: Kafka,
  topic: string,
): Promise<{ of(key: string): Promise<number>; stop(): Promise<void> }> => {
  const consumer = kafka.consumer({ groupId: `bench-${topic}`, maxWaitTimeInMs: 1_000 });
  const waiting = new Map<string, (ms: number) => void>();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      waiting.get(String(message.key))?.(performance.now());
      return Promise.resolve();
    },
  });
  return {
    of: (key) => new Promise((resolve) => waiting.set(key, resolve)),
    stop: () => consumer.disconnect(),
  };
};

/** From before an append until a consumer has the event, one event after the other. */
const benchDelay = async (bench: Bench, seed: LogSeed, { readsPerRound }: Sizes, report: Report): Promise<void> => {
  const topic = 'delay';
  await makeTopic(bench.kafka, topic);
  const publisher = await publish(bench, topic);
  const heard = await hear(bench.kafka, topic);
  const delaysMs: number[] = [];
  const warmUp = Math.ceil(readsPerRound / 10);
  for (let count = 0; count < warmUp + readsPerRound; count += 1) {
    const accountId = toId('accountId', uuidV7());
    const arrival = heard.of(accountId);
    const startedMs = performance.now();
    await seed.registerAnother(accountId);
    const delayMs = (await arrival) - startedMs;
    if (count >= warmUp) delaysMs.push(delayMs);
  }
  await heard.stop();
  await publisher.stop();
  const value = quantile(delaysMs, 0.99);
  report.addAlone({
    what: `from an append to a consumer of Kafka, idle, of ${readsPerRound}`,
    measured: `p50 ${median(delaysMs).toFixed(1)} ms, p99 ${value.toFixed(1)} ms`,
    ...{ value, atMost: 250 },
  });
};

const benchAt = async ({ brokers }: KafkaBroker, cluster: Cluster, sizes: Sizes, report: Report): Promise<void> => {
  const installation = await cluster.createInstallation('publishing');
  const seed = await LogSeed.create(installation, sizes.slice);
  const pool = new pg.Pool({ connectionString: installation.databaseUrl });
  const log = await installation.openLog();
  const kafka = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING });
  const bench = { log, pool, installation, kafka, brokers };
  try {
    await benchThroughput(bench, sizes.rounds, report);
    await benchDelay(bench, seed, sizes, report);
  } finally {
    await log.close();
    await seed.close();
    await pool.end();
  }
};

/** The publisher against the plain client, and how long an event takes to a consumer; where a broker can be started. */
export const benchPublishing = async (cluster: Cluster, sizes: Sizes, report: Report): Promise<void> => {
  const broker = await KafkaBroker.start().catch((error: unknown) => String(error));
  if (typeof broker === 'string') return report.note('publishing to Kafka', broker);
  try {
    await benchAt(broker, cluster, sizes, report);
  } finally {
    await broker.remove();
  }
};
