import { LogReplaced, type Anchor, type FollowItem } from '../event-log.js';
import { Following, REPLACED, type FollowSource } from './subscriber.js';
import { placeAt } from './place.js';
import { ReadAhead } from './read-ahead.js';

/** Follows `$all` by subscriptions, from the last event of ours that is known. See EventLog.follow. */
export async function* followEventStore(
  source: FollowSource,
  anchor: Anchor | null,
  signal: AbortSignal,
): AsyncGenerator<FollowItem> {
  const { logId, created } = source;
  const from = anchor ?? { position: created.position, eventId: created.id };
  const place = placeAt(logId, from.position);
  if (place === null) throw new LogReplaced(REPLACED);
  const ahead = new ReadAhead();
  if (anchor === null) ahead.addEvent(created);
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const following = new Following(source, ahead, { eventId: from.eventId, place });
  void following.run(ended).catch((error: unknown) => ahead.fail(error));
  try {
    for (;;) {
      const item = await ahead.take(signal);
      if (item === null) return;
      yield item;
    }
  } finally {
    stop.abort();
  }
}
