import { createHash } from 'node:crypto';
import type { Page } from '@keyledger/contract';
import { ApiProperty } from './documented.js';
import { QueryWhole, Text } from './fields.js';
import { invalid } from './problem.js';

/** What every list takes beside its filters. */
export class PageInput {
  @QueryWhole({ min: 1, max: 200, default: 50, optional: true, description: 'Most items in a page.' })
  limit: number = 50;

  @Text({ max: 4096, optional: true, description: '`nextCursor` of the page before, with the same filters and sort.' })
  cursor?: string;
}

/** What every page has beside its items, as OpenAPI documents it. */
export class PageSchema {
  @ApiProperty({ type: String, nullable: true, description: 'For the next page; null on the last one.' })
  nextCursor!: string | null;
}

/** Where a page ended: the sort keys of its last item. They decide where the next one starts, whatever came since. */
type Keys = readonly (string | null)[];

/**
 * Says which list a cursor belongs to. `conditions`: the list's name and all that decides what is in it and in which
 * order, but not the limit. Not a secret, and no protection: a cursor opens nothing that its list does not.
 */
export const listScope = (...conditions: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(conditions)).digest('base64url').slice(0, 12);

const encode = (scope: string, keys: Keys): string =>
  Buffer.from(JSON.stringify([scope, ...keys])).toString('base64url');

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
};

/**
 * The keys after which the page starts; undefined for the first page. Throws the problem for a cursor that is not
 * exactly as `pageOf` gives them for the same `scope`, or whose keys `fits` refuses.
 */
export const keysOf = <K extends Keys>(
  cursor: string | undefined,
  scope: string,
  fits: (keys: readonly unknown[]) => keys is K,
): K | undefined => {
  if (cursor === undefined) return undefined;
  const parsed = parse(cursor);
  if (!Array.isArray(parsed)) throw invalid('cursor', 'is not one that a list has given');
  const [given, ...keys] = parsed as readonly unknown[];
  if (given !== scope) throw invalid('cursor', 'belongs to a list with other filters or another sort');
  if (!fits(keys) || encode(scope, keys) !== cursor) throw invalid('cursor', 'is not one that a list has given');
  return keys;
};

/** Of the items of a page as JSON, so that a page of large items is answered as soon as one of small ones. */
export const MAX_PAGE_BYTES = 1_048_576;

/** What one list shows of a row, and where a page that ends with the row goes on. */
interface Shown<T, S> {
  readonly scope: string;
  readonly keys: (row: T) => Keys;
  readonly show: (row: T) => S;
}

/**
 * The page that `rows` make: one more than `limit` was asked for, to learn whether there is another page. It ends
 * earlier before the item that would make it larger than 1 MiB, but holds one item if there is any.
 */
export const pageOf = <T, S>(rows: readonly T[], limit: number, { scope, keys, show }: Shown<T, S>): Page<S> => {
  const items: S[] = [];
  let bytes = 0;
  for (const row of rows.slice(0, limit)) {
    const item = show(row);
    bytes += Buffer.byteLength(JSON.stringify(item));
    if (bytes > MAX_PAGE_BYTES && items.length > 0) break;
    items.push(item);
  }
  const last = rows[items.length - 1];
  return { items, nextCursor: last !== undefined && rows.length > items.length ? encode(scope, keys(last)) : null };
};
