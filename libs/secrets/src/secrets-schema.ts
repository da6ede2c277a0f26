const SCHEMA_PATTERN = /^[a-z_][a-z0-9_]{0,62}$/;

/** The qualified, quoted name of a table. Throws RangeError for a schema that would need escaping. */
export const tableIn = (schema: string, table: 'key_checks' | 'peppers' | 'retained_secrets'): string => {
  if (!SCHEMA_PATTERN.test(schema)) throw new RangeError(`"${schema}" is no name for a schema of Keyledger.`);
  return `"${schema}".${table}`;
};

/** Creates what is missing. May run at every start, in a transaction that no other start is in at the same time. */
export const secretsSchemaSql = (schema: string): string => `
  create schema if not exists "${schema}";
  create table if not exists ${tableIn(schema, 'key_checks')} (
    version     integer     primary key,
    check_value bytea       not null,
    created_at  timestamptz not null default now()
  );
  create table if not exists ${tableIn(schema, 'peppers')} (
    version     integer     primary key,
    sealed      bytea       not null,
    created_at  timestamptz not null default now()
  );
  create table if not exists ${tableIn(schema, 'retained_secrets')} (
    account_id    text        not null,
    credential_id text        not null,
    part          text        not null,
    reference     text        not null,
    sealed        bytea       not null,
    created_at    timestamptz not null default now(),
    primary key (account_id, credential_id, part, reference)
  );`;
