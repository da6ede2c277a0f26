import { untilAnswered } from '../api/use-write.js';
import { readTrail, type AuditItem, type TrailQuery } from './audit-queries.js';
import type { ReadTrail } from './trail-file.js';

/** More do not fit well into a page's memory, nor into a spreadsheet. */
export const MOST_ENTRIES = 10_000;
const PAGE = 200;

/** Reads page after page, the newest entries first, up to a bound. */
export const readWholeTrail = async (
  accountId: string | undefined,
  query: TrailQuery,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (entries: number) => void },
): Promise<ReadTrail> => {
  const entries: AuditItem[] = [];
  let cursor: string | null = null;
  do {
    const asked: Parameters<typeof readTrail>[1] = { ...query, limit: PAGE, ...(cursor && { cursor }) };
    const page = await untilAnswered(() => readTrail(accountId, asked, signal));
    entries.push(...page.items);
    onProgress(entries.length);
    cursor = page.nextCursor;
  } while (cursor !== null && entries.length < MOST_ENTRIES);
  return { accountId, query, entries, isComplete: cursor === null };
};
