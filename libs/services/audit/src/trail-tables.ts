import type { AuditItem, FieldChange } from '@keyledger/contract';
import { credentialsTouched, isAccountEvent, toId, type ReadEvent } from '@keyledger/domain';
import type { RecordedEvent } from '@keyledger/event-log';
import type pg from 'pg';
import { changesOf } from './changes-of.js';

/** What an entry is made from: an event that a caller has caused, and what it is about. */
export interface Source extends ReadEvent {
  readonly recorded: RecordedEvent;
  readonly accountId: string | null;
  readonly credentialId: string | null;
  readonly applicationId: string | null;
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

/** Ids and other names are compared bytewise, which costs less than the rules of a language. No list sorts by them. */
const ID = 'text collate "C"';

type Columns<T> = { readonly [F in keyof T]: T[F] extends AuditItem['actor'] ? Columns<T[F]> : Column<T[F]> };

/**
 * The trail, field by field; the tables, what is written into them and what is shown of them all follow from here.
 * `changes` is only ever shown, so it is kept as the text that it is.
 */
const fields: Columns<AuditItem> = {
  eventId: new Column(
    'event_id',
    'uuid not null',
    ({ recorded }) => recorded.id,
    (id) => toId('eventId', id as string),
  ),
  action: column('action', `${ID} not null`, ({ event }) => event.type),
  actor: {
    type: column('actor_type', `${ID} not null`, ({ metadata }) => metadata.actor.type),
    id: column('actor_id', `${ID} not null`, ({ metadata }) => metadata.actor.id),
    issuer: column('actor_issuer', ID, ({ metadata }) => metadata.actor.issuer),
  },
  at: new Column(
    'at',
    'timestamptz not null',
    ({ metadata }) => metadata.at,
    (at) => (at as Date).toISOString(),
  ),
  ip: column('ip', ID, ({ metadata }) => metadata.ip),
  userAgent: column('user_agent', 'text', ({ metadata }) => metadata.userAgent),
  accountId: column('account_id', ID, ({ accountId }) => accountId),
  credentialId: column('credential_id', ID, ({ credentialId }) => credentialId),
  applicationId: column('application_id', ID, ({ applicationId }) => applicationId),
  changes: new Column(
    'changes',
    'text not null',
    ({ event }) => JSON.stringify(changesOf(event)),
    (changes) => JSON.parse(changes as string) as readonly FieldChange[],
  ),
  correlationId: column('correlation_id', `${ID} not null`, ({ metadata }) => metadata.correlationId),
  position: column('position', `${ID} primary key`, ({ recorded }) => recorded.position),
};

/** The second credential that an event changes: the one that signed before. It is found by either, and shown once. */
const otherCredential = column('other_credential_id', ID, ({ event }) =>
  isAccountEvent(event) ? (credentialsTouched(event)[1] ?? null) : null,
);

const { position, ...others } = fields;
const columns: readonly Column<unknown>[] = [
  position,
  otherCredential,
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

/** Reads of trails lie apart: where trails are looked at often, they would be in the way of all else. */
export const trailTables = ['entries', 'reads'] as const;
export type TrailTable = (typeof trailTables)[number];

export const tableOf = (action: string): TrailTable => (action === 'AuditTrailRead' ? 'reads' : 'entries');

/** `key_pairs` has the application of each credential that belongs to one. */
export const trailDdl = (schema: string): string => `
  create table ${schema}.entries (${columns.map(({ name, definition }) => `${name} ${definition}`).join(', ')});
  create index on ${schema}.entries (account_id, position) where account_id is not null;
  create index on ${schema}.entries (credential_id, position) where credential_id is not null;
  create index on ${schema}.entries (other_credential_id, position) where other_credential_id is not null;
  create index on ${schema}.entries (application_id, position) where application_id is not null;
  create index on ${schema}.entries (actor_id, position);
  create index on ${schema}.entries (action, position);
  create index on ${schema}.entries (at);
  create table ${schema}.reads (like ${schema}.entries including indexes);
  create table ${schema}.key_pairs (credential_id ${ID} primary key, application_id ${ID} not null);`;

const insertInto = (table: string): string => {
  const names = columns.map(({ name }) => name).join(', ');
  const arrays = columns.map(({ definition }, index) => `$${index + 1}::${definition.split(' ', 1).join()}[]`);
  return `insert into ${table} (${names})
    select * from unnest(${arrays.join(', ')}) on conflict (position) do nothing`;
};

/** Adds what is not there yet. */
export const insertEntries = async (tx: pg.ClientBase, schema: string, sources: readonly Source[]): Promise<void> => {
  for (const table of trailTables) {
    const here = sources.filter(({ event }) => tableOf(event.type) === table);
    if (here.length === 0) continue;
    await tx.query(
      insertInto(`${schema}.${table}`),
      columns.map(({ value }) => here.map(value)),
    );
  }
};
