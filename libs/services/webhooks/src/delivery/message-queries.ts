import type * as contract from '@keyledger/contract';
import { idForms } from '@keyledger/domain';
import { instantOf, keysOf, listScope, notFound, pageOf } from '@keyledger/edge';
import type pg from 'pg';
import { messageIdOf, endpointIdOf, uuidOf } from './ids.js';

/** Whose messages somebody sees, and of which sources. */
export interface Sight {
  readonly accountId: string;
  readonly sources: readonly contract.MessageSource[];
}

/** All that are given apply. */
export interface MessageFilters {
  readonly type?: string | undefined;
  readonly endpointId?: string | undefined;
  readonly state?: contract.DeliveryState | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

interface DeliveryRow {
  readonly message_id: string;
  readonly endpoint_id: string;
  readonly state: contract.DeliveryState;
  readonly attempts: number;
  readonly next_attempt_at: Date | null;
  readonly last_attempt_at: Date | null;
  readonly last_outcome: string | null;
  readonly last_status: number | null;
}

interface MessageRow {
  readonly message_id: string;
  readonly type: string;
  readonly source: contract.MessageSource;
  readonly created_at: Date;
}

const isoOf = (date: Date | null): string | null => date?.toISOString() ?? null;

const deliveryOf = (row: DeliveryRow): contract.Delivery => ({
  endpointId: endpointIdOf(row.endpoint_id),
  state: row.state,
  attempts: row.attempts,
  nextAttemptAt: isoOf(row.next_attempt_at),
  lastAttemptAt: isoOf(row.last_attempt_at),
  lastOutcome: row.last_outcome,
  lastStatus: row.last_status,
});

const summaryOf = (row: MessageRow, deliveries: readonly DeliveryRow[]): contract.MessageSummary => ({
  messageId: messageIdOf(row.message_id),
  type: row.type,
  source: row.source,
  createdAt: row.created_at.toISOString(),
  deliveries: deliveries.filter(({ message_id: id }) => id === row.message_id).map(deliveryOf),
});

/** A time exactly as we write them, and a UUID: the database refuses others, or reads them in its own way. */
const isKeys = (keys: readonly unknown[]): keys is readonly [string, string] => {
  const [time, uuid, ...more] = keys;
  if (more.length > 0 || typeof time !== 'string' || typeof uuid !== 'string') return false;
  return instantOf(time) === time && idForms.messageId.test(messageIdOf(uuid));
};

const FAR = '9999-12-31T23:59:59.999Z';
const LAST_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Questions about messages of one account. */
export class MessageQueries {
  constructor(
    private readonly pool: pg.Pool,
    private readonly schema: string,
  ) {}

  /** Newest first. Throws the problem for a cursor that is not of this list. */
  async list(
    { accountId, sources }: Sight,
    filters: MessageFilters,
    { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<contract.Page<contract.MessageSummary>> {
    const { type, endpointId, state, from, to } = filters;
    const scope = listScope('messages', accountId, sources, type, endpointId, state, from, to);
    const before = keysOf(cursor, scope, isKeys) ?? [FAR, LAST_UUID];
    const values = [
      ...[uuidOf(accountId), type ?? null, from ?? null, to ?? null, ...before, limit + 1],
      ...[endpointId === undefined ? null : uuidOf(endpointId), state ?? null, sources],
    ];
    const { rows } = await this.pool.query<MessageRow>(this.pageQuery(filters), values);
    const deliveries = await this.deliveriesOf(rows.map(({ message_id: id }) => id));
    return pageOf(rows, limit, {
      scope,
      keys: (row) => [row.created_at.toISOString(), row.message_id],
      show: (row) => summaryOf(row, deliveries),
    });
  }

  /** Throws `not-found`. */
  async get({ accountId, sources }: Sight, messageId: string): Promise<contract.Message> {
    const { rows } = await this.pool.query<MessageRow & { payload: Buffer }>(
      `select message_id, type, source, created_at, payload from ${this.schema}.messages
       where message_id = $1 and account_id = $2 and source = any($3)`,
      [uuidOf(messageId), uuidOf(accountId), sources],
    );
    const [row] = rows;
    if (row === undefined) throw notFound();
    return { ...summaryOf(row, await this.deliveriesOf([row.message_id])), payload: row.payload.toString() };
  }

  /** In the order in which they were made. Throws `not-found`. */
  async attempts(
    sight: Sight,
    messageId: string,
    { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<contract.Page<contract.DeliveryAttempt>> {
    await this.get(sight, messageId);
    const scope = listScope('attempts', messageId);
    const isPlace = (keys: readonly unknown[]): keys is readonly [string] =>
      keys.length === 1 && /^\d{1,9}$/.test(String(keys[0]));
    const [place] = keysOf(cursor, scope, isPlace) ?? ['0'];
    const { rows } = await this.pool.query<AttemptRow>(
      `select * from (
         select endpoint_id, number, at, duration_ms, outcome, status, answer,
           row_number() over (order by at, endpoint_id, number)::int as place
         from ${this.schema}.attempts where message_id = $1) numbered
       where place > $2 order by place limit $3`,
      [uuidOf(messageId), Number(place), limit + 1],
    );
    return pageOf(rows, limit, { scope, keys: (row) => [String(row.place)], show: attemptOf });
  }

  /** The list is in the order of an index: that of the endpoint, where one is named, else of the account. */
  private pageQuery({ endpointId }: MessageFilters): string {
    const range = `account_id = $1 and ($3::timestamptz is null or created_at >= $3)
      and ($4::timestamptz is null or created_at < $4) and (created_at, message_id) < ($5::timestamptz, $6::uuid)`;
    const ofKind = '($2::text is null or type = $2) and source = any($10)';
    if (endpointId !== undefined) {
      return `select message_id, type, source, message.created_at from (
          select message_id, created_at from ${this.schema}.deliveries
          where endpoint_id = $8 and ($9::text is null or state = $9) and ${range}
        ) delivery join ${this.schema}.messages message using (message_id) where ${ofKind}
        order by delivery.created_at desc, message_id desc limit $7`;
    }
    return `select message_id, type, source, created_at from ${this.schema}.messages message
      where ${range} and ${ofKind} and $8::uuid is null and ($9::text is null or exists (
        select from ${this.schema}.deliveries delivery
        where delivery.message_id = message.message_id and state = $9))
      order by created_at desc, message_id desc limit $7`;
  }

  private async deliveriesOf(messages: readonly string[]): Promise<readonly DeliveryRow[]> {
    if (messages.length === 0) return [];
    const { rows } = await this.pool.query<DeliveryRow>(
      `select message_id, endpoint_id, state, attempts, next_attempt_at, last_attempt_at, last_outcome, last_status
       from ${this.schema}.deliveries where message_id = any($1) order by message_id, endpoint_id`,
      [messages],
    );
    return rows;
  }
}

interface AttemptRow {
  readonly endpoint_id: string;
  readonly number: number;
  readonly at: Date;
  readonly duration_ms: number;
  readonly outcome: string;
  readonly status: number | null;
  readonly answer: string;
  readonly place: number;
}

const attemptOf = (row: AttemptRow): contract.DeliveryAttempt => ({
  endpointId: endpointIdOf(row.endpoint_id),
  number: row.number,
  at: row.at.toISOString(),
  durationMs: row.duration_ms,
  outcome: row.outcome,
  status: row.status,
  answer: row.answer,
});
