import { accountStream } from '@keyledger/domain';
import type { Config } from '@keyledger/edge';
import {
  backoffMs,
  comparePositions,
  LogUnavailable,
  pause,
  type Anchor,
  type EventLog,
  type Position,
  type RecordedEvent,
} from '@keyledger/event-log';
import { EventProducer, NotAcknowledged } from './event-producer.js';
import { openKafka, type KafkaConfig } from './kafka.js';
import { messagesOf, type KafkaMessage } from './kafka-message.js';

/** Which events are sent once more. */
export interface Replay {
  /** Those after this event; null: from the first one on. */
  readonly from: Anchor | null;
  /** Up to this event, itself included. It is in the log. */
  readonly to: Position;
  /** Null: those of all accounts. */
  readonly accountId: string | null;
}

export interface ReplayProgress {
  /** How many public events the brokers have acknowledged. */
  readonly events: number;
  /** Everything up to here is sent; null: nothing yet. */
  readonly position: Position | null;
}

interface Surroundings {
  readonly log: EventLog;
  readonly config: KafkaConfig & Pick<Config, 'streamPrefix'>;
  /** How long brokers that do not acknowledge are asked again. */
  readonly patienceMs: number;
  readonly onProgress: (progress: ReplayProgress) => void;
  readonly onTrouble: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Not all was sent. The same replay from `position` on sends the rest. */
export class ReplayStopped extends Error {
  override readonly name = 'ReplayStopped';

  constructor(
    reason: string,
    readonly progress: ReplayProgress,
  ) {
    super(reason);
  }
}

const INTERRUPTED = 'It was interrupted.';

/** All after `from`, until `to` is among them. */
async function* pagesUpTo(to: Position, from: Anchor | null, { log, signal }: Surroundings) {
  for await (const item of log.follow(from, signal)) {
    if (item.kind === 'unavailable') throw new LogUnavailable(item.reason);
    if (item.kind !== 'events') continue;
    yield item.events;
    const last = item.events.at(-1);
    if (last !== undefined && comparePositions(last.position, to) >= 0) return;
  }
  throw new Error(INTERRUPTED);
}

/** What is asked for, in the order of the log. Events of one account are in the same order there as in its stream. */
async function* pagesOf({ from, to, accountId }: Replay, surroundings: Surroundings) {
  const { log, config } = surroundings;
  const isAsked = ({ position }: RecordedEvent): boolean =>
    (from === null || comparePositions(position, from.position) > 0) && comparePositions(position, to) <= 0;
  if (from !== null && comparePositions(from.position, to) >= 0) return;
  const pages =
    accountId === null
      ? pagesUpTo(to, from, surroundings)
      : log.readStream(accountStream(config.streamPrefix, accountId), 0);
  for await (const page of pages) yield page.filter(isAsked);
}

/** The first that is refused alone, by its id; the others are sent. */
const sendSingly = async (producer: EventProducer, messages: readonly KafkaMessage[]): Promise<void> => {
  for (const message of messages) {
    await producer.send([message]).catch((error: unknown) => {
      if (error instanceof NotAcknowledged) throw error;
      const { ce_id: id, ce_position: position } = message.headers;
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`Event ${id} at ${position} cannot be sent: ${reason}.`);
    });
  }
};

const send = async (
  producer: EventProducer,
  messages: readonly KafkaMessage[],
  { patienceMs, onTrouble, signal }: Surroundings,
): Promise<void> => {
  const deadline = performance.now() + patienceMs;
  for (let failures = 0; ; failures += 1) {
    try {
      await producer.send(messages);
      return;
    } catch (error) {
      if (!(error instanceof NotAcknowledged)) return sendSingly(producer, messages);
      if (signal.aborted) throw new Error(INTERRUPTED);
      if (performance.now() >= deadline) throw error;
      if (failures === 0) onTrouble(`The brokers do not acknowledge, and are asked again: ${error.message}`);
      await pause(backoffMs(failures), signal);
    }
  }
};

const reasonFor = (error: unknown): string => {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof NotAcknowledged) return `The brokers do not acknowledge: ${reason}`;
  return error instanceof LogUnavailable ? `The log does not answer: ${reason}` : reason;
};

const advance = (
  { events, position }: ReplayProgress,
  page: readonly RecordedEvent[],
  sent: number,
): ReplayProgress => ({ events: events + sent, position: page.at(-1)?.position ?? position });

/**
 * Sends the public events of a part of the log once more, in its order, each with the id and the sequence that it has
 * always had. It moves no checkpoint, and a publisher may run beside it. Throws ReplayStopped.
 */
export const republish = async (replay: Replay, surroundings: Surroundings): Promise<ReplayProgress> => {
  const { log, config, onProgress, onTrouble, signal } = surroundings;
  const source = { logId: log.logId, streamPrefix: config.streamPrefix };
  const kafka = openKafka(config, () => undefined);
  const producer = new EventProducer(kafka, config, onTrouble);
  let progress: ReplayProgress = { events: 0, position: replay.from?.position ?? null };
  try {
    for await (const page of pagesOf(replay, surroundings)) {
      if (signal.aborted) throw new Error(INTERRUPTED);
      const messages = messagesOf(page, source);
      if (messages.length > 0) await send(producer, messages, surroundings);
      progress = advance(progress, page, messages.length);
      onProgress(progress);
    }
    return progress;
  } catch (error) {
    throw new ReplayStopped(reasonFor(error), progress);
  } finally {
    await producer.close();
  }
};
