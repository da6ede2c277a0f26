import { parsePosition, positionAt, type Position } from '../event-log.js';

/** Where an event stands in `$all`. EventStoreDB calls it a position; ours is text and says which log it is of. */
export interface Place {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** The greatest number that the server takes for a place. */
const GREATEST_PLACE = 2n ** 63n - 1n;

/**
 * Null where there is none: the server then gives the greatest of all numbers. A field that is absent reads as 0, where
 * no event of ours can stand: the server's own come first. None is committed before it is prepared.
 */
export const placeOf = (position: Place | undefined): Place | null => {
  if (position === undefined) return null;
  const { commit, prepare } = position;
  return prepare === 0n || prepare > commit || commit > GREATEST_PLACE ? null : { commit, prepare };
};

const hex = (number: bigint): string => number.toString(16).padStart(16, '0');

/** Commit and prepare, both of fixed width, so that positions are ordered as places are. */
export const positionOf = (logId: string, { commit, prepare }: Place): Position =>
  positionAt(logId, hex(commit) + hex(prepare));

/** Null for a position of another log or engine, or one that no event can have. */
export const placeAt = (logId: string, position: Position): Place | null => {
  const parsed = parsePosition(position);
  if (parsed === null || parsed.logId !== logId || parsed.place.length !== 32) return null;
  const [commit, prepare] = [parsed.place.slice(0, 16), parsed.place.slice(16)].map((part) => BigInt(`0x${part}`));
  if (commit === undefined || prepare === undefined || prepare > commit || commit > GREATEST_PLACE) return null;
  return { commit, prepare };
};

/** Negative, zero or positive, as for sorting. */
export const comparePlaces = (left: Place, right: Place): number => {
  const [before, after] = left.commit === right.commit ? [left.prepare, right.prepare] : [left.commit, right.commit];
  if (before === after) return 0;
  return before < after ? -1 : 1;
};
