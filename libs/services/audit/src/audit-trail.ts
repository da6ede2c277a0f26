import type { AuditItem, Page } from '@keyledger/contract';
import { keysOf, listScope, pageOf } from '@keyledger/edge';
import { isPositionOf } from '@keyledger/event-log';
import type pg from 'pg';
import { auditItem, type Entry } from './audit-projection.js';
import type { ListAuditEventsInput } from './list-audit-events.js';

/** What narrows a trail down; absent filters do not. */
export type TrailFilters = Pick<ListAuditEventsInput, 'actor' | 'action' | 'credentialId' | 'from' | 'to'>;

const timeOf = (instant: string | undefined): Date | null => (instant === undefined ? null : new Date(instant));

/** Questions to the trail as the projection has it. */
export class AuditTrail {
  constructor(
    private readonly pool: pg.Pool,
    private readonly schema: string,
    private readonly logId: string,
  ) {}

  /** Newest first, of one account or of all (null). Throws the problem for a cursor that is not of this list. */
  async list(
    accountId: string | null,
    filters: TrailFilters,
    { limit, cursor }: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<AuditItem>> {
    const { actor, action, credentialId, from, to } = filters;
    const scope = listScope('audit', accountId, actor, action, credentialId, from, to);
    const isPosition = (keys: readonly unknown[]): keys is readonly [string] =>
      keys.length === 1 && typeof keys[0] === 'string' && isPositionOf(this.logId, keys[0]);
    const [before] = keysOf(cursor, scope, isPosition) ?? [];
    const rows = await this.entries(limit + 1, {
      'account_id =': accountId,
      'actor_id =': actor,
      'action =': action,
      'credential_id =': credentialId,
      'at >=': timeOf(from),
      'at <': timeOf(to),
      'position <': before,
    });
    return pageOf(rows, limit, { scope, keys: (entry) => [entry['position'] as string], show: auditItem });
  }

  /** The newest entries for which all comparisons hold; those with an absent value are left out. */
  private async entries(limit: number, comparisons: Readonly<Record<string, unknown>>): Promise<readonly Entry[]> {
    const given = Object.entries(comparisons).filter(([, value]) => (value ?? null) !== null);
    const conditions = given.map(([comparison], index) => `${comparison} $${index + 2}`);
    const { rows } = await this.pool.query<Entry>(
      `select * from ${this.schema}.entries where ${['true', ...conditions].join(' and ')}
       order by position desc limit $1`,
      [limit, ...given.map(([, value]) => value)],
    );
    return rows;
  }

  /** Whether the account was ever registered. */
  async hasAccount(accountId: string): Promise<boolean> {
    const text = `select from ${this.schema}.entries where account_id = $1 limit 1`;
    return (await this.pool.query(text, [accountId])).rows.length > 0;
  }
}
