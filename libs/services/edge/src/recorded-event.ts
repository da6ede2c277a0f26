import { decodeEvent, encodeEvent, type StoredEvent } from '@keyledger/domain';
import type { NewEvent, RecordedEvent } from '@keyledger/event-log';
import type { Call } from './call.js';
import { decodeMetadata, encodeMetadata, eventMetadata, type EventMetadata } from './metadata.js';

const parse = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined; // The parser's own message quotes the text; that it is no JSON is found out by the codec.
  }
};

/**
 * What an event of the log says, and what was noted beside it. Throws where this version cannot read it; the message
 * never quotes the event. Not for `LogCreated`, which no caller has caused.
 */
export const readEvent = ({ type, data, metadata: bytes }: RecordedEvent): ReadEvent => {
  const metadata = decodeMetadata(bytes);
  return { event: decodeEvent({ type, schemaVersion: metadata.schemaVersion, data: parse(data) }), metadata };
};

export interface ReadEvent {
  readonly event: StoredEvent;
  readonly metadata: EventMetadata;
}

/** The event as the log takes it: `id` is its own, `commandId` that of the command by which `call` led to it. */
export const newEvent = (id: string, event: StoredEvent, call: Call, commandId: string): NewEvent => {
  const { type, schemaVersion, data } = encodeEvent(event);
  return {
    id,
    type,
    data: Buffer.from(JSON.stringify(data)),
    metadata: encodeMetadata(eventMetadata(call, commandId, event.at, schemaVersion)),
  };
};
