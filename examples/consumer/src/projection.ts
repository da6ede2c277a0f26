import pg from 'pg';
import { giveUp, untilItWorks } from './trying.js';

/** What this consumer needs of an event, however it came. */
export interface Event {
  readonly id: string;
  readonly type: string;
  readonly accountId: string;
  /** The number of the event in its account, from 0 on and without a gap. */
  readonly sequence: number;
  readonly data: { readonly credentialId?: string };
}

const { DATABASE_URL } = process.env;
if (!DATABASE_URL) giveUp('Set DATABASE_URL to a PostgreSQL database of this consumer, as postgres://…');
const pool = new pg.Pool({ connectionString: DATABASE_URL });
pool.on('error', (error) => console.warn(`An idle connection was lost: ${error.message}`));

const TABLES = `
  create schema if not exists consumer;
  -- The last event of each account that was taken, and the furthest one that could not be, because of a gap before it.
  create table if not exists consumer.account (account_id text primary key, sequence bigint not null default -1,
    event_id text, awaited bigint not null default -1);
  -- The projection itself. Any table of yours stands in its place.
  create table if not exists consumer.active_credential (account_id text, credential_id text,
    primary key (account_id, credential_id));
  -- How far each partition, or the feed, was read: where the next start begins.
  create table if not exists consumer.place (source text primary key, place text not null)`;
await untilItWorks('The database of DATABASE_URL', () => pool.query(TABLES));

/** Where to go on reading a source; undefined: at its beginning. */
export const placeOf = async (source: string): Promise<string | undefined> => {
  const found = await pool.query<{ place: string }>('select place from consumer.place where source = $1', [source]);
  return found.rows[0]?.place;
};

/** What each type does to a credential. A type that is not here changes nothing in this projection. */
const isActiveAfter: Readonly<Record<string, boolean>> = {
  'keyledger.credential.created.v1': true,
  'keyledger.credential.resumed.v1': true,
  'keyledger.credential.suspended.v1': false,
  'keyledger.credential.revoked.v1': false,
  'keyledger.credential.deleted.v1': false,
};

const apply = async (tx: pg.ClientBase, { type, accountId, data }: Event): Promise<void> => {
  const isActive = isActiveAfter[type];
  if (isActive === undefined) return;
  const statement = isActive
    ? 'insert into consumer.active_credential values ($1, $2) on conflict do nothing'
    : 'delete from consumer.active_credential where account_id = $1 and credential_id = $2';
  await tx.query(statement, [accountId, data.credentialId]);
};

/** An event before this one has not come. The account stands still until a replay brings it; the others go on. */
const passOver = async (tx: pg.ClientBase, { accountId, sequence }: Event, last: number): Promise<void> => {
  console.error(`${accountId} lacks event ${last + 1}, and ${sequence} is here: see "A gap" in the README.`);
  const text = `insert into consumer.account as known (account_id, awaited) values ($1, $2)
    on conflict (account_id) do update set awaited = greatest(known.awaited, excluded.awaited)`;
  await tx.query(text, [accountId, sequence]);
};

const take = async (tx: pg.ClientBase, event: Event): Promise<void> => {
  const { id, accountId, sequence } = event;
  const known = 'select sequence, event_id from consumer.account where account_id = $1';
  const [before] = (await tx.query<{ sequence: string; event_id: string }>(known, [accountId])).rows;
  const last = Number(before?.sequence ?? -1);
  if (sequence === last && id !== before?.event_id) {
    giveUp(`Event ${last} of ${accountId} was another one before: the log was restored. Rebuild.`);
  }
  if (sequence <= last) return; // It came before: a repeat or a replay.
  if (sequence > last + 1) return passOver(tx, event, last);
  await apply(tx, event);
  const noted = `insert into consumer.account (account_id, sequence, event_id) values ($1, $2, $3)
    on conflict (account_id) do update set sequence = excluded.sequence, event_id = excluded.event_id`;
  await tx.query(noted, [accountId, sequence, id]); // Also for a type that means nothing here: it counts.
};

/** Takes events of a source and notes the place behind them, in one transaction: all of it, or nothing. */
export const takeAll = async (source: string, events: readonly Event[], place: string): Promise<void> => {
  const tx = await pool.connect();
  try {
    await tx.query('begin');
    // One instance at a time, also while Kafka gives a partition to another one.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [source]);
    for (const event of events) await take(tx, event);
    const noted =
      'insert into consumer.place values ($1, $2) on conflict (source) do update set place = excluded.place';
    await tx.query(noted, [source, place]);
    await tx.query('commit');
    if (events.length > 0) console.log(`${source}: ${events.length} taken, up to ${place}`);
  } catch (error) {
    await tx.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    tx.release();
  }
};
