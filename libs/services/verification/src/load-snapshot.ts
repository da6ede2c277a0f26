import type { CatalogueEndpoint } from '@keyledger/domain';
import type { Anchor } from '@keyledger/event-log';
import { readSnapshot, rowsOf } from '@keyledger/read-models';
import type pg from 'pg';
import type { CredentialIndex, StoredCredentials } from './credential-index.js';
import type { VerifiableAccount, VerifiableApplication } from './verifiable.js';

/** Some thousand credentials, or some hundred applications, whose documents may be long. */
const CREDENTIAL_BLOCKS = 100;
const DOCUMENT_BLOCKS = 10;

interface Row<T> {
  readonly id: string;
  readonly document: T;
}

const documentsOf = <T>(tx: pg.ClientBase, table: string): AsyncGenerator<Row<T>> =>
  rowsOf(tx, { table, columns: 'id, document', blocks: DOCUMENT_BLOCKS });

/** As they are stored, in a few long rows. */
const storedCredentials = (tx: pg.ClientBase, table: string): AsyncGenerator<StoredCredentials> =>
  rowsOf(tx, {
    table,
    columns: `account_id as "accountId", application_id as "applicationId", traits, string_agg(record, '') as records`,
    groupBy: 'account_id, application_id, traits',
    blocks: CREDENTIAL_BLOCKS,
  });

/**
 * Fills an empty index from the tables of the projection, and tells the last event that they contain; null where they
 * are empty. Rejects where the database does not answer; the index is then of no use.
 */
export const loadSnapshot = (pool: pg.Pool, schema: string, index: CredentialIndex): Promise<Anchor | null> =>
  readSnapshot(pool, schema, async (tx) => {
    for await (const { id, document } of documentsOf<VerifiableAccount>(tx, `${schema}.accounts`)) {
      index.setAccount(id, document);
    }
    for await (const { id, document } of documentsOf<VerifiableApplication>(tx, `${schema}.applications`)) {
      index.setApplication(id, document);
    }
    for await (const stored of storedCredentials(tx, `${schema}.credentials`)) index.addStored(stored);
    const text = `select id as "endpointId", method, path, status from ${schema}.endpoints where status = 'active'`;
    const { rows } = await tx.query<CatalogueEndpoint>(text);
    for (const endpoint of rows) index.setEndpoint(endpoint.endpointId, endpoint);
  });
