import { isCaused } from '@keyledger/domain';
import { schemaName, type Config } from '@keyledger/edge';
import { type Projection } from '@keyledger/read-models';
import { auditEntry, type AuditEntry } from './audit-entry.js';

/** Positions are compared bytewise. `changes` is only ever shown, so it is kept as the text that it is. */
const ddl = (schema: string): string => `
  create table ${schema}.entries (
    position text collate "C" primary key,
    event_id uuid not null,
    action text not null,
    actor_type text not null,
    actor_id text not null,
    at timestamptz not null,
    ip text,
    user_agent text,
    account_id text,
    credential_id text,
    changes json not null,
    correlation_id text not null
  );
  create index on ${schema}.entries (account_id, position) where account_id is not null;
  create index on ${schema}.entries (credential_id, position) where credential_id is not null;
  create index on ${schema}.entries (actor_id, position);
  create index on ${schema}.entries (action, position);
  create index on ${schema}.entries (at);`;

/** Each column, its type in PostgreSQL, and its value. */
const columns: readonly (readonly [name: string, type: string, value: (entry: AuditEntry) => string | null])[] = [
  ['position', 'text', ({ position }) => position],
  ['event_id', 'uuid', ({ eventId }) => eventId],
  ['action', 'text', ({ action }) => action],
  ['actor_type', 'text', ({ actorType }) => actorType],
  ['actor_id', 'text', ({ actorId }) => actorId],
  ['at', 'timestamptz', ({ at }) => at],
  ['ip', 'text', ({ ip }) => ip],
  ['user_agent', 'text', ({ userAgent }) => userAgent],
  ['account_id', 'text', ({ accountId }) => accountId],
  ['credential_id', 'text', ({ credentialId }) => credentialId],
  ['changes', 'json', ({ changes }) => JSON.stringify(changes)],
  ['correlation_id', 'text', ({ correlationId }) => correlationId],
];

const insertInto = (schema: string): string => {
  const names = columns.map(([name]) => name).join(', ');
  const arrays = columns.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ');
  return `insert into ${schema}.entries (${names}) select * from unnest(${arrays}) on conflict (position) do nothing`;
};

/** The trail: one row for each event that somebody has caused, in a table that is only ever added to. */
export const auditProjection = (config: Pick<Config, 'streamPrefix'>): Projection => ({
  name: 'audit',
  schema: schemaName(config, 'audit'),
  version: 1,
  tables: ['entries'],
  ddl,
  apply: async (tx, schema, events) => {
    const entries = events.filter(isCaused).map((event) => auditEntry(event, config.streamPrefix));
    if (entries.length === 0) return;
    await tx.query(
      insertInto(schema),
      columns.map(([, , value]) => entries.map(value)),
    );
  },
});
