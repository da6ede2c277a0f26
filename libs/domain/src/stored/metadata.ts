import type { Call } from '../operation/call.js';

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

/** Metadata of the events that `call` leads to through one command. */
export const eventMetadata = (call: Call, commandId: string, at: string, schemaVersion: number): EventMetadata => ({
  commandId,
  correlationId: call.correlationId,
  causationId: commandId,
  actor: { type: call.principal.actorType, id: call.principal.subject },
  ip: call.ip,
  userAgent: call.userAgent,
  at,
  schemaVersion,
});

export const encodeMetadata = (metadata: EventMetadata): Uint8Array => Buffer.from(JSON.stringify(metadata));

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
  at: (value) => isText(value) && !Number.isNaN(Date.parse(String(value))),
  schemaVersion: Number.isSafeInteger,
};

const parse = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined; // The parser's own message quotes the text, which may hold anything.
  }
};

/** Reads stored metadata. Throws an Error that names what is wrong, never a value: a follower stops on it. */
export const decodeMetadata = (bytes: Uint8Array): EventMetadata => {
  const metadata = parse(bytes);
  if (!isFields(metadata)) throw new Error('The metadata of an event is not a JSON object.');
  const wrong = Object.entries(forms).find(([field, fits]) => !fits(metadata[field]));
  if (wrong !== undefined) throw new Error(`The metadata of an event has no valid ${wrong[0]}.`);
  return metadata as Fields & EventMetadata;
};
