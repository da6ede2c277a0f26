import { applicationIdOf } from '@keyledger/domain';
import {
  applyRowChanges,
  applyToCatalogue,
  catalogueDdl,
  createTable,
  schemaName,
  streamsDdl,
  takeFreshEvents,
  type AccountStep,
  type Config,
  type RowChange,
  type RowTable,
  type Target,
} from '@keyledger/edge';
import type { Projection } from '@keyledger/read-models';
import { storedRecord } from './stored-record.js';
import { traitsKey } from './traits.js';
import {
  credentialsIn,
  evolveVerifiable,
  evolveVerifiableAccount,
  evolveVerifiableApplication,
  type VerifiableAccount,
  type VerifiableApplication,
  type VerifiableCredential,
} from './verifiable.js';

/** Raise it whenever the tables change, or what is made of an event: they are then made anew from the log. */
const VERSION = 2;

const id = { definition: 'text collate "C" not null' };

/** Accounts have their own id in both places. */
const rowsOf = <T>(name: string): RowTable<T> => ({
  name,
  key: ['account_id', 'id'],
  columns: {
    account_id: { ...id, value: (row) => row.accountId },
    id: { ...id, value: (row) => row.id },
    document: { definition: 'jsonb not null', mutable: true, value: ({ document }) => document },
  },
  indexes: [],
});

const accountRows = rowsOf<VerifiableAccount>('accounts');
const applicationRows = rowsOf<VerifiableApplication>('applications');
const credentials = rowsOf<VerifiableCredential>('credentials');
/** Verifiers start from the columns beside the document, which is for the events to come. */
export const credentialRows: RowTable<VerifiableCredential> = {
  ...credentials,
  columns: {
    ...credentials.columns,
    application_id: { definition: 'text', mutable: true, value: ({ document }) => document.applicationId },
    traits: { definition: 'text not null', mutable: true, value: ({ document }) => traitsKey(document) },
    record: {
      definition: 'bytea not null',
      mutable: true,
      value: (row) => `\\x${storedRecord(row.id, row.document).toString('hex')}`,
    },
  },
};

const accountChange = ({ accountId, event }: AccountStep): RowChange<VerifiableAccount> => ({
  accountId,
  id: accountId,
  creates: event.type === 'AccountRegistered',
  evolve: (before) => evolveVerifiableAccount(before, event),
});

const applicationChanges = ({ accountId, event }: AccountStep): readonly RowChange<VerifiableApplication>[] => {
  const applicationId = applicationIdOf(event);
  if (applicationId === undefined) return [];
  const creates = event.type === 'ApplicationRegistered';
  const evolve = (before?: VerifiableApplication) => evolveVerifiableApplication(before, event);
  return [{ accountId, id: applicationId, creates, evolve }];
};

const credentialChanges = ({ accountId, event }: AccountStep): readonly RowChange<VerifiableCredential>[] =>
  credentialsIn(event).map((credentialId) => ({
    accountId,
    id: credentialId,
    // An account's token is announced first, maybe in a batch before.
    creates: event.type === 'ApiAccessEnabled',
    evolve: (before) => evolveVerifiable(credentialId, before, event),
  }));

/** Where there is a new token, the one before is just a deleted credential. */
const forgetReplacedTokens = async ({ tx, schema }: Target, steps: readonly AccountStep[]): Promise<void> => {
  const newest = new Map(
    steps.flatMap(({ accountId, event }) =>
      event.type === 'ApiAccessEnabled' ? [[accountId, event.credentialId] as const] : [],
    ),
  );
  if (newest.size === 0) return;
  await tx.query(
    `delete from ${schema}.credentials stored using unnest($1::text[], $2::text[]) as kept (account_id, id)
     where stored.account_id = kept.account_id and stored.id <> kept.id
       and stored.document ->> 'status' = 'api-disabled'`,
    [[...newest.keys()], [...newest.values()]],
  );
};

/** What verdicts need of the log: a verifier starts from these rows, and goes on from their checkpoint by itself. */
export const verificationProjection = (config: Pick<Config, 'streamPrefix'>): Projection => ({
  name: 'verification',
  schema: schemaName(config, 'verification'),
  version: VERSION,
  tables: ['streams', 'accounts', 'applications', 'credentials', 'endpoints'],
  ddl: (schema) =>
    [
      streamsDdl(schema),
      createTable(schema, accountRows),
      createTable(schema, applicationRows),
      createTable(schema, credentialRows),
      catalogueDdl(schema),
    ].join('\n'),
  async apply(tx, schema, events) {
    const target = { tx, schema };
    const { ofAccounts, ofCatalogue } = await takeFreshEvents(target, config.streamPrefix, events);
    await applyRowChanges(target, accountRows, ofAccounts.map(accountChange));
    await applyRowChanges(target, applicationRows, ofAccounts.flatMap(applicationChanges));
    await applyRowChanges(target, credentialRows, ofAccounts.flatMap(credentialChanges));
    await forgetReplacedTokens(target, ofAccounts);
    await applyToCatalogue(target, ofCatalogue);
  },
});
