import type { Position } from './event-log.js';

const LOG_ID = '[0-9a-f]{16,64}';
const LOG_ID_SHAPE = new RegExp(`^${LOG_ID}$`);
/** The place is 16 hex digits in PostgreSQL, 32 (commit, prepare) in EventStoreDB. */
const SHAPE = new RegExp(`^(${LOG_ID})-([0-9a-f]{16}|[0-9a-f]{32})$`);

export interface ParsedPosition {
  readonly logId: string;
  readonly place: string;
}

export const isLogId = (text: string): boolean => LOG_ID_SHAPE.test(text);

/** Null for text that is no position of any log. */
export const parsePosition = (text: string): ParsedPosition | null => {
  const [, logId, place] = SHAPE.exec(text) ?? [];
  return logId === undefined || place === undefined ? null : { logId, place };
};

export const isPositionOf = (logId: string, text: string): boolean => parsePosition(text)?.logId === logId;

/**
 * Negative, zero or positive, as for sorting. Throws RangeError for positions of different logs: no order exists
 * between them.
 */
export const comparePositions = (left: Position, right: Position): number => {
  if (parsePosition(left)?.logId !== parsePosition(right)?.logId) {
    throw new RangeError('Positions of different logs cannot be compared.');
  }
  if (left === right) return 0;
  return left < right ? -1 : 1;
};
