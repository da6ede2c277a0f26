import {
  applicationIdOf,
  credentialsTouched,
  evolveAccountFacts,
  evolveApplication,
  evolveCredential,
  evolveWebhookEndpoint,
  issuesSecret,
  webhookEndpointIdOf,
  type AccountEvent,
  type AccountFacts,
  type Application,
  type Credential,
  type WebhookEndpoint,
} from '@keyledger/domain';
import {
  applyRowChanges,
  applyToCatalogue,
  schemaName,
  takeFreshEvents,
  type AccountStep,
  type Config,
  type RowChange,
} from '@keyledger/edge';
import { type Projection } from '@keyledger/read-models';
import {
  accountRows,
  applicationRows,
  credentialRows,
  LISTING_VERSION,
  listingDdl,
  listingTables,
  webhookEndpointRows,
} from './tables.js';

const NO_DIGEST = { value: '', pepperVersion: 0 };

/** Listings show no digests and their folds need none, so what is not stored cannot get out. */
const withoutDigest = (event: AccountEvent): AccountEvent =>
  issuesSecret(event) ? { ...event, digest: NO_DIGEST } : event;

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
    evolve: (before) => evolveCredential(before, withoutDigest(event), revision),
  }));

const webhookEndpointChanges = ({ accountId, event, revision }: AccountStep): readonly RowChange<WebhookEndpoint>[] => {
  const id = webhookEndpointIdOf(event);
  if (id === undefined) return [];
  const creates = event.type === 'WebhookEndpointRegistered';
  return [{ accountId, id, creates, evolve: (before) => evolveWebhookEndpoint(before, event, revision) }];
};

/** Accounts, applications, credentials, webhook endpoints and the catalogue as the API lists them. */
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
    await applyRowChanges(target, webhookEndpointRows, ofAccounts.flatMap(webhookEndpointChanges));
    await applyToCatalogue(target, ofCatalogue);
  },
});
