import {
  createTable,
  applyRowChanges,
  schemaName,
  streamsDdl,
  takeFreshEvents,
  type Config,
  type RowTable,
} from '@keyledger/edge';
import type { Projection } from '@keyledger/read-models';
import { timeChanges, timeRows } from './notices/time-rows.js';
import { evolveWebhookAccount, type WebhookAccount } from './webhook-account.js';

/** Raise it whenever a table changes, or what is made of an event: they are then made anew from the log. */
const VERSION = 1;

const id = { definition: 'text collate "C" not null' };

/** Accounts have their own id in both places. */
const accountRows: RowTable<WebhookAccount> = {
  name: 'accounts',
  key: ['account_id', 'id'],
  columns: {
    account_id: { ...id, value: (row) => row.accountId },
    id: { ...id, value: (row) => row.id },
    document: { definition: 'jsonb not null', mutable: true, value: ({ document }) => document },
  },
  indexes: [],
};

/**
 * What webhooks need of the log. A process starts from the rows of accounts, and goes on from their checkpoint by
 * itself; those of times are looked through for what has come due.
 */
export const webhookAccountsProjection = (config: Pick<Config, 'streamPrefix'>): Projection => ({
  name: 'webhook_accounts',
  schema: schemaName(config, 'webhook_accounts'),
  version: VERSION,
  tables: ['streams', 'accounts', 'times'],
  ddl: (schema) => [streamsDdl(schema), createTable(schema, accountRows), createTable(schema, timeRows)].join('\n'),
  async apply(tx, schema, events) {
    const target = { tx, schema };
    const { ofAccounts } = await takeFreshEvents(target, config.streamPrefix, events);
    const changes = ofAccounts.map(({ accountId, event, revision }) => ({
      accountId,
      id: accountId,
      creates: event.type === 'AccountRegistered',
      evolve: (before?: WebhookAccount) => evolveWebhookAccount(before, event, revision),
    }));
    await applyRowChanges(target, accountRows, changes);
    await applyRowChanges(target, timeRows, ofAccounts.flatMap(timeChanges));
  },
});
