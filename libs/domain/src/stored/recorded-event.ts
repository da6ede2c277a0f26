import { decodeEvent, encodeEvent, type LogCreated, type StoredEvent } from '@keyledger/domain';
import type { NewEvent, RecordedEvent } from '@keyledger/event-log';
import type { Call } from '../operation/call.js';
import { decodeMetadata, encodeMetadata, eventMetadata, type EventMetadata } from './metadata.js';

const parse = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined; // The parser's own message quotes the text; that it is no JSON is found out by the codec.
  }
};

/** Every event that a caller has caused: all but the first of the log. */
export type CausedEvent = Exclude<StoredEvent, LogCreated>;

export interface ReadEvent {
  readonly event: CausedEvent;
  readonly metadata: EventMetadata;
}

/** Whether a caller has caused the event, so that `readEvent` can read it. */
export const isCaused = ({ type }: RecordedEvent): boolean => type !== 'LogCreated';

/**
 * What an event of the log says, and what was noted beside it. Throws where this version cannot read it; the message
 * never quotes the event.
 */
export const readEvent = ({ type, data, metadata: bytes }: RecordedEvent): ReadEvent => {
  const metadata = decodeMetadata(bytes);
  const event = decodeEvent({ type, schemaVersion: metadata.schemaVersion, data: parse(data) });
  if (event.type === 'LogCreated') throw new Error('LogCreated is the one event that no caller has caused.');
  return { event, metadata };
};

/** The event as the log takes it: `id` is its own, `commandId` that of the command by which `call` led to it. */
export const newEvent = (id: string, event: CausedEvent, call: Call, commandId: string): NewEvent => {
  const { type, schemaVersion, data } = encodeEvent(event);
  return {
    id,
    type,
    data: Buffer.from(JSON.stringify(data)),
    metadata: encodeMetadata(eventMetadata(call, commandId, event.at, schemaVersion)),
  };
};
