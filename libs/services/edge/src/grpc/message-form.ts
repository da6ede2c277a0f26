import protobuf from 'protobufjs';

interface TimestampFields {
  /** In a decoded message a Long, which has a value of its own. */
  readonly seconds?: number | { toNumber(): number };
  readonly nanos?: number;
}

const toFields = (date: Date): TimestampFields => {
  const seconds = Math.floor(date.getTime() / 1000);
  return { seconds, nanos: (date.getTime() - seconds * 1000) * 1_000_000 };
};

const toText = ({ seconds = 0, nanos = 0 }: TimestampFields): string => {
  const date = new Date(Number(seconds) * 1000 + Math.floor(nanos / 1_000_000));
  // A time beyond the calendar becomes text that the validation of the field refuses.
  return Number.isNaN(date.getTime()) ? 'out of range' : date.toISOString();
};

/**
 * Lets handlers see ISO 8601 text for every google.protobuf.Timestamp of a request, exactly as in the JSON of the HTTP
 * door, and take a Date for it in a reply. protobufjs has this hook for well-known types; it holds for the process.
 */
export const convertTimestamps = (): void => {
  Object.assign(protobuf.wrappers, {
    '.google.protobuf.Timestamp': {
      fromObject(this: protobuf.Type, value: object) {
        return this.fromObject(value instanceof Date ? toFields(value) : value);
      },
      toObject: toText,
    },
  });
};

/** In our contract, and only there, these names are times. */
const timeField = /(?:At|Until)$|^at$/;

/** The two values of a change; they can be of any kind, so they travel as JSON texts, null among them. */
const isChangedValue = (name: string): boolean => name === 'from' || name === 'to';

const asField = (name: string, value: unknown): unknown => {
  if (typeof value === 'string' && timeField.test(name)) return new Date(value);
  if (isChangedValue(name)) return JSON.stringify(value);
  return asMessage(value);
};

/** The body of an HTTP reply as the gRPC message of the same name takes it. */
export const asMessage = (body: unknown): unknown => {
  if (Array.isArray(body)) return body.map(asMessage);
  if (typeof body !== 'object' || body === null) return body;
  // Null means absent on the wire; in a map of texts protobufjs would write it as the word.
  const present = Object.entries(body).filter(([name, value]) => value !== null || isChangedValue(name));
  return Object.fromEntries(present.map(([name, value]) => [name, asField(name, value)]));
};
