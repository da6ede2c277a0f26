import type * as contract from '@keyledger/contract';
import { keysOf, listScope, pageOf } from '@keyledger/edge';
import { isPositionOf } from '@keyledger/event-log';
import { Kysely, PostgresDialect, type ExpressionBuilder } from 'kysely';
import type pg from 'pg';
import type { ListAuditEventsInput } from './list-audit-events.js';

interface Entry {
  readonly position: string;
  readonly event_id: string;
  readonly action: string;
  readonly actor_type: 'user' | 'service';
  readonly actor_id: string;
  readonly at: Date;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly account_id: string | null;
  readonly credential_id: string | null;
  readonly changes: readonly contract.FieldChange[];
  readonly correlation_id: string;
}

interface Tables {
  readonly entries: Entry;
}

/** What narrows a trail down; absent filters do not. */
export type TrailFilters = Pick<ListAuditEventsInput, 'actor' | 'action' | 'credentialId' | 'from' | 'to'>;

const toItem = (entry: Entry): contract.AuditItem => ({
  eventId: `evt_${entry.event_id}`,
  action: entry.action,
  actor: { type: entry.actor_type, id: entry.actor_id },
  at: entry.at.toISOString(),
  ip: entry.ip,
  userAgent: entry.user_agent,
  accountId: entry.account_id,
  credentialId: entry.credential_id,
  changes: entry.changes.map(({ field, from, to }) => ({ field, from, to })),
  correlationId: entry.correlation_id,
  position: entry.position,
});

/** The entries that the filters let through; `before` is a position. */
const matches =
  (accountId: string | null, filters: TrailFilters, before: string | undefined) =>
  (entry: ExpressionBuilder<Tables, 'entries'>) =>
    entry.and([
      ...(accountId === null ? [] : [entry('account_id', '=', accountId)]),
      ...(filters.actor === undefined ? [] : [entry('actor_id', '=', filters.actor)]),
      ...(filters.action === undefined ? [] : [entry('action', '=', filters.action)]),
      ...(filters.credentialId === undefined ? [] : [entry('credential_id', '=', filters.credentialId)]),
      ...(filters.from === undefined ? [] : [entry('at', '>=', new Date(filters.from))]),
      ...(filters.to === undefined ? [] : [entry('at', '<', new Date(filters.to))]),
      ...(before === undefined ? [] : [entry('position', '<', before)]),
    ]);

/** Questions to the trail as the projection has it. */
export class AuditTrail {
  private readonly db: Kysely<Tables>;

  constructor(
    pool: pg.Pool,
    schema: string,
    private readonly logId: string,
  ) {
    this.db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema(schema);
  }

  /** Newest first, of one account or of all (null). Throws the problem for a cursor that is not of this list. */
  async list(
    accountId: string | null,
    filters: TrailFilters,
    { limit, cursor }: { readonly limit: number; readonly cursor?: string },
  ): Promise<contract.Page<contract.AuditItem>> {
    const { actor, action, credentialId, from, to } = filters;
    const scope = listScope('audit', accountId, actor, action, credentialId, from, to);
    const isPosition = (keys: readonly unknown[]): keys is readonly [string] =>
      keys.length === 1 && typeof keys[0] === 'string' && isPositionOf(this.logId, keys[0]);
    const [before] = keysOf(cursor, scope, isPosition) ?? [];
    const entries = await this.db
      .selectFrom('entries')
      .selectAll()
      .where(matches(accountId, filters, before))
      .orderBy('position', 'desc')
      .limit(limit + 1)
      .execute();
    const { items, nextCursor } = pageOf(entries, limit, scope, ({ position }) => [position]);
    return { items: items.map(toItem), nextCursor };
  }

  /** Whether the account was ever registered. */
  async hasAccount(accountId: string): Promise<boolean> {
    const query = this.db.selectFrom('entries').select('position').where('account_id', '=', accountId).limit(1);
    return (await query.executeTakeFirst()) !== undefined;
  }
}
