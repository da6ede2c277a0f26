import pg from 'pg';
import { advisoryKey, inLockedTransaction, openPool } from '@keyledger/postgres';
import { newFirstEvent, type FirstEvent } from '../first-event.js';

const { escapeIdentifier } = pg;

const DEADLINE_MS = 60_000;

/** Raise with every migration. A database of a newer version is refused: older code must not write into it. */
const MIGRATIONS: readonly ((schema: string, lockKey: string) => string)[] = [
  (schema, lockKey) => `
    create table ${schema}.events (
      position bigint primary key,
      stream_id text not null,
      revision bigint not null,
      event_id uuid not null,
      type text not null,
      data bytea not null,
      metadata bytea not null,
      unique (stream_id, revision)
    );

    -- Appends to different streams; "owners" says for each event which of them it belongs to, from 1. One transaction
    -- per call, one result per append: positions, or null for a conflict. The lock comes first and
    -- is held until the commit: positions are gapless, and become visible in their order. It has to be volatile
    -- plpgsql under READ COMMITTED: a single SQL statement would see the table as it was before the lock.
    create function ${schema}.append(
      streams text[], expected bigint[],
      owners int[], revisions bigint[], ids uuid[], types text[], payloads bytea[], metadatas bytea[]
    ) returns table (positions bigint[], current_revision bigint) language plpgsql volatile as $body$
    declare
      last_position bigint;
      found bigint[];
    begin
      perform pg_advisory_xact_lock(${lockKey});
      last_position := (select max(e.position) from ${schema}.events e);
      found := array(
        select coalesce((select max(e.revision) from ${schema}.events e where e.stream_id = s.stream_id), -1)
        from unnest(streams) with ordinality s(stream_id, n) order by s.n);
      insert into ${schema}.events
        select last_position + row_number() over (order by s.n), streams[s.owner], s.revision, s.id, s.type,
          s.payload, s.metadata
        from unnest(owners, revisions, ids, types, payloads, metadatas)
          with ordinality s(owner, revision, id, type, payload, metadata, n)
        where found[s.owner] = expected[s.owner];
      -- An identical append that was stored earlier finds its events here as well.
      return query
        select case when count(e.position) = count(*) then array_agg(e.position order by s.n) end, found[s.owner]
        from unnest(owners, revisions, ids) with ordinality s(owner, revision, id, n)
          left join ${schema}.events e
            on e.stream_id = streams[s.owner] and e.revision = s.revision and e.event_id = s.id
        group by s.owner order by s.owner;
    end $body$;`,
];

const createLog = async (client: pg.ClientBase, { name, logStream, firstEvent }: LogSchema): Promise<void> => {
  const { id, type, data, metadata } = newFirstEvent(firstEvent);
  await client.query(
    `insert into ${escapeIdentifier(name)}.events (position, stream_id, revision, event_id, type, data, metadata)
     values (1, $1, 0, $2, $3, $4, $5)`,
    [logStream, id, type, data, metadata],
  );
};

const versionOf = async (client: pg.ClientBase, schema: string): Promise<number | null> => {
  const table = `${schema}.schema_version`;
  const { rows } = await client.query<{ present: boolean }>('select to_regclass($1) is not null as present', [table]);
  if (rows[0]?.present !== true) return null;
  const version = await client.query<{ version: number }>(`select version from ${table}`);
  return version.rows[0]?.version ?? null;
};

const checkVersion = (version: number | null, { name, mayCreate }: LogSchema): void => {
  const schema = escapeIdentifier(name);
  if (version === null && !mayCreate) throw new Error(`There is no event log in schema ${schema}, and none is made.`);
  if (version !== null && version > MIGRATIONS.length) {
    throw new Error(
      `The event log in schema ${schema} is of version ${version}, newer than this program (${MIGRATIONS.length}): ` +
        'run the release that wrote it, or a later one.',
    );
  }
};

const migrate = async (client: pg.ClientBase, log: LogSchema): Promise<void> => {
  const { name } = log;
  const schema = escapeIdentifier(name);
  const version = await versionOf(client, schema);
  checkVersion(version, log);
  if (version === null) {
    await client.query(`create schema if not exists ${schema};
      create table ${schema}.schema_version (version int not null);
      insert into ${schema}.schema_version values (0)`);
  }
  for (const migration of MIGRATIONS.slice(version ?? 0)) {
    await client.query(migration(schema, advisoryKey('event-log', name)));
  }
  if (version === null) await createLog(client, log);
  if (version !== MIGRATIONS.length) {
    await client.query(`update ${schema}.schema_version set version = $1`, [MIGRATIONS.length]);
  }
};

const readLogId = async (client: pg.ClientBase, { name, firstEvent }: LogSchema): Promise<string> => {
  const { rows } = await client.query<{ type: string; data: Buffer }>(
    `select type, data from ${escapeIdentifier(name)}.events where position = 1`,
  );
  const logId = rows[0] && firstEvent.logIdOf(rows[0]);
  if (logId !== undefined) return logId;
  throw new Error(`Schema ${escapeIdentifier(name)} has lost the first event of its log: restore it from a backup.`);
};

export interface LogSchema {
  readonly name: string;
  /** The stream of the log's first event, which holds the logId. */
  readonly logStream: string;
  readonly firstEvent: FirstEvent;
  readonly mayCreate: boolean;
}

/** Brings the schema up to date; log and logId are created once even if processes start together. Answers the logId. */
export const prepareSchema = async (connectionString: string, log: LogSchema): Promise<string> => {
  const pool = openPool(connectionString, {
    max: 1,
    connectionTimeoutMillis: 10_000,
    application_name: 'keyledger-log',
  });
  try {
    return await inLockedTransaction(pool, DEADLINE_MS, advisoryKey('event-log-schema', log.name), async (client) => {
      await migrate(client, log);
      return readLogId(client, log);
    });
  } finally {
    await pool.end();
  }
};
