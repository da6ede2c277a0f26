import { notices, schemaIdOf, type Notice, type NoticeName } from '@keyledger/contract';
import { toId } from '@keyledger/domain';
import { schemaName, type Config, type LastUses, type UsageTables } from '@keyledger/edge';
import { advisoryKey, inLockedTransaction, inTransaction } from '@keyledger/postgres';
import type pg from 'pg';
import { v5 as uuidV5 } from 'uuid';
import type { CredentialTimes } from './credential-times.js';
import { messageIdOf } from '../delivery/ids.js';
import { storeMessages, type NewMessage } from '../delivery/message-store.js';
import { deliveriesTo, type EndpointsOfAccounts } from '../endpoints-of-accounts.js';
import { dueNotices, HOURS_BEFORE, type DueNotice } from './due-notices.js';
import { webhookAccountsProjection } from '../webhook-accounts-projection.js';

const DEADLINE_MS = 30_000;
const PAGE_SIZE = 500;
/** What was told is remembered until this long after what it was about. */
const REMEMBERED = `interval '30 days'`;
/** Ids of notices follow from what they say: so they are the same whoever makes them, and however often. */
const NAMESPACE = '5a1c4b0e-53d7-4f5e-9a44-0d6a2f1f7c11';

interface Parts {
  readonly pool: pg.Pool;
  readonly config: Pick<Config, 'streamPrefix'>;
  readonly logId: string;
  /** So many days before its end a holder is told of it. */
  readonly expiryDays: readonly number[];
  readonly usage: Pick<UsageTables, 'lastUses'>;
  readonly endpoints: Pick<EndpointsOfAccounts, 'asking' | 'accountsAsking'>;
  /** Of the messages. */
  readonly schema: string;
}

interface TimesRow {
  readonly account_id: string;
  readonly id: string;
  readonly document: CredentialTimes;
}

interface Found {
  readonly accountId: string;
  readonly credentialId: string;
  readonly due: DueNotice;
}

const ddl = (schema: string): string => `
  create schema if not exists ${schema};
  create table if not exists ${schema}.told (
    credential_id text collate "C",
    step text collate "C",
    ends_at timestamptz,
    primary key (credential_id, step, ends_at)
  );
  create index if not exists told_by_end on ${schema}.told (ends_at);
`;

/** Whatever may be due since $2 before now ($1), of the accounts of $3, after the last one of the page before. */
const candidates = (schema: string): string => `
  with due as (
    select t.account_id, t.id from ${schema}.times t join unnest($4::float8[]) ahead (seconds)
      on t.expires_at > $1::timestamptz + make_interval(secs => seconds) - $2::interval
        and t.expires_at <= $1::timestamptz + make_interval(secs => seconds)
    union select t.account_id, t.id from ${schema}.times t
      where t.rotation_due_at > $1::timestamptz - $2::interval and t.rotation_due_at <= $1::timestamptz
    union select t.account_id, t.id from ${schema}.times t join unnest($5::float8[]) ahead (seconds)
      on t.overlap_ends_at > $1::timestamptz + make_interval(secs => seconds) - $2::interval
        and t.overlap_ends_at <= $1::timestamptz + make_interval(secs => seconds)
  )
  select t.account_id, t.id, t.document from ${schema}.times t join due using (account_id, id)
  where t.account_id = any($3) and (t.account_id, t.id) > ($6, $7)
  order by t.account_id, t.id limit ${PAGE_SIZE}`;

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const names = Object.keys(notices) as readonly NoticeName[];

/** Finds what only time has brought about, and hands each over once: also after restarts, and beside other replicas. */
export class NoticeSweep {
  private readonly told: string;
  private readonly times: string;

  private constructor(
    private readonly parts: Parts,
    noticesSchema: string,
  ) {
    this.told = `${noticesSchema}.told`;
    this.times = webhookAccountsProjection(parts.config).schema;
  }

  /** Creates the table of what was told if it is not there. */
  static async open(parts: Parts): Promise<NoticeSweep> {
    const schema = schemaName(parts.config, 'webhook_notices');
    const key = advisoryKey('webhook-notices', schema);
    await inLockedTransaction(parts.pool, DEADLINE_MS, key, (client) => client.query(ddl(schema)));
    return new NoticeSweep(parts, schema);
  }

