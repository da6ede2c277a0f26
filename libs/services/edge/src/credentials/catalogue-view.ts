import type { ApiEndpointCatalogue } from '@keyledger/contract';
import { catalogueStream } from '@keyledger/domain';
import type pg from 'pg';
import { schemaName, type Config } from '../settings/config.js';

/**
 * The catalogue as it is shown: in order of the ids, among them the retired ones that an application has. Only the
 * lists know which those are, so this reads their tables, whichever service keeps them.
 */
export const readCatalogue = async (
  pool: pg.Pool,
  config: Pick<Config, 'streamPrefix'>,
): Promise<ApiEndpointCatalogue> => {
  const schema = schemaName(config, 'listing');
  // In one statement, so that the revision is the one of these very endpoints.
  const { rows } = await pool.query<{ endpoints: ApiEndpointCatalogue['endpoints']; revision: string | null }>(
    `select
        coalesce(json_agg(json_build_object('endpointId', id, 'method', method, 'path', path, 'status', status)
          order by id), '[]') as endpoints,
        (select revision from ${schema}.streams where stream_id = $1) as revision
      from ${schema}.endpoints as endpoint
      where status = 'active'
        or exists (select from ${schema}.applications where document -> 'endpointIds' ? endpoint.id)`,
    [catalogueStream(config.streamPrefix)],
  );
  const revision = rows[0]?.revision ?? null;
  return { endpoints: rows[0]?.endpoints ?? [], revision: revision === null ? null : Number(revision) };
};
