import type { AuditItem, Page } from '@keyledger/contract';
import { keysOf, listScope, MAX_PAGE_BYTES, pageOf } from '@keyledger/edge';
import { isPositionOf } from '@keyledger/event-log';
import type pg from 'pg';
import { actions } from './changes-of.js';
import type { ListAuditEventsInput } from './list-audit-events.js';
import { auditItem, tableOf, trailTables, type Entry, type TrailTable } from './trail-tables.js';

/** What narrows a trail down; absent filters, and lists of nothing, do not. */
export type TrailFilters = Partial<Omit<ListAuditEventsInput, 'limit' | 'cursor'>>;

/** Takes a value into the parameters of a query; gives what stands for it there. */
type Bind = (value: unknown) => string;

/** Of lists the order and repetitions do not matter. */
const inOrder = ({ action = [], excludeAction = [], ...others }: TrailFilters) => ({
  ...others,
  action: [...new Set(action)].sort(),
  excludeAction: [...new Set(excludeAction)].sort(),
});

type Filters = ReturnType<typeof inOrder>;

const timeOf = (instant: string | undefined): Date | undefined =>
  instant === undefined ? undefined : new Date(instant);

const allButReads = actions.filter((name) => tableOf(name) === 'entries');

/** Types of events that are wanted; undefined where those are all but reads of trails. */
const wantedActions = ({ action, excludeAction }: Filters): readonly string[] | undefined => {
  if (action.length === 0 && excludeAction.length === 0) return undefined;
  return (action.length === 0 ? allButReads : action).filter((name) => !excludeAction.includes(name));
};

/** One name is compared as such, because an index on names and positions then gives it in order. */
const actionConditions = (wanted: readonly string[] | undefined, bind: Bind): readonly string[] => {
  if (wanted === undefined) return [];
  return [wanted.length === 1 ? `action = ${bind(wanted[0])}` : `action = any(${bind(wanted)}::text[])`];
};

const tablesFor = (wanted: readonly string[] = []): readonly TrailTable[] => {
  const tables = trailTables.filter((table) => wanted.some((name) => tableOf(name) === table));
  return tables.length === 0 ? ['entries'] : tables;
};

/** A credential is found as the one that an event is about, and as the other one that it changes. */
const credentialConditions = ({ credentialId }: Filters, bind: Bind): readonly (readonly string[])[] => {
  if (credentialId === undefined) return [[]];
  const id = bind(credentialId);
  return [[`credential_id = ${id}`], [`other_credential_id = ${id}`]];
};

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
    given: TrailFilters,
    { limit, cursor }: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<AuditItem>> {
    const filters = inOrder(given);
    const { actor, action, excludeAction, credentialId, applicationId, from, to } = filters;
    const scope = listScope('audit', accountId, actor, action, excludeAction, credentialId, applicationId, from, to);
    const isPosition = (keys: readonly unknown[]): keys is readonly [string] =>
      keys.length === 1 && typeof keys[0] === 'string' && isPositionOf(this.logId, keys[0]);
    const [before] = keysOf(cursor, scope, isPosition) ?? [];
    const values: unknown[] = [];
    const query = this.pageQuery(accountId, filters, { limit, before }, (value) => `$${values.push(value)}`);
    const { rows } = await this.pool.query<Entry>(query, values);
    return pageOf(rows, limit, { scope, keys: (entry) => [entry['position'] as string], show: auditItem });
  }

  /**
   * The newest entries, one more than `limit`. It is the union of parts that share no entry, each of which an index
   * gives in the order of the list. The entries behind the one that fills the page, and one more, are not even loaded.
   */
  private pageQuery(
    accountId: string | null,
    filters: Filters,
    { limit, before }: { readonly limit: number; readonly before: string | undefined },
    bind: Bind,
  ): string {
    const compare = (left: string, value: unknown): readonly string[] =>
      value === null || value === undefined ? [] : [`${left} ${bind(value)}`];
    const wanted = wantedActions(filters);
    const common = [
      ...compare('account_id =', accountId),
      ...compare('actor_id =', filters.actor),
      ...compare('application_id =', filters.applicationId),
      ...compare('at >=', timeOf(filters.from)),
      ...compare('at <', timeOf(filters.to)),
      ...compare('position <', before),
      ...actionConditions(wanted, bind),
    ];
    const most = bind(limit + 1);
    const ofCredential = credentialConditions(filters, bind);
    const parts = tablesFor(wanted).flatMap((table) =>
      ofCredential.map((conditions) => {
        const where = ['true', ...common, ...conditions].join(' and ');
        return `(select * from ${this.schema}.${table} where ${where} order by position desc limit ${most})`;
      }),
    );
    return `select * from (
        select *, sum(octet_length(changes)) over
          (order by position desc rows between unbounded preceding and 2 preceding) as bytes_before
        from (${parts.join(' union all ')}) found order by position desc limit ${most}
      ) page where coalesce(bytes_before, 0) <= ${bind(MAX_PAGE_BYTES)} order by position desc`;
  }

  /** Whether the account was ever registered. */
  async hasAccount(accountId: string): Promise<boolean> {
    const text = `select from ${this.schema}.entries where account_id = $1 limit 1`;
    return (await this.pool.query(text, [accountId])).rows.length > 0;
  }
}
