import { originalMetadata } from './metadata.js';
import { placeOf, type Place } from './place.js';

/** An event as the server gives it. Streams that are not ours may hold anything. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly streamId: string;
  readonly revision: number;
  /** Null if the server left it out. */
  readonly place: Place | null;
  /** What was stored, converted when it is asked for. Throws for what cannot be converted. */
  readonly payload: () => Payload;
}

export interface Payload {
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event as the client hands it out: what is marked as JSON is parsed, or text if it is none. */
export interface ResolvedEvent {
  readonly event?: {
    readonly id: string;
    readonly type: string;
    readonly streamId: string;
    readonly revision: bigint;
    readonly position?: Place;
    readonly data: unknown;
    readonly metadata?: unknown;
  };
}

const bytesOf = (data: unknown): Uint8Array => {
  if (data instanceof Uint8Array) return data;
  return Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
};

/** Null for a link to an event that is gone. */
export const toReceived = ({ event }: ResolvedEvent): ReceivedEvent | null =>
  event === undefined
    ? null
    : {
        id: event.id,
        type: event.type,
        streamId: event.streamId,
        revision: Number(event.revision),
        place: placeOf(event.position),
        payload: () => ({ data: bytesOf(event.data), metadata: originalMetadata(event.metadata) }),
      };
