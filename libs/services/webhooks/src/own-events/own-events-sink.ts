import type { PublicEvent } from '@keyledger/contract';
import type { WebhookEndpoint } from '@keyledger/domain';
import { publicFormOf, schemaName, type Config } from '@keyledger/edge';
import type { EventLog, RecordedEvent } from '@keyledger/event-log';
import { PostgresSink } from '@keyledger/read-models';
import type pg from 'pg';
import { deliveriesTo, type EndpointsOfAccounts } from '../endpoints-of-accounts.js';
import { messageIdOf } from '../delivery/ids.js';
import { storeMessages, type NewMessage } from '../delivery/message-store.js';

interface Parts {
  readonly pool: pg.Pool;
  readonly config: Pick<Config, 'streamPrefix'>;
  readonly log: Pick<EventLog, 'logId'>;
  readonly endpoints: Pick<EndpointsOfAccounts, 'waitFor' | 'asking'>;
  /** Of the messages. */
  readonly schema: string;
}

/** It never changes: what was sent is not sent again. */
const VERSION = 1;
const PATIENCE_MS = 10_000;

class EndpointsBehind extends Error {
  constructor() {
    super('What is known of webhook endpoints is behind the log.');
    this.name = 'EndpointsBehind';
  }
}

const messageOf = (
  recorded: RecordedEvent,
  event: PublicEvent,
  endpoints: readonly WebhookEndpoint[],
): NewMessage | undefined => {
  // An endpoint gets what happens after it was registered.
  const wanting = endpoints.filter(({ createdRevision }) => createdRevision < recorded.revision);
  if (wanting.length === 0) return undefined;
  return {
    messageId: messageIdOf(recorded.id),
    accountId: event.partitionkey,
    type: event.type,
    source: 'event',
    payload: Buffer.from(JSON.stringify(event)),
    at: new Date().toISOString(),
    to: deliveriesTo(wanting),
  };
};

/**
 * Makes a message of every event that an endpoint of its account asks for. The checkpoint moves in the transaction that
 * stores the messages, so each is made once, whatever ends in between.
 */
export class OwnEventsSink extends PostgresSink {
  constructor({ pool, config, log, endpoints, schema }: Parts) {
    const source = { logId: log.logId, streamPrefix: config.streamPrefix };
    const toMessage = (recorded: RecordedEvent): NewMessage | undefined => {
      const event = publicFormOf(recorded, source)?.();
      return event && messageOf(recorded, event, endpoints.asking(event.partitionkey, event.type));
    };
    super(pool, {
      name: 'webhook_events',
      schema: schemaName(config, 'webhook_events'),
      version: VERSION,
      async apply(tx, _schema, events) {
        const last = events.at(-1);
        if (last !== undefined && !(await endpoints.waitFor(last.position, PATIENCE_MS))) throw new EndpointsBehind();
        const messages = events.flatMap((recorded) => toMessage(recorded) ?? []);
        if (messages.length > 0) await storeMessages(tx, schema, messages);
      },
    });
  }

  override mayPass(error: unknown): boolean {
    return error instanceof EndpointsBehind || super.mayPass(error);
  }
}
