import { isInstant } from './stored-fields.js';
import { fromJsonBytes, toJsonBytes } from './recorded-event.js';

/** What is stored beside every event that a caller has caused: who, when, from where, and in answer to what. */
export interface EventMetadata {
  /** The same for all events that one command led to. */
  readonly commandId: string;
  /** The same for everything that one request led to. */
  readonly correlationId: string;
  /** Id of the command or event that directly led to this one. */
  readonly causationId: string;
  readonly actor: { readonly type: 'user' | 'service'; readonly id: string };
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** When the command was decided: ISO 8601 in UTC. */
  readonly at: string;
  /** Version of the stored form of the event's data. */
  readonly schemaVersion: number;
}

/** The request that leads to an event, as far as it is noted beside the event. */
export interface Cause {
  readonly principal: { readonly actorType: 'user' | 'service'; readonly subject: string };
  readonly correlationId: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** Metadata of the events that `cause` leads to through one command. */
export const eventMetadata = (cause: Cause, commandId: string, at: string, schemaVersion: number): EventMetadata => ({
  commandId,
  correlationId: cause.correlationId,
  causationId: commandId,
  actor: { type: cause.principal.actorType, id: cause.principal.subject },
  ip: cause.ip,
  userAgent: cause.userAgent,
  at,
  schemaVersion,
});

export const encodeMetadata = (metadata: EventMetadata): Uint8Array => toJsonBytes(metadata);

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);

const forms: Readonly<Record<keyof EventMetadata, (value: unknown) => boolean>> = {
  commandId: isText,
  correlationId: isText,
  causationId: isText,
  actor: (value) => isFields(value) && (value['type'] === 'user' || value['type'] === 'service') && isText(value['id']),
  ip: isTextOrNull,
  userAgent: isTextOrNull,
  at: isInstant,
  schemaVersion: Number.isSafeInteger,
};

/** Reads stored metadata. Throws an Error that names what is wrong, never a value: a follower stops on it. */
export const decodeMetadata = (bytes: Uint8Array): EventMetadata => {
  const metadata = fromJsonBytes(bytes);
  if (!isFields(metadata)) throw new Error('The metadata of an event is not a JSON object.');
  const wrong = Object.entries(forms).find(([field, fits]) => !fits(metadata[field]));
  if (wrong !== undefined) throw new Error(`The metadata of an event has no valid ${wrong[0]}.`);
  return metadata as Fields & EventMetadata;
};
