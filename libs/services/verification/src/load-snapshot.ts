import type { CatalogueEndpoint } from '@keyledger/domain';
import type { Anchor } from '@keyledger/event-log';
import { inTransaction } from '@keyledger/postgres';
import type pg from 'pg';
import type { CredentialIndex } from './credential-index.js';
import type { VerifiableAccount, VerifiableApplication, VerifiableCredential } from './verifiable.js';

const ROWS_AT_ONCE = 5_000;
const DEADLINE_MS = 300_000;

/** Rows and checkpoint as they were at one moment. */
const BEGIN = 'begin isolation level repeatable read read only';

interface Row<T> {
  readonly account_id: string;
  readonly id: string;
  readonly document: T;
}

/** The rows of a table in the order of its key. They come as one text, which is far quicker to read than rows are. */
async function* rowsOf<T>(tx: pg.ClientBase, table: string): AsyncGenerator<readonly Row<T>[]> {
  let last: readonly [string, string] = ['', ''];
  for (;;) {
    const { rows } = await tx.query<{ page: string | null }>({
      name: `load-${table}`,
      text: `select json_agg(page)::text as page from (
        select account_id, id, document from ${table} where (account_id, id) > ($1, $2)
        order by account_id, id limit ${ROWS_AT_ONCE}) page`,
      values: [...last],
    });
    const page = JSON.parse(rows[0]?.page ?? '[]') as readonly Row<T>[];
    yield page;
    const end = page.at(-1);
    if (end === undefined || page.length < ROWS_AT_ONCE) return;
    last = [end.account_id, end.id];
  }
}

const readAnchor = async (tx: pg.ClientBase, schema: string): Promise<Anchor | null> => {
  const text = `select position, event_id from ${schema}.checkpoint`;
  const { rows } = await tx.query<{ position: string | null; event_id: string | null }>(text);
  const { position, event_id: eventId } = rows[0] ?? {};
  return typeof position === 'string' && typeof eventId === 'string' ? { position, eventId } : null;
};

/**
 * Fills an empty index from the tables of the projection, and tells the last event that they contain; null where they
 * are empty. Rejects where the database does not answer; the index is then of no use.
 */
export const loadSnapshot = (pool: pg.Pool, schema: string, index: CredentialIndex): Promise<Anchor | null> =>
  inTransaction(
    pool,
    DEADLINE_MS,
    async (tx) => {
      for await (const page of rowsOf<VerifiableAccount>(tx, `${schema}.accounts`)) {
        for (const { id, document } of page) index.setAccount(id, document);
      }
      for await (const page of rowsOf<VerifiableApplication>(tx, `${schema}.applications`)) {
        for (const { id, document } of page) index.setApplication(id, document);
      }
      for await (const page of rowsOf<VerifiableCredential>(tx, `${schema}.credentials`)) {
        for (const { account_id: accountId, id, document } of page) index.setCredential(accountId, id, document);
      }
      const text = `select id as "endpointId", method, path, status from ${schema}.endpoints where status = 'active'`;
      const { rows } = await tx.query<CatalogueEndpoint>(text);
      for (const endpoint of rows) index.setEndpoint(endpoint.endpointId, endpoint);
      return readAnchor(tx, schema);
    },
    BEGIN,
  );
