import { isEventId, type RecordedEvent } from '../event-log.js';
import type { EventStoreClient } from './client.js';
import type { EventStoreConnection } from './connection.js';
import { LogDamaged, NoAnswer, UNKNOWN, statusOf, typeOf } from './failure.js';
import { positionOf, type Place } from './place.js';
import type { Payload, ReceivedEvent } from './received-event.js';

export type Connection = EventStoreConnection<EventStoreClient>;

type PlacedEvent = ReceivedEvent & { readonly place: Place };

const NO_TYPE = '<no-event-type-provided>';
const POSITION_OF_NO_EVENT = /Unexpected (Filtered)?ReadAllResult/;

const payloadOf = ({ payload }: ReceivedEvent, where: string): Payload => {
  try {
    return payload();
  } catch (error) {
    throw new LogDamaged(where, `holds what cannot be converted (${String(error)})`);
  }
};

/** Throws LogDamaged for an event whose form shows that it is not ours. */
export const toRecorded = (logId: string, event: ReceivedEvent): RecordedEvent => {
  const { id, type, streamId, revision, place } = event;
  const where = `revision ${revision} of ${streamId}`;
  if (!isEventId(id)) throw new LogDamaged(where, 'has an id that is no UUID');
  if (type === '' || type === NO_TYPE) throw new LogDamaged(where, 'has no type');
  if (place === null) throw new LogDamaged(where, 'has no position');
  return { id, type, streamId, revision, position: positionOf(logId, place), ...payloadOf(event, where) };
};

const isPlaced = (event: ReceivedEvent): event is PlacedEvent => event.place !== null;

const checkPage = (streamId: string, from: number, events: readonly ReceivedEvent[]): void => {
  events.forEach((event, index) => {
    if (event.streamId !== streamId) throw new LogDamaged(streamId, `holds an event of ${event.streamId}`);
    if (event.revision === from + index) return;
    throw new LogDamaged(streamId, `lacks revision ${from + index}: it was deleted or truncated`);
  });
};

const exactly = (streamId: string): RegExp => new RegExp(`^${streamId.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`);

/** Places of a stream's events up to `last`, by revision, from `$all`. */
const findPlaces = (
  client: EventStoreClient,
  streamId: string,
  last: number,
  silenceMs: number,
): Promise<Map<number, Place>> =>
  new Promise((resolve, reject) => {
    const places = new Map<number, Place>();
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      subscription.stop();
      settle();
    };
    const timer = setTimeout(() => finish(() => reject(new NoAnswer(silenceMs))), silenceMs);
    const subscription = client.subscribe(null, exactly(streamId), {
      onEvent: ({ streamId: found, revision, place }) => {
        timer.refresh();
        if (found === streamId && place !== null) places.set(revision, place);
        if (found === streamId && revision >= last) finish(() => resolve(places));
      },
      onSign: () => timer.refresh(),
      onEnd: (error) => finish(() => reject(error)),
    });
  });

/** At most `count` events of a stream; none if it does not exist. Throws what the client reports, or LogDamaged. */
export const readPage = async (
  connection: Connection,
  streamId: string,
  { from, count, silenceMs }: { from: number; count: number; silenceMs: number },
): Promise<readonly PlacedEvent[]> => {
  const page = await connection.run(async (client) => {
    const events: ReceivedEvent[] = [];
    const take = (event: ReceivedEvent): boolean => events.push(event) > 0;
    try {
      await client.readStream(streamId, from, count, { silenceMs, take });
    } catch (error) {
      if (typeOf(error) === 'stream-deleted') throw new LogDamaged(streamId, 'was deleted');
      if (typeOf(error) !== 'stream-not-found') throw error;
    }
    return events;
  });
  checkPage(streamId, from, page);
  const placed = page.filter(isPlaced);
  if (placed.length === page.length) return placed;
  // They cannot be computed: places are offsets in the server's files.
  const last = from + page.length - 1;
  const places = await connection.run((client) => findPlaces(client, streamId, last, silenceMs));
  return page.map((event) => {
    const place = event.place ?? places.get(event.revision);
    if (place === undefined) throw new LogDamaged(`revision ${event.revision} of ${streamId}`, 'has no position');
    return { ...event, place };
  });
};

/** The event at a place; null if there is none, or another one. Throws what the client reports. */
export const readAt = async (
  client: EventStoreClient,
  place: Place,
  silenceMs: number,
): Promise<ReceivedEvent | null> => {
  const found: ReceivedEvent[] = [];
  const take = (event: ReceivedEvent): boolean => found.push(event) < 1;
  try {
    await client.readFrom(place, 1, { silenceMs, take });
  } catch (error) {
    // This is how the server answers for a place in the middle of something else.
    if (statusOf(error) === UNKNOWN && POSITION_OF_NO_EVENT.test(String(error))) return null;
    throw error;
  }
  const [event] = found;
  const same = event?.place?.commit === place.commit && event.place.prepare === place.prepare;
  return same ? event : null;
};
