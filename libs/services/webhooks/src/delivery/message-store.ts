import type { MessageSource } from '@keyledger/contract';
import { definiteSqlState, Group } from '@keyledger/postgres';
import type pg from 'pg';
import { messageIdOf, uuidOf } from './ids.js';

/** A keyed request, so that a repeat is known. */
export interface KeyedRequest {
  readonly keyHash: Buffer;
  readonly bodyHash: Buffer;
  /** Answered again to a repeat. */
  readonly position: string;
}

/** A message before it is stored, with the endpoints that want it. */
export interface NewMessage {
  readonly messageId: string;
  readonly accountId: string;
  readonly type: string;
  readonly source: MessageSource;
  /** The body of every delivery, to the byte. */
  readonly payload: Buffer;
  readonly at: string;
  readonly to: readonly { readonly endpointId: string; readonly state: 'pending' | 'held' }[];
  readonly request?: KeyedRequest | undefined;
}

export interface KnownRequest {
  readonly messageId: string;
  readonly position: string;
  readonly sameBody: boolean;
}

const MOST_TOGETHER = 200;

const isDeadlock = (error: unknown): boolean => definiteSqlState(error) === '40P01';

/** Stores messages that are new, and wakes the drains of their endpoints. Answers with those stored. */
export const storeMessages = async (
  client: Pick<pg.ClientBase, 'query'>,
  schema: string,
  messages: readonly NewMessage[],
): Promise<ReadonlySet<NewMessage>> => {
  const to = messages.flatMap(({ messageId, to: endpoints }) =>
    endpoints.map(({ endpointId, state }) => [uuidOf(messageId), uuidOf(endpointId), state] as const),
  );
  const { rows } = await client.query<{ accept: string }>({
    name: `accept-messages-${schema}`,
    text: `select ${schema}.accept($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      messages.map(({ messageId }) => uuidOf(messageId)),
      messages.map(({ accountId }) => uuidOf(accountId)),
      messages.map(({ type }) => type),
      messages.map(({ source }) => source),
      messages.map(({ payload }) => payload),
      messages.map(({ at }) => at),
      messages.map(({ request }) => request?.keyHash ?? null),
      messages.map(({ request }) => request?.bodyHash ?? null),
      messages.map(({ request }) => request?.position ?? null),
      to.map(([message]) => message),
      to.map(([, endpoint]) => endpoint),
      to.map(([, , state]) => state),
    ],
  });
  const stored = new Set(rows.map(({ accept }) => accept));
  return new Set(messages.filter(({ messageId }) => stored.has(uuidOf(messageId))));
};

/** Where two processes meet at the same endpoints the database may undo what one of them did. */
const twice = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!isDeadlock(error)) throw error;
    return work();
  }
};

/** Where accepted messages are kept. Messages that come at the same time share a commit. */
export class MessageStore {
  private readonly group = new Group<NewMessage>((messages) => this.store(messages), MOST_TOGETHER);

  constructor(
    private readonly pool: pg.Pool,
    readonly schema: string,
  ) {}

  /** Once this resolves the message is durable. False if its key is known: then nothing was stored. */
  accept(message: NewMessage): Promise<boolean> {
    return this.group.add(message);
  }

  /** The request that was the first with this key. */
  async requestOf({
    keyHash,
    bodyHash,
  }: Pick<KeyedRequest, 'keyHash' | 'bodyHash'>): Promise<KnownRequest | undefined> {
    const { rows } = await this.pool.query<{ message_id: string; position: string; same_body: boolean }>(
      `select message_id, position, body_hash = $2 as same_body from ${this.schema}.requests where key_hash = $1`,
      [keyHash, bodyHash],
    );
    return rows.map((row) => ({
      messageId: messageIdOf(row.message_id),
      position: row.position,
      sameBody: row.same_body,
    }))[0];
  }

  /** Sends the message to these endpoints as if it were new. */
  async resend(accountId: string, messageId: string, endpointIds: readonly string[], now: Date): Promise<void> {
    const values = [uuidOf(messageId), uuidOf(accountId), endpointIds.map(uuidOf), now];
    await twice(() => this.pool.query(`select ${this.schema}.resend($1, $2, $3, $4)`, values));
  }

  private store(messages: readonly NewMessage[]): Promise<ReadonlySet<NewMessage>> {
    return twice(() => storeMessages(this.pool, this.schema, messages));
  }
}
