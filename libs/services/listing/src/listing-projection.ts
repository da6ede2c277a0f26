import {
  applicationIdOf,
  credentialsTouched,
  evolveAccountFacts,
  evolveApplication,
  evolveCredential,
  type AccountFacts,
  type Application,
  type Credential,
} from '@keyledger/domain';
import { schemaName, type Config } from '@keyledger/edge';
import { type Projection } from '@keyledger/read-models';
import { applyToCatalogue } from './catalogue-rows.js';
import { applyChanges, type RowChange } from './changed-rows.js';
import { takeFreshEvents, type AccountStep } from './fresh-events.js';
import { accountRows, applicationRows, credentialRows } from './row-tables.js';
import { LISTING_VERSION, listingDdl, listingTables } from './tables.js';

const accountChange = ({ accountId, event, revision }: AccountStep): RowChange<AccountFacts> => ({
  accountId,
  id: accountId,
  creates: event.type === 'AccountRegistered',
  evolve: (before) => evolveAccountFacts(before, event, revision),
});

const applicationChanges = ({ accountId, event, revision }: AccountStep): readonly RowChange<Application>[] => {
  const id = applicationIdOf(event);
  if (id === undefined) return [];
  const creates = event.type === 'ApplicationRegistered';
  return [{ accountId, id, creates, evolve: (before) => evolveApplication(before, event, revision) }];
};

const credentialChanges = ({ accountId, event, revision }: AccountStep): readonly RowChange<Credential>[] =>
  credentialsTouched(event).map((id) => ({
    accountId,
    id,
    creates: event.type === 'CredentialCreated',
    evolve: (before) => evolveCredential(before, event, revision),
  }));

/** Accounts, applications, credentials and the catalogue as the API lists them. */
export const listingProjection = (config: Pick<Config, 'streamPrefix'>): Projection => ({
  name: 'listing',
  schema: schemaName(config, 'listing'),
  version: LISTING_VERSION,
  tables: listingTables,
  ddl: listingDdl,
  async apply(tx, schema, events) {
    const target = { tx, schema };
    const { ofAccounts, ofCatalogue } = await takeFreshEvents(target, config.streamPrefix, events);
    await applyChanges(target, accountRows, ofAccounts.map(accountChange));
    await applyChanges(target, applicationRows, ofAccounts.flatMap(applicationChanges));
    await applyChanges(target, credentialRows, ofAccounts.flatMap(credentialChanges));
    await applyToCatalogue(target, ofCatalogue);
  },
});
