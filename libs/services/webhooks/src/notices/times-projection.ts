import { credentialsTouched } from '@keyledger/domain';
import {
  applyRowChanges,
  createTable,
  schemaName,
  streamsDdl,
  takeFreshEvents,
  type AccountStep,
  type Config,
  type RowChange,
  type RowTable,
} from '@keyledger/edge';
import type { Projection } from '@keyledger/read-models';
import { evolveTimes, type CredentialTimes } from './credential-times.js';
import { rotationDueAt } from './due-notices.js';

/** Raise it whenever the table changes, or what is made of an event: it is then made anew from the log. */
const VERSION = 1;

const id = 'text collate "C" not null';

const timeRows: RowTable<CredentialTimes> = {
  name: 'times',
  key: ['account_id', 'id'],
  columns: {
    account_id: { definition: id, value: ({ accountId }) => accountId },
    id: { definition: id, value: (row) => row.id },
    expires_at: { definition: 'timestamptz', mutable: true, value: ({ document }) => document.expiresAt },
    rotation_due_at: { definition: 'timestamptz', mutable: true, value: ({ document }) => rotationDueAt(document) },
    overlap_ends_at: {
      definition: 'timestamptz',
      mutable: true,
      value: ({ document }) => document.overlap?.endsAt ?? null,
    },
    document: { definition: 'jsonb not null', mutable: true, value: ({ document }) => document },
  },
  indexes: [
    '(expires_at) where expires_at is not null',
    '(rotation_due_at) where rotation_due_at is not null',
    '(overlap_ends_at) where overlap_ends_at is not null',
  ],
};

const changesOf = ({ accountId, event }: AccountStep): readonly RowChange<CredentialTimes>[] =>
  credentialsTouched(event).map((credentialId) => ({
    accountId,
    id: credentialId,
    creates: event.type === 'CredentialCreated',
    evolve: (before) => evolveTimes(before, event),
  }));

/** When something of a credential ends or should be done, so that its holder is told in time. */
export const timesProjection = (config: Pick<Config, 'streamPrefix'>): Projection => ({
  name: 'webhook_times',
  schema: schemaName(config, 'webhook_times'),
  version: VERSION,
  tables: ['streams', 'times'],
  ddl: (schema) => `${streamsDdl(schema)} ${createTable(schema, timeRows)}`,
  async apply(tx, schema, events) {
    const target = { tx, schema };
    const { ofAccounts } = await takeFreshEvents(target, config.streamPrefix, events);
    await applyRowChanges(target, timeRows, ofAccounts.flatMap(changesOf));
  },
});
