import { accountIdOf, isAccountEvent, readEvent } from '@keyledger/domain';
import { schemaName, type Config } from '@keyledger/edge';
import type { EventLog, RecordedEvent } from '@keyledger/event-log';
import { PostgresSink } from '@keyledger/read-models';
import type pg from 'pg';
import { NotAcknowledged, type EventProducer } from './event-producer.js';
import { toMessage, type KafkaMessage } from './kafka-message.js';
import { toPublicEvent } from './public-event.js';

interface Source {
  readonly logId: string;
  readonly streamPrefix: string;
}

const messagesOf = (events: readonly RecordedEvent[], { logId, streamPrefix }: Source): readonly KafkaMessage[] =>
  events.flatMap((recorded) => {
    const accountId = accountIdOf(streamPrefix, recorded.streamId);
    if (accountId === undefined) return [];
    const { event, metadata } = readEvent(recorded);
    if (!isAccountEvent(event)) return [];
    return [toMessage(toPublicEvent(event, { accountId, logId, recorded, metadata }))];
  });

interface Parts {
  readonly pool: pg.Pool;
  readonly config: Pick<Config, 'streamPrefix'>;
  readonly log: Pick<EventLog, 'logId'>;
  readonly producer: Pick<EventProducer, 'send'>;
  /** Told how many events the brokers have taken. */
  readonly onSent: (count: number) => void;
}

/** It never changes: what was published cannot be made anew. */
const VERSION = 1;

/**
 * Where the follower of the publisher brings the events. The checkpoint moves in a transaction that is committed once
 * the brokers have the events, and that another instance would wait for: so events are sent twice rather than not at
 * all, and never by two instances at a time.
 */
export class PublicationSink extends PostgresSink {
  constructor({ pool, config: { streamPrefix }, log: { logId }, producer, onSent }: Parts) {
    super(pool, {
      name: 'publishing',
      schema: schemaName({ streamPrefix }, 'publishing'),
      version: VERSION,
      async apply(_tx, _schema, events) {
        const messages = messagesOf(events, { logId, streamPrefix });
        if (messages.length > 0) await producer.send(messages);
        onSent(messages.length);
      },
    });
  }

  override mayPass(error: unknown): boolean {
    return error instanceof NotAcknowledged || super.mayPass(error);
  }
}
