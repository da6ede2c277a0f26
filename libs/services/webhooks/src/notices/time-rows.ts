import { credentialsTouched } from '@keyledger/domain';
import type { AccountStep, RowChange, RowTable } from '@keyledger/edge';
import { evolveTimes, type CredentialTimes } from './credential-times.js';
import { rotationDueAt } from './due-notices.js';

const id = 'text collate "C" not null';

/** When something of a credential ends or should be done, so that its holder is told in time. */
export const timeRows: RowTable<CredentialTimes> = {
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

export const timeChanges = ({ accountId, event }: AccountStep): readonly RowChange<CredentialTimes>[] =>
  credentialsTouched(event).map((credentialId) => ({
    accountId,
    id: credentialId,
    creates: event.type === 'CredentialCreated',
    evolve: (before) => evolveTimes(before, event),
  }));
