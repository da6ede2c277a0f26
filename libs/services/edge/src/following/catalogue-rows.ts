import {
  emptyCatalogue,
  entriesOf,
  evolveCatalogue,
  keyedFrom,
  type CatalogueEndpoint,
  type CatalogueEvent,
} from '@keyledger/domain';
import type { Target } from './row-changes.js';

/** The statement that creates the catalogue's table in `schema`. */
export const catalogueDdl = (schema: string): string => `
  create table ${schema}.endpoints (
    id text collate "C" primary key,
    method text not null,
    path text not null,
    status text not null
  );`;

/** Folds the catalogue's next events into its rows. Endpoints are retired, never removed. */
export const applyToCatalogue = async (
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
