import { createHash } from 'node:crypto';
import type { Page } from '@keyledger/contract';
import { ApiProperty } from '@nestjs/swagger';
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

/** The page that `rows` make: one more than `limit` was asked for, to learn whether there is another page. */
export const pageOf = <T>(rows: readonly T[], limit: number, scope: string, keys: (row: T) => Keys): Page<T> => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last !== undefined && rows.length > limit ? encode(scope, keys(last)) : null };
};
