import type { CatalogueEndpoint } from '@keyledger/domain';
import type { Anchor } from '@keyledger/event-log';
import { inTransaction } from '@keyledger/postgres';
import type pg from 'pg';
import type { CredentialIndex, StoredCredentials } from './credential-index.js';
import type { VerifiableAccount, VerifiableApplication } from './verifiable.js';

/** Some thousand credentials, or some hundred applications, whose documents may be long. */
const CREDENTIAL_BLOCKS = 100;
const DOCUMENT_BLOCKS = 10;
const DEADLINE_MS = 300_000;

/** Rows and checkpoint as they were at one moment. */
const BEGIN = 'begin isolation level repeatable read read only';

interface Part {
  readonly table: string;
  readonly columns: string;
  readonly groupBy?: string;
  readonly blocks: number;
}

/**
 * All rows of a table, as they lie on the disk: by their key it would take four times as long. So many blocks are read
 * at a time, and the next ones are on their way while the rows of some are worked on.
 */
async function* rowsOf<T extends object>(tx: pg.ClientBase, part: Part): AsyncGenerator<T> {
  const { table, columns, groupBy, blocks } = part;
  const size = `select pg_relation_size($1::regclass) / current_setting('block_size')::int as blocks`;
  const all = Number((await tx.query<{ blocks: string }>(size, [table])).rows[0]?.blocks);
  const text = `select ${columns} from ${table} where ctid >= $1::tid and ctid < $2::tid
    ${groupBy === undefined ? '' : `group by ${groupBy}`}`;
  const read = (from: number) => tx.query<T>(text, [`(${from},0)`, `(${from + blocks},0)`]);
  let next = read(0);
  for (let from = blocks; from < all + blocks; from += blocks) {
    const { rows } = await next;
    next = read(from);
    // Whoever comes to wait for it hears of an error; nobody does where the work on these rows fails.
    next.catch(() => undefined);
    yield* rows;
  }
}

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
      return readAnchor(tx, schema);
    },
    BEGIN,
  );
