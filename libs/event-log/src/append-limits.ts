import type { NewEvent } from './event-log.js';

const MAX_EVENTS = 1_000;
const MAX_BYTES = 1_048_576;
const MAX_NAME_LENGTH = 256;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const checkName = (what: string, text: string): void => {
  // U+0000 cannot be stored as text, and one bad name would fail all appends that share its transaction.
  if (text.length === 0 || text.length > MAX_NAME_LENGTH || text.includes('\0')) {
    throw new RangeError(`${what} has 1 to ${MAX_NAME_LENGTH} characters and no U+0000.`);
  }
};

const bytesOf = (event: NewEvent): number => event.data.byteLength + event.metadata.byteLength;

/** Size of a valid append in bytes. Throws RangeError for one that no log would take: the caller is wrong. */
export const checkAppend = (streamId: string, expectedRevision: number, events: readonly NewEvent[]): number => {
  checkName('A stream id', streamId);
  if (!Number.isSafeInteger(expectedRevision) || expectedRevision < -1) {
    throw new RangeError('An expected revision is -1 (no stream) or the revision of the last event.');
  }
  if (events.length === 0 || events.length > MAX_EVENTS) {
    throw new RangeError(`An append has 1 to ${MAX_EVENTS} events, not ${events.length}.`);
  }
  for (const event of events) {
    checkName('An event type', event.type);
    if (!UUID.test(event.id)) throw new RangeError('An event id is a UUID in lower case.');
  }
  const bytes = events.reduce((sum, event) => sum + bytesOf(event), 0);
  if (bytes > MAX_BYTES) throw new RangeError(`An append has at most ${MAX_BYTES} bytes, not ${bytes}.`);
  return bytes;
};
