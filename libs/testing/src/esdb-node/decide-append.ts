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
  switch (expected) {
    case 'exists':
      return stream.length === 0 ? conflictWith(stream) : decideByIds(stream, ids, latestById);
    case 'any':
      return decideByIds(stream, ids, latestById);
    case 'no-stream':
      return decideAt(stream, -1, ids);
    default:
      return decideAt(stream, expected, ids);
  }
}

const conflictWith = (stream: readonly LogRecord[]): AppendDecision => ({
  kind: 'conflict',
  current: stream.length - 1,
});

function decideAt(stream: readonly LogRecord[], revision: number, ids: readonly string[]): AppendDecision {
  if (revision === stream.length - 1) return { kind: 'write' };
  const last = stream[revision + ids.length];
  const isRepeated = ids.length > 0 && ids.every((id, index) => stream[revision + 1 + index]?.id === id);
  return isRepeated && last ? { kind: 'repeated', last } : conflictWith(stream);
}

/** A conflict where some events are known and others are not. */
function decideByIds(
  stream: readonly LogRecord[],
  ids: readonly string[],
  latestById: (id: string) => LogRecord | undefined,
): AppendDecision {
  const known = ids.map((id) => latestById(id)).filter((record) => record && stream[record.revision] === record);
  const last = known.at(-1);
  if (!last) return { kind: 'write' };
  return known.length === ids.length ? { kind: 'repeated', last } : conflictWith(stream);
}