  /** Hands over what came due within `lookBackSeconds` before `now`, and was not told yet. Answers how many. */
  async run(now: string, lookBackSeconds: number): Promise<number> {
    const asking = new Map(
      names.map((name) => [name, new Set(this.parts.endpoints.accountsAsking(notices[name].type))]),
    );
    const accounts = [...new Set(names.flatMap((name) => [...(asking.get(name) ?? [])]))];
    let count = 0;
    let after: readonly [string, string] = ['', ''];
    while (accounts.length > 0) {
      const rows = await this.page(now, lookBackSeconds, accounts, after);
      const found = rows
        .flatMap((row) => this.dueOf(row, now))
        .filter(({ accountId, due }) => asking.get(due.name)?.has(accountId));
      if (found.length > 0) count += await this.tell(found);
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE_SIZE) break;
      after = [last.account_id, last.id];
    }
    await this.parts.pool.query(`delete from ${this.told} where ends_at < $1::timestamptz - ${REMEMBERED}`, [now]);
    return count;
  }

  private async page(now: string, seconds: number, accounts: readonly string[], after: readonly [string, string]) {
    const { pool, expiryDays } = this.parts;
    const { rows } = await pool.query<TimesRow>(candidates(this.times), [
      ...[now, `${seconds} seconds`, accounts],
      expiryDays.map((days) => days * DAY_SECONDS),
      HOURS_BEFORE.map((hours) => hours * HOUR_SECONDS),
      ...after,
    ]);
    return rows;
  }

  private dueOf({ account_id: accountId, id: credentialId, document }: TimesRow, now: string): readonly Found[] {
    return dueNotices(document, now, this.parts.expiryDays).map((due) => ({ accountId, credentialId, due }));
  }

  /** In one transaction with what is remembered of it. */
  private async tell(found: readonly Found[]): Promise<number> {
    const { pool, usage, schema } = this.parts;
    const ending = found.filter(({ due }) => due.name === 'rotationEnding').map(({ credentialId }) => credentialId);
    const uses = await usage.lastUses(ending);
    return inTransaction(pool, DEADLINE_MS, async (tx) => {
      const { rows } = await tx.query<{ key: string }>(
        `insert into ${this.told} (credential_id, step, ends_at)
         select credential_id, step, ends_at from unnest($1::text[], $2::text[], $3::timestamptz[])
           as given (credential_id, step, ends_at) order by credential_id, step, ends_at
         on conflict do nothing
         returning credential_id || ' ' || step as key`,
        [
          found.map(({ credentialId }) => credentialId),
          found.map(({ due }) => due.step),
          found.map(({ due }) => due.end),
        ],
      );
      const fresh = new Set(rows.map(({ key }) => key));
      const messages = found
        .filter(({ credentialId, due }) => fresh.has(`${credentialId} ${due.step}`))
        .map((each) => this.messageOf(each, uses.get(each.credentialId)));
      if (messages.length > 0) await storeMessages(tx, schema, messages);
      return messages.length;
    });
  }

  private messageOf({ accountId, credentialId, due }: Found, uses: LastUses | undefined): NewMessage {
    const { type } = notices[due.name];
    const uuid = uuidV5(`${this.parts.logId}/${credentialId}/${due.step}/${due.end}`, NAMESPACE);
    const lastUsed =
      due.name === 'rotationEnding' ? { lastUsedAt: uses?.get(due.said.endingVersion) ?? null } : undefined;
    const notice = {
      specversion: '1.0',
      id: toId('eventId', uuid),
      source: `urn:keyledger:log:${this.parts.logId}`,
      type,
      subject: credentialId,
      time: due.dueAt,
      datacontenttype: 'application/json',
      dataschema: schemaIdOf(type),
      partitionkey: accountId,
      data: { accountId, credentialId, ...due.said, ...lastUsed } as Notice['data'],
    } satisfies Notice;
    const payload = Buffer.from(JSON.stringify(notice));
    const to = deliveriesTo(this.parts.endpoints.asking(accountId, type));
    const at = new Date().toISOString();
    return { messageId: messageIdOf(uuid), accountId, type, source: 'notice', payload, at, to };
  }
}
