import type { LogRecord } from './log-store.js';

export type ExpectedRevision = number | 'no-stream' | 'any' | 'exists';

export type AppendDecision =
  | { readonly kind: 'write' }
  | { readonly kind: 'repeated'; readonly last: LogRecord }
  | { readonly kind: 'conflict'; readonly current: number };

/**
 * Decides as the server does: by ids alone. The same ids where they stand already are a repetition, at any later time;
 * with an exact revision they are looked for behind it, with `any` and `exists` where the id was last written.
 */
export function decideAppend(
  stream: readonly LogRecord[],
  expected: ExpectedRevision,
  ids: readonly string[],
  latestById: (id: string) => LogRecord | undefined,
): AppendDecision {
  const current = stream.length - 1;
  const conflict: AppendDecision = { kind: 'conflict', current };
  if (expected === 'exists' && current === -1) return conflict;
  if (expected === 'any' || expected === 'exists') return decideByIds(stream, ids, latestById) ?? conflict;
  const revision = expected === 'no-stream' ? -1 : expected;
  if (revision === current) return { kind: 'write' };
  const last = stream[revision + ids.length];
  const isRepeated = ids.length > 0 && ids.every((id, index) => stream[revision + 1 + index]?.id === id);
  return isRepeated && last ? { kind: 'repeated', last } : conflict;
}

/** Null where some events are known and others are not. */
function decideByIds(
  stream: readonly LogRecord[],
  ids: readonly string[],
  latestById: (id: string) => LogRecord | undefined,
): AppendDecision | null {
  const known = ids.map((id) => latestById(id)).filter((record) => record && stream[record.revision] === record);
  const last = known.at(-1);
  if (!last) return { kind: 'write' };
  return known.length === ids.length ? { kind: 'repeated', last } : null;
}
