import {
  currentVersion,
  type AccountFacts,
  type Application,
  type Credential,
  type WebhookEndpoint,
} from '@keyledger/domain';
import { catalogueDdl, createTable, streamsDdl, type RowTable } from '@keyledger/edge';
import type pg from 'pg';

/** Raise it whenever the tables change, or what is made of an event: they are then made anew from the log. */
export const LISTING_VERSION = 3;

/**
 * The form in which texts are searched and sorted: equal for texts that differ in case only. Rows and requests are
 * folded here alone, because databases and languages disagree about case. Lower case comes first for letters that
 * have no upper case of their own, upper case last for those whose lower case depends on their place in the word.
 */
export const searchKey = (text: string): string => text.toLowerCase().toUpperCase();

/** Collation C compares as the keys of cursors do, and serves prefix searches. */
const text = 'text collate "C"';
const id = `${text} not null`;
const time = 'timestamptz not null';
const json = 'jsonb not null';

export const accountRows: RowTable<AccountFacts> = {
  name: 'accounts',
  key: ['id'],
  columns: {
    id: { definition: id, value: (row) => row.id },
    external_id: { definition: text, value: ({ document }) => document.externalId },
    name_key: { definition: `${text} not null`, mutable: true, value: ({ document }) => searchKey(document.name) },
    created_at: { definition: time, value: ({ document }) => document.createdAt },
    document: { definition: json, mutable: true, value: ({ document }) => document },
  },
  indexes: ['(created_at, id)', '(name_key, id)', '(external_id) where external_id is not null'],
};

export const applicationRows: RowTable<Application> = {
  name: 'applications',
  key: ['account_id', 'id'],
  columns: {
    account_id: { definition: id, value: ({ accountId }) => accountId },
    id: { definition: id, value: (row) => row.id },
    name_key: { definition: `${text} not null`, mutable: true, value: ({ document }) => searchKey(document.title) },
    created_at: { definition: time, value: ({ document }) => document.createdAt },
    document: { definition: json, mutable: true, value: ({ document }) => document },
  },
  // The last one finds out whether any application still has a retired endpoint.
  indexes: ['(account_id, created_at, id)', '(account_id, name_key, id)', "using gin ((document -> 'endpointIds'))"],
};

/** What the resource shows as public part. */
const publicPart = (credential: Credential): string | null =>
  credential.publicPartMasked ? (currentVersion(credential)?.maskedSecret ?? null) : credential.publicPart;

const keyOrNull = (value: string | null): string | null => (value === null ? null : searchKey(value));

export const credentialRows: RowTable<Credential> = {
  name: 'credentials',
  key: ['account_id', 'id'],
  columns: {
    account_id: { definition: id, value: ({ accountId }) => accountId },
    id: { definition: id, value: (row) => row.id },
    type: { definition: `${text} not null`, value: ({ document }) => document.credentialType },
    status: { definition: `${text} not null`, mutable: true, value: ({ document }) => document.status },
    mode: { definition: text, value: ({ document }) => document.mode },
    environment: { definition: text, value: ({ document }) => document.environment },
    application_id: { definition: text, value: ({ document }) => document.applicationId },
    name_key: { definition: text, value: ({ document }) => keyOrNull(document.name) },
    public_key: { definition: text, mutable: true, value: ({ document }) => keyOrNull(publicPart(document)) },
    created_at: { definition: time, value: ({ document }) => document.createdAt },
    // A credential that does not expire expires at infinity, which an index compares like any other time.
    expires_at: { definition: time, mutable: true, value: ({ document }) => document.expiresAt ?? 'infinity' },
    document: { definition: json, mutable: true, value: ({ document }) => document },
  },
  indexes: [
    '(account_id, created_at, id)',
    '(account_id, name_key, id)',
    '(account_id, status, created_at, id, expires_at)',
    '(account_id, type, status, created_at, id, expires_at)',
    '(account_id, application_id, created_at, id) where application_id is not null',
    '(account_id, public_key) where public_key is not null',
  ],
};

/** The name of an endpoint is the beginning of its url: as much as a list is searched for, and an index takes. */
export const endpointName = ({ url }: Pick<WebhookEndpoint, 'url'>): string => url.slice(0, 200);

export const webhookEndpointRows: RowTable<WebhookEndpoint> = {
  name: 'webhook_endpoints',
  key: ['account_id', 'id'],
  columns: {
    account_id: { definition: id, value: ({ accountId }) => accountId },
    id: { definition: id, value: (row) => row.id },
    name_key: {
      definition: `${text} not null`,
      mutable: true,
      value: ({ document }) => searchKey(endpointName(document)),
    },
    created_at: { definition: time, value: ({ document }) => document.createdAt },
    document: { definition: json, mutable: true, value: ({ document }) => document },
  },
  // An account has at most 50 of them: the primary key is index enough for any order.
  indexes: [],
};

/** All of them come from the log. `streams` holds how far each stream is contained: repeated events change nothing. */
export const listingTables = [
  'streams',
  'accounts',
  'applications',
  'credentials',
  'webhook_endpoints',
  'endpoints',
] as const;

/**
 * `document` is the thing as the rules fold it, so that the next event goes on from there; the other columns are there
 * to be searched. Each list has an index in its order, and conditions on time come last in it, so that they are checked
 * in the index.
 */
export const listingDdl = (schema: string): string => `
  ${streamsDdl(schema)}
  ${createTable(schema, accountRows)}
  ${createTable(schema, applicationRows)}
  ${createTable(schema, credentialRows)}
  ${createTable(schema, webhookEndpointRows)}
  ${catalogueDdl(schema)}
`;

/** The listing's tables, for those that read them. */
export class ListingTables {
  constructor(
    private readonly pool: pg.Pool,
    private readonly schema: string,
  ) {}

  /** A table, to be named in a query. */
  table(name: (typeof listingTables)[number]): string {
    return `${this.schema}.${name}`;
  }

  async rows<R extends object>(text: string, values: readonly unknown[] = []): Promise<readonly R[]> {
    return (await this.pool.query<R>(text, [...values])).rows;
  }
}
