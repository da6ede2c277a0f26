/**
 * The log: the one source of truth. Streams hold events in order of revision (from 0, gapless); the whole log holds all
 * streams in order of position. This port has two adapters (PostgreSQL, EventStoreDB) and one contract suite for both.
 */

/** Where an event stands in the whole log: `<logId>-<fixed-width hex>`, ordered bytewise within one logId. */
export type Position = string;

const LOG_ID = /^[0-9a-f]{16,64}$/;
/** The place is 16 hex digits in PostgreSQL, 32 (commit, prepare) in EventStoreDB. Any word may be another log's id. */
const SHAPE = /^([0-9a-z]+)-([0-9a-f]{16}|[0-9a-f]{32})$/;

interface ParsedPosition {
  readonly logId: string;
  readonly place: string;
}

export const isLogId = (text: string): boolean => LOG_ID.test(text);

/** Null for text that is no position of any log. */
export const parsePosition = (text: string): ParsedPosition | null => {
  const [, logId, place] = SHAPE.exec(text) ?? [];
  return logId === undefined || place === undefined ? null : { logId, place };
};

/** The place has as many hex digits as the engine gives all of its places. */
export const positionAt = (logId: string, place: string): Position => `${logId}-${place}`;

const BEGINNING = /^0+$/;

/** The position of no event, before all of them, in the log of the given one. */
export const beginningOf = (position: Position): Position =>
  position.replace(/[0-9a-f]+$/, (place) => '0'.repeat(place.length));

/** Whether no event can be there or before. */
export const isBeginning = (position: Position): boolean => BEGINNING.test(parsePosition(position)?.place ?? '');

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

/** Expected revision of a stream that does not exist yet. */
export const NO_STREAM = -1;

export interface NewEvent {
  /** UUID. The same stream, expected revision and ids again are answered with the original positions. */
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface RecordedEvent extends NewEvent {
  readonly streamId: string;
  readonly revision: number;
  readonly position: Position;
}

/**
 * What became of an append. `unknown` means that it may or may not be stored (timeout, connection lost after sending):
 * repeat the identical append, or read the stream. `unavailable` and `storage-full` mean that nothing was stored.
 */
export type AppendOutcome =
  | { readonly kind: 'ok'; readonly positions: readonly Position[] }
  | { readonly kind: 'conflict'; readonly currentRevision: number }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'storage-full'; readonly reason: string };

/** Of which events an append answers with the positions. EventStoreDB tells only the last: the others must be read. */
export type WantedPositions = 'last' | 'each';

/** The last event that a follower or a snapshot contains; it must still be where it was. */
export interface Anchor {
  readonly position: Position;
  readonly eventId: string;
}

/**
 * `caughtUp`: everything that was in the log at `asOfMs` (monotonic, `performance.now()`) has been delivered. It comes
 * again and again while the log is quiet, so its age is the follower's freshness.
 *
 * `unavailable`: the log does not answer, for the reason given. It comes once; the next item says that this is over.
 */
export type FollowItem =
  | { readonly kind: 'events'; readonly events: readonly RecordedEvent[] }
  | { readonly kind: 'caught-up'; readonly asOfMs: number }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** The log is not the one that the anchor came from: replaced, or restored from an older backup. */
export class LogReplaced extends Error {
  constructor(
    message = 'The event log was replaced, or restored from an older backup: what was built from it no longer ' +
      'belongs to it. Restore the right log, or rebuild from this one.',
  ) {
    super(message);
    this.name = 'LogReplaced';
  }
}

/** The log cannot be read now; the same call may succeed later. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
}

export interface EventLog {
  readonly logId: string;

  /**
   * Stores `events` (1 to 1,000, 1 MiB in all) at the end of the stream if its last revision is `expectedRevision`.
   * Never throws for an I/O failure; settles within its deadline. Throws RangeError, with nothing stored, for what no
   * log takes: too many events, a name with U+0000, an id that is no lower-case UUID. Answers with the position of the
   * last event alone, unless each is wanted.
   */
  append(
    streamId: string,
    expectedRevision: number,
    events: readonly NewEvent[],
    wanted?: WantedPositions,
  ): Promise<AppendOutcome>;

  /** Events of one stream from `fromRevision` on, inclusive, in pages. An absent stream yields nothing. */
  readStream(streamId: string, fromRevision: number): AsyncIterable<readonly RecordedEvent[]>;

  /**
   * Every event after `anchor` (null: from the first one, which says which log this is) in order of position, then live
   * ones, until `signal` aborts. Reconnects by itself. Throws LogReplaced if the anchor is no longer where it was.
   */
  follow(anchor: Anchor | null, signal: AbortSignal): AsyncIterable<FollowItem>;

  /** Position of the last event. */
  head(): Promise<Position>;

  /** The event that stands exactly there now; null where none of this log does. */
  anchorAt(position: Position): Promise<Anchor | null>;

  /**
   * Throws LogUnavailable if the log does not answer, and LogReplaced if it is another one than was opened. PostgreSQL
   * is also asked whether it takes appends now; EventStoreDB tells that only to an append.
   */
  ping(): Promise<void>;

  close(): Promise<void>;
}

/** Of one append. */
export const MAX_EVENTS = 1_000;
export const MAX_BYTES = 1_048_576;
const MAX_NAME_LENGTH = 256;
const EVENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether the text is a UUID in lower case. */
export const isEventId = (text: string): boolean => EVENT_ID.test(text);

const checkName = (what: string, text: string): void => {
  // U+0000 cannot be stored as text, and one bad name would fail all appends that share its transaction.
  if (text.length === 0 || text.length > MAX_NAME_LENGTH || text.includes('\0')) {
    throw new RangeError(`${what} has 1 to ${MAX_NAME_LENGTH} characters and no U+0000.`);
  }
};

export const bytesOf = ({ data, metadata }: Pick<NewEvent, 'data' | 'metadata'>): number =>
  data.byteLength + metadata.byteLength;

export const bytesOfAll = (events: readonly NewEvent[]): number =>
  events.reduce((sum, event) => sum + bytesOf(event), 0);

/** Size of a valid append in bytes. Throws RangeError for one that no log would take: the caller is wrong. */
export const checkAppend = (streamId: string, expectedRevision: number, events: readonly NewEvent[]): number => {
  checkName('A stream id', streamId);
  if (!Number.isSafeInteger(expectedRevision) || expectedRevision < -1) {
    throw new RangeError('An expected revision is -1 (no stream) or the revision of the last event.');
  }
  if (events.length === 0 || events.length > MAX_EVENTS) {
    throw new RangeError(`An append has 1 to ${MAX_EVENTS} events, not ${events.length}.`);
  }
  for (const event of events) {
    checkName('An event type', event.type);
    if (!isEventId(event.id)) throw new RangeError('An event id is a UUID in lower case.');
  }
  const bytes = bytesOfAll(events);
  if (bytes > MAX_BYTES) throw new RangeError(`An append has at most ${MAX_BYTES} bytes, not ${bytes}.`);
  return bytes;
};
