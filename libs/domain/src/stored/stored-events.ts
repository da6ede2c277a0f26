import { anyObject, storedEventError } from './stored-fields.js';
import { storedForms, type StoredEvent, type StoredEventType } from './stored-forms.js';

type StoredData = Readonly<Record<string, unknown>>;

/** Schema versions above 1. */
const schemaVersions: Readonly<Partial<Record<StoredEventType, number>>> = {
  CredentialCreated: 2,
};

/** Brings data of one schema version to the next, by event type and the version it comes from. */
const upcasters: Readonly<
  Partial<Record<StoredEventType, Readonly<Record<number, (data: StoredData) => StoredData>>>>
> = {
  CredentialCreated: {
    // Version 1 knew no rotation advice, and bound to endpoints whatever belonged to an application.
    1: (data) => ({
      ...data,
      rotationAdviceDays: null,
      bindsEndpoints: typeof data['applicationId'] === 'string',
    }),
  },
};

/** An event as the log holds it: `data` is plain JSON, `schemaVersion` goes into the metadata. */
export interface EncodedEvent {
  readonly type: StoredEventType;
  readonly schemaVersion: number;
  readonly data: object;
}

/** Every type that may be in the log, with the schema version that this code writes. */
export const storedEventVersions: ReadonlyMap<string, number> = new Map(
  Object.keys(storedForms).map((type) => [type, schemaVersions[type as StoredEventType] ?? 1]),
);

const isStoredEventType = (type: string): type is StoredEventType => Object.hasOwn(storedForms, type);

const upcast = (type: StoredEventType, fromVersion: number, stored: unknown): unknown => {
  let data = anyObject(stored, type);
  const current = schemaVersions[type] ?? 1;
  for (let version = fromVersion; version < current; version += 1) {
    const step = upcasters[type]?.[version];
    if (step === undefined) throw storedEventError(`${type} of schema version ${version} cannot be read`);
    data = step(data);
  }
  return data;
};

/** The stored form of an event, with the fields that its form names and no others. */
export const encodeEvent = (event: StoredEvent): EncodedEvent => ({
  type: event.type,
  schemaVersion: schemaVersions[event.type] ?? 1,
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
  const current = schemaVersions[type] ?? 1;
  if (!Number.isInteger(schemaVersion) || schemaVersion < 1 || schemaVersion > current) {
    throw storedEventError(
      `${type} of schema version ${schemaVersion} cannot be read: this version knows 1 to ${current}`,
    );
  }
  const data = storedForms[type](upcast(type, schemaVersion, stored.data), type);
  return { type, ...data } as StoredEvent;
};
