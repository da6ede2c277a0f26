import { decodeMetadata, encodeMetadata, eventMetadata, type Cause, type EventMetadata } from './metadata.js';
import { decodeEvent, encodeEvent } from './stored-events.js';
import { isCaused, type CausedEvent } from './stored-forms.js';

const encoder = new TextEncoder();
/** A byte order mark is no JSON, so it must not be passed over. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export const toJsonBytes = (value: object): Uint8Array => encoder.encode(JSON.stringify(value));

/** The value that the bytes hold as JSON; undefined if they are none. The error of the parser would quote the text. */
export const fromJsonBytes = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
};

/** What the log holds of an event, beside its place. */
interface StoredBytes {
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface ReadEvent {
  readonly event: CausedEvent;
  readonly metadata: EventMetadata;
}

const read = ({ type, data, metadata: bytes }: StoredBytes): ReadEvent => {
  const metadata = decodeMetadata(bytes);
  const event = decodeEvent({ type, schemaVersion: metadata.schemaVersion, data: fromJsonBytes(data) });
  if (!isCaused(event)) throw new Error(`${type} is an event that no caller has caused.`);
  return { event, metadata };
};

/** Several followers of one process read the same objects. */
const known = new WeakMap<StoredBytes, ReadEvent>();

/**
 * What an event of the log says, and what was noted beside it. Throws where this version cannot read it; the message
 * never quotes the event. The same object is decoded once: it must not be changed.
 */
export const readEvent = (recorded: StoredBytes): ReadEvent => {
  const before = known.get(recorded);
  if (before !== undefined) return before;
  const decoded = read(recorded);
  known.set(recorded, decoded);
  return decoded;
};

/** The event as the log takes it: `id` is its own, `commandId` that of the command by which `cause` led to it. */
export const newEvent = (
  id: string,
  event: CausedEvent,
  cause: Cause,
  commandId: string,
): StoredBytes & { readonly id: string } => {
  const { type, schemaVersion, data } = encodeEvent(event);
  const metadata = encodeMetadata(eventMetadata(cause, commandId, event.at, schemaVersion));
  return { id, type, data: toJsonBytes(data), metadata };
};
