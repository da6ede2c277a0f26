import type { PublicEvent } from '@keyledger/contract';
import { accountIdOf, type WebhookEndpoint } from '@keyledger/domain';
import { publicFormOf, schemaName, type Config } from '@keyledger/edge';
import { LogReplaced, type EventLog, type RecordedEvent } from '@keyledger/event-log';
import { PostgresSink } from '@keyledger/read-models';
import type pg from 'pg';
import { deliveriesTo, type EndpointsOfAccounts } from '../endpoints-of-accounts.js';
import { messageIdOf } from '../delivery/ids.js';
import { storeMessages, type NewMessage } from '../delivery/message-store.js';

interface Parts {
  readonly pool: pg.Pool;
  readonly config: Pick<Config, 'streamPrefix' | 'webhookRetentionDays'>;
  readonly log: Pick<EventLog, 'logId'>;
  readonly endpoints: Pick<EndpointsOfAccounts, 'waitFor' | 'hasEndpoints' | 'asking'>;
  /** Of the messages. */
  readonly schema: string;
}

/** It never changes: what was sent is not sent again. */
const VERSION = 1;
const PATIENCE_MS = 10_000;
const DAY_MS = 24 * 60 * 60_000;

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
 * stores the messages, so each is made once, whatever ends in between. What is older than the messages that are kept is
 * not sent, and what is younger is known by its id: so it may read a log from the beginning again.
 */
export class OwnEventsSink extends PostgresSink {
  readonly #pool: pg.Pool;
  readonly #schema: string;

  constructor({ pool, config, log, endpoints, schema }: Parts) {
    const source = { logId: log.logId, streamPrefix: config.streamPrefix };
    const toMessage = (recorded: RecordedEvent): NewMessage | undefined => {
      const accountId = accountIdOf(config.streamPrefix, recorded.streamId);
      if (accountId === undefined || !endpoints.hasEndpoints(accountId)) return undefined;
      const event = publicFormOf(recorded, source)?.();
      const oldest = new Date(Date.now() - config.webhookRetentionDays * DAY_MS).toISOString();
      if (event === undefined || event.time < oldest) return undefined;
      return messageOf(recorded, event, endpoints.asking(event.partitionkey, event.type));
    };
    const checkpointSchema = schemaName(config, 'webhook_events');
    super(pool, {
      name: 'webhook_events',
      schema: checkpointSchema,
      version: VERSION,
      async apply(tx, _schema, events) {
        const last = events.at(-1);
        if (last !== undefined && !(await endpoints.waitFor(last.position, PATIENCE_MS))) throw new EndpointsBehind();
        const messages = events.flatMap((recorded) => toMessage(recorded) ?? []);
        if (messages.length > 0) await storeMessages(tx, schema, messages);
      },
    });
    this.#pool = pool;
    this.#schema = checkpointSchema;
  }

  /**
   * In another log it begins anew. Where that is the wrong one, nothing comes of it: what is known of endpoints follows
   * no other log than its own.
   */
  override async lead(follow: (lost: AbortSignal) => Promise<void>): Promise<void> {
    try {
      await super.lead(follow);
    } catch (error) {
      if (!(error instanceof LogReplaced)) throw error;
      const nowhere = 'position = null, event_id = null, log_id = null';
      await this.#pool.query(`update ${this.#schema}.checkpoint set ${nowhere}`);
    }
  }

  override mayPass(error: unknown): boolean {
    return error instanceof EndpointsBehind || super.mayPass(error);
  }
}
