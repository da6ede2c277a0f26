import {
  anyObject,
  isCaused,
  isInstant,
  storedEventError,
  storedForms,
  type CausedEvent,
  type StoredEvent,
  type StoredEventType,
} from './stored-forms.js';

type StoredData = Readonly<Record<string, unknown>>;
type Upcaster = (data: StoredData) => StoredData;

/** What brings data of schema version 1 to version 2, that to version 3, and so on. */
const upcasters: Readonly<Partial<Record<StoredEventType, readonly Upcaster[]>>> = {
  CredentialCreated: [
    // Version 1 knew no rotation advice, and bound to endpoints whatever belonged to an application.
    (data) => ({ ...data, rotationAdviceDays: null, bindsEndpoints: typeof data['applicationId'] === 'string' }),
  ],
};

/** The schema version that this code writes. */
const versionOf = (type: StoredEventType): number => 1 + (upcasters[type]?.length ?? 0);

/** Every type that may be in the log, with the schema version that this code writes. */
export const storedEventVersions: ReadonlyMap<string, number> = new Map(
  Object.keys(storedForms).map((type) => [type, versionOf(type as StoredEventType)]),
);

const isStoredEventType = (type: string): type is StoredEventType => Object.hasOwn(storedForms, type);

/** An event as the log holds it: `data` is plain JSON, `schemaVersion` goes into the metadata. */
interface EncodedEvent {
  readonly type: StoredEventType;
  readonly schemaVersion: number;
  readonly data: object;
}

/** The stored form of an event, with the fields that its form names and no others. */
export const encodeEvent = (event: StoredEvent): EncodedEvent => ({
  type: event.type,
  schemaVersion: versionOf(event.type),
  data: storedForms[event.type](event, event.type),
});

/**
 * The event that was stored, brought to its current form. Throws a StoredEventError (by `name`) that says what is wrong
 * if the type is unknown, the version newer than this code, or the data malformed: upgrade readers before writers.
 */
export const decodeEvent = (stored: {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: unknown;
}): StoredEvent => {
  const { type, schemaVersion } = stored;
  if (!isStoredEventType(type)) throw storedEventError(`"${type}" is not an event type that this version knows`);
  const current = versionOf(type);
  if (!Number.isInteger(schemaVersion) || schemaVersion < 1 || schemaVersion > current) {
    throw storedEventError(
      `${type} of schema version ${schemaVersion} cannot be read: this version knows 1 to ${current}`,
    );
  }
  const steps = upcasters[type]?.slice(schemaVersion - 1) ?? [];
  const data = steps.reduce((older, upcast) => upcast(older), anyObject(stored.data, type));
  return { type, ...storedForms[type](data, type) } as StoredEvent;
};

const encoder = new TextEncoder();
/** A byte order mark is no JSON, so it must not be passed over. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export const toJsonBytes = (value: object): Uint8Array => encoder.encode(JSON.stringify(value));

/** The value that the bytes hold as JSON; undefined if they are none. The error of the parser would quote the text. */
const fromJsonBytes = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
};

/** Who it was, as the token says. */
interface Actor {
  readonly type: 'user' | 'service';
  readonly id: string;
  /** Who issued the token; null where there was none, and for events from before this was noted. */
  readonly issuer: string | null;
}

/** What is stored beside every event that a caller has caused: who, when, from where, and in answer to what. */
export interface EventMetadata {
  /** The same for all events that one command led to. */
  readonly commandId: string;
  /** The same for everything that one request led to. */
  readonly correlationId: string;
  /** Id of the command or event that directly led to this one. */
  readonly causationId: string;
  readonly actor: Actor;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** When the command was decided: ISO 8601 in UTC. */
  readonly at: string;
  /** Version of the stored form of the event's data. */
  readonly schemaVersion: number;
}

/** The request that leads to an event, as far as it is noted beside the event. */
export interface Cause {
  readonly principal: { readonly actorType: Actor['type']; readonly subject: string; readonly issuer: string | null };
  readonly correlationId: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** Metadata of the events that `cause` leads to through one command. */
export const eventMetadata = (cause: Cause, commandId: string, at: string, schemaVersion: number): EventMetadata => ({
  commandId,
  correlationId: cause.correlationId,
  causationId: commandId,
  actor: { type: cause.principal.actorType, id: cause.principal.subject, issuer: cause.principal.issuer },
  ip: cause.ip,
  userAgent: cause.userAgent,
  at,
  schemaVersion,
});

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);

const isActor = (value: unknown): boolean =>
  isFields(value) &&
  (value['type'] === 'user' || value['type'] === 'service') &&
  isText(value['id']) &&
  isTextOrNull(value['issuer'] ?? null);

const forms: Readonly<Record<keyof EventMetadata, (value: unknown) => boolean>> = {
  commandId: isText,
  correlationId: isText,
  causationId: isText,
  actor: isActor,
  ip: isTextOrNull,
  userAgent: isTextOrNull,
  at: isInstant,
  schemaVersion: Number.isSafeInteger,
};

const metadataForms = Object.entries(forms);

/** Reads stored metadata. Throws an Error that names what is wrong, never a value: a follower stops on it. */
export const decodeMetadata = (bytes: Uint8Array): EventMetadata => {
  const metadata = fromJsonBytes(bytes);
  if (!isFields(metadata)) throw new Error('The metadata of an event is not a JSON object.');
  const wrong = metadataForms.find(([field, fits]) => !fits(metadata[field]));
  if (wrong !== undefined) throw new Error(`The metadata of an event has no valid ${wrong[0]}.`);
  const read = metadata as Fields & EventMetadata;
  return 'issuer' in read.actor ? read : { ...read, actor: { ...(read.actor as Actor), issuer: null } };
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
  const metadata = eventMetadata(cause, commandId, event.at, schemaVersion);
  return { id, type, data: toJsonBytes(data), metadata: toJsonBytes(metadata) };
};

/** The log's first event, which says which log this is: what a log needs to know of it in order to be created. */
export const firstEvent = {
  /** Name of its stream, without the prefix of the installation. */
  stream: 'log',
  encode: (logId: string, at: string): StoredBytes => {
    const { type, schemaVersion, data } = encodeEvent({ type: 'LogCreated', logId, at });
    return { type, data: toJsonBytes(data), metadata: toJsonBytes({ at, schemaVersion }) };
  },
  /** The id of the log that begins with the event; undefined if no log of ours does. */
  logIdOf: (event: Pick<StoredBytes, 'type' | 'data'>): string | undefined => {
    const data = event.type === 'LogCreated' ? fromJsonBytes(event.data) : undefined;
    const logId = isFields(data) ? data['logId'] : undefined;
    return typeof logId === 'string' ? logId : undefined;
  },
};
