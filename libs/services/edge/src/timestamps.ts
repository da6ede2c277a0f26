import protobuf from 'protobufjs';

interface TimestampFields {
  readonly seconds?: number | string | { toNumber(): number };
  readonly nanos?: number;
}

const toFields = (date: Date): TimestampFields => {
  const seconds = Math.floor(date.getTime() / 1000);
  return { seconds, nanos: (date.getTime() - seconds * 1000) * 1_000_000 };
};

const toText = ({ seconds = 0, nanos = 0 }: TimestampFields): string => {
  const date = new Date(Number(seconds.toString()) * 1000 + Math.floor(nanos / 1_000_000));
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

/** A reply body with its times as Dates, which is how a Timestamp field takes them. */
export const withDates = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === 'string' && timeField.test(name) ? new Date(inner) : withDates(inner),
    ]),
  );
};
