import {
  applicationIdOf,
  credentialsTouched,
  emptyCatalogue,
  entriesOf,
  evolveAccountFacts,
  evolveApplication,
  evolveCatalogue,
  evolveCredential,
  keyedFrom,
  type AccountFacts,
  type Application,
  type CatalogueEndpoint,
  type CatalogueEvent,
  type Credential,
} from '@keyledger/domain';
import { schemaName, type Config } from '@keyledger/edge';
import { type Projection } from '@keyledger/read-models';
import { takeFreshEvents, type AccountStep } from './fresh-events.js';
import { applyRowChanges, type RowChange, type Target } from './row-changes.js';
import { accountRows, applicationRows, credentialRows, LISTING_VERSION, listingDdl, listingTables } from './tables.js';

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

/** Folds the catalogue's next events into its rows. Endpoints are retired, never removed. */
const applyToCatalogue = async (
  { tx, schema }: Target,
  steps: readonly { readonly event: CatalogueEvent }[],
): Promise<void> => {
  if (steps.length === 0) return;
  const { rows } = await tx.query<CatalogueEndpoint>(
    `select id as "endpointId", method, path, status from ${schema}.endpoints`,
  );
  const before = keyedFrom(rows.map((row) => [row.endpointId, row] as const));
  const after = steps.reduce((state, { event }) => evolveCatalogue(state, event), {
    ...emptyCatalogue,
    endpoints: before,
  });
  await tx.query(
    `insert into ${schema}.endpoints (id, method, path, status)
     select "endpointId", method, path, status
     from jsonb_to_recordset($1) as given ("endpointId" text, method text, path text, status text)
     on conflict (id) do update set method = excluded.method, path = excluded.path, status = excluded.status`,
    [JSON.stringify(entriesOf(after.endpoints).map(([, endpoint]) => endpoint))],
  );
};

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
    await applyRowChanges(target, accountRows, ofAccounts.map(accountChange));
    await applyRowChanges(target, applicationRows, ofAccounts.flatMap(applicationChanges));
    await applyRowChanges(target, credentialRows, ofAccounts.flatMap(credentialChanges));
    await applyToCatalogue(target, ofCatalogue);
  },
});
