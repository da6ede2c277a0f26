/** Raise it whenever the tables change, or what is made of an event: they are then made anew from the log. */
export const LISTING_VERSION = 1;

/** All of them come from the log. `streams` holds how far each stream is contained: repeated events change nothing. */
export const listingTables = ['streams', 'accounts', 'applications', 'credentials', 'endpoints'] as const;

/**
 * `document` is the thing as the rules fold it, so that the next event goes on from there; the other columns are there
 * to be searched. Each list has an index in its order, and conditions on time come last in it, so that they are checked
 * in the index. Collation C compares as the keys of cursors do, and serves prefix searches.
 */
export const listingDdl = (schema: string): string => `
  create table ${schema}.streams (
    stream_id text collate "C" primary key,
    revision bigint not null
  );

  create table ${schema}.accounts (
    id text collate "C" primary key,
    external_id text collate "C",
    name_key text collate "C" not null,
    created_at timestamptz not null,
    document jsonb not null
  );
  create index on ${schema}.accounts (created_at, id);
  create index on ${schema}.accounts (name_key, id);
  create index on ${schema}.accounts (external_id) where external_id is not null;

  create table ${schema}.applications (
    account_id text collate "C" not null,
    id text collate "C" not null,
    name_key text collate "C" not null,
    created_at timestamptz not null,
    document jsonb not null,
    primary key (account_id, id)
  );
  create index on ${schema}.applications (account_id, created_at, id);
  create index on ${schema}.applications (account_id, name_key, id);

  -- A credential that does not expire expires at infinity, which an index compares like any other time.
  create table ${schema}.credentials (
    account_id text collate "C" not null,
    id text collate "C" not null,
    type text collate "C" not null,
    status text collate "C" not null,
    mode text collate "C",
    environment text collate "C",
    application_id text collate "C",
    name_key text collate "C",
    public_key text collate "C",
    created_at timestamptz not null,
    expires_at timestamptz not null,
    document jsonb not null,
    primary key (account_id, id)
  );
  create index on ${schema}.credentials (account_id, created_at, id);
  create index on ${schema}.credentials (account_id, name_key, id);
  create index on ${schema}.credentials (account_id, status, created_at, id, expires_at);
  create index on ${schema}.credentials (account_id, type, status, created_at, id, expires_at);
  create index on ${schema}.credentials (account_id, application_id, created_at, id) where application_id is not null;
  create index on ${schema}.credentials (account_id, public_key) where public_key is not null;

  create table ${schema}.endpoints (
    id text collate "C" primary key,
    method text not null,
    path text not null,
    status text not null
  );
`;
