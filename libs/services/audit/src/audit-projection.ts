import type { AuditItem, FieldChange } from '@keyledger/contract';
import { accountIdOf, credentialIdOf, isCaused, readEvent, toId, type ReadEvent } from '@keyledger/domain';
import { schemaName, type Config } from '@keyledger/edge';
import type { RecordedEvent } from '@keyledger/event-log';
import type { Projection } from '@keyledger/read-models';
import { changesOf } from './changes-of.js';
import { lostEvents } from './lost-events.js';

/** What an entry is made from: an event that a caller has caused, and the account of its stream. */
interface Source extends ReadEvent {
  readonly recorded: RecordedEvent;
  readonly accountId: string | null;
}

class Column<T> {
  constructor(
    readonly name: string,
    /** Its type in PostgreSQL, then its constraints. */
    readonly definition: string,
    readonly value: (source: Source) => string | null,
    /** What the trail shows of the value, as `pg` reads it. */
    readonly shown: (stored: unknown) => T,
  ) {}
}

/** A column that is shown as it is stored. */
const column = <T extends string | null>(name: string, definition: string, value: (source: Source) => T): Column<T> =>
  new Column(name, definition, value, (stored) => stored as T);

type Columns<T> = { readonly [F in keyof T]: T[F] extends AuditItem['actor'] ? Columns<T[F]> : Column<T[F]> };

/**
 * The trail, field by field; the table, what is written into it and what is shown of it all follow from here. Positions
 * are compared bytewise. `changes` is only ever shown, so it is kept as the text that it is.
 */
const fields: Columns<AuditItem> = {
  eventId: new Column(
    'event_id',
    'uuid not null',
    ({ recorded }) => recorded.id,
    (id) => toId('eventId', id as string),
  ),
  action: column('action', 'text not null', ({ event }) => event.type),
  actor: {
    type: column('actor_type', 'text not null', ({ metadata }) => metadata.actor.type),
    id: column('actor_id', 'text not null', ({ metadata }) => metadata.actor.id),
    issuer: column('actor_issuer', 'text', ({ metadata }) => metadata.actor.issuer),
  },
  at: new Column(
    'at',
    'timestamptz not null',
    ({ metadata }) => metadata.at,
    (at) => (at as Date).toISOString(),
  ),
  ip: column('ip', 'text', ({ metadata }) => metadata.ip),
  userAgent: column('user_agent', 'text', ({ metadata }) => metadata.userAgent),
  // A read of a trail belongs to the account whose trail it was; every other event to the account of its stream.
  accountId: column('account_id', 'text', ({ event, accountId }) =>
    event.type === 'AuditTrailRead' ? event.accountId : accountId,
  ),
  credentialId: column('credential_id', 'text', ({ event }) => credentialIdOf(event) ?? null),
  changes: new Column(
    'changes',
    'json not null',
    ({ event }) => JSON.stringify(changesOf(event)),
    (changes) => changes as readonly FieldChange[],
  ),
  correlationId: column('correlation_id', 'text not null', ({ metadata }) => metadata.correlationId),
  position: column('position', 'text collate "C" primary key', ({ recorded }) => recorded.position),
};

const { position, ...others } = fields;
const columns: readonly Column<unknown>[] = [
  position,
  ...Object.values(others).flatMap((field) => (field instanceof Column ? [field] : Object.values(field))),
];

/** A row of the table as `pg` reads it. */
export type Entry = Readonly<Record<string, unknown>>;

interface Fields {
  readonly [field: string]: Column<unknown> | Fields;
}

const show = (shown: Fields, entry: Entry): object =>
  Object.fromEntries(
    Object.entries(shown).map(([name, field]) => [
      name,
      field instanceof Column ? field.shown(entry[field.name]) : show(field, entry),
    ]),
  );

/** What the trail shows of an entry. */
export const auditItem = (entry: Entry): AuditItem => show(fields, entry) as AuditItem;

const ddl = (schema: string): string => `
  create table ${schema}.entries (${columns.map(({ name, definition }) => `${name} ${definition}`).join(', ')});
  create index on ${schema}.entries (account_id, position) where account_id is not null;
  create index on ${schema}.entries (credential_id, position) where credential_id is not null;
  create index on ${schema}.entries (actor_id, position);
  create index on ${schema}.entries (action, position);
  create index on ${schema}.entries (at);`;

const insertInto = (schema: string): string => {
  const names = columns.map(({ name }) => name).join(', ');
  const arrays = columns.map(({ definition }, index) => `$${index + 1}::${definition.split(' ', 1).join()}[]`);
  return `insert into ${schema}.entries (${names})
    select * from unnest(${arrays.join(', ')}) on conflict (position) do nothing`;
};

/** The trail: one row for each event that somebody has caused, in a table that is only ever added to. */
export const auditProjection = ({ streamPrefix }: Pick<Config, 'streamPrefix'>): Projection => ({
  name: 'audit',
  schema: schemaName({ streamPrefix }, 'audit'),
  version: 2,
  tables: ['entries'],
  ddl,
  /** Throws for an event that this version cannot read: a trail with a hole would be worse than one that stops. */
  apply: async (tx, schema, events) => {
    const sources = events.filter(isCaused).map((recorded) => {
      const accountId = accountIdOf(streamPrefix, recorded.streamId) ?? null;
      return { ...readEvent(recorded), recorded, accountId };
    });
    if (sources.length === 0) return;
    await tx.query(
      insertInto(schema),
      columns.map(({ value }) => sources.map(value)),
    );
  },
  lost: lostEvents,
});
