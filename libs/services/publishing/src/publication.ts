import { schemaName, type Config, type Foundation } from '@keyledger/edge';
import type { EventLog } from '@keyledger/event-log';
import { PostgresSink } from '@keyledger/read-models';
import { Logger } from '@nestjs/common';
import type pg from 'pg';
import { Counter, type Registry } from 'prom-client';
import { EventProducer, NotAcknowledged } from './event-producer.js';
import { openKafka } from './kafka.js';
import { messagesOf } from './kafka-message.js';

export { EventProducer, openKafka };

interface Parts {
  readonly pool: pg.Pool;
  readonly config: Pick<Config, 'streamPrefix'>;
  readonly log: Pick<EventLog, 'logId'>;
  readonly producer: Pick<EventProducer, 'open' | 'send' | 'close'>;
  /** Told how many events the brokers have taken. */
  readonly onSent: (count: number) => void;
  /** Told of events that they have not acknowledged, and are sent again. */
  readonly onRetry: () => void;
}

/** It never changes: what was published cannot be made anew. */
const VERSION = 1;

/**
 * Where the follower of the publisher brings the events. The checkpoint moves in a transaction that is committed once
 * the brokers have the events, and that another instance would wait for. So events are sent twice rather than not at
 * all: an instance that has lost its connection may still send what the next one sends again, and nothing after that.
 */
export class PublicationSink extends PostgresSink {
  readonly #producer: Parts['producer'];
  readonly #failed: (error: unknown) => never;

  constructor({ pool, config: { streamPrefix }, log: { logId }, producer, onSent, onRetry }: Parts) {
    const failed = (error: unknown): never => {
      if (error instanceof NotAcknowledged) onRetry();
      throw error;
    };
    super(pool, {
      name: 'publishing',
      schema: schemaName({ streamPrefix }, 'publishing'),
      version: VERSION,
      async apply(_tx, _schema, events) {
        const messages = messagesOf(events, { logId, streamPrefix });
        if (messages.length > 0) await producer.send(messages).catch(failed);
        onSent(messages.length);
      },
    });
    this.#producer = producer;
    this.#failed = failed;
  }

  /** As the settings say. What is wrong with the topic is told in the log of this process. */
  static open({ pool, config, log }: Foundation, registry: Registry): PublicationSink {
    const logger = new Logger('publisher');
    const sent = new Counter({
      name: 'keyledger_publisher_events_total',
      help: 'Events that the brokers have acknowledged, those that were sent again included.',
      registers: [registry],
    });
    const retries = new Counter({
      name: 'keyledger_publisher_retries_total',
      help: 'Times that the brokers did not acknowledge what they were sent, so that it is sent again.',
      registers: [registry],
    });
    const kafka = openKafka(config, (line) => logger.debug(line));
    const producer = new EventProducer(kafka, config, (mistake) => logger.warn(mistake));
    const counted = { onSent: (count: number) => sent.inc(count), onRetry: () => retries.inc() };
    return new PublicationSink({ pool, config, log, producer, ...counted });
  }

  /**
   * Whoever does not lead has no connection to the brokers. Whoever does has one before the first event comes: then the
   * topic is there for consumers, and what is wrong with it is known.
   */
  override async lead(follow: (lost: AbortSignal) => Promise<void>): Promise<void> {
    try {
      await super.lead(async (lost) => {
        await this.#producer.open().catch(this.#failed);
        await follow(lost);
      });
    } finally {
      await this.#producer.close();
    }
  }

  override mayPass(error: unknown): boolean {
    return error instanceof NotAcknowledged || super.mayPass(error);
  }
}
