import { originalMetadata } from './metadata.js';

/** Where an event stands in `$all`. */
export interface Place {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** An event as the server gives it. Streams that are not ours may hold anything. */
export interface StoredEvent {
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
export interface ReceivedEvent {
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

/** The greatest number that the server takes for a place. */
export const GREATEST_PLACE = 2n ** 63n - 1n;

/**
 * Null where there is none: the server then gives the greatest of all numbers. A field that is absent reads as 0, where
 * no event of ours can stand: the server's own come first. None is committed before it is prepared.
 */
export const placeOf = (position: Place | undefined): Place | null => {
  if (position === undefined) return null;
  const { commit, prepare } = position;
  return prepare === 0n || prepare > commit || commit > GREATEST_PLACE ? null : { commit, prepare };
};

/** Null for a link to an event that is gone. */
export const toStored = ({ event }: ReceivedEvent): StoredEvent | null =>
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
