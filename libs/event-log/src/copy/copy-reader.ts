import { performance } from 'node:perf_hooks';
import { CopyFailed, PATIENCE_MS, STOPPED, type CopyOptions, type Side } from './copy-options.js';
import type { EventLog, FollowItem, RecordedEvent } from '../event-log.js';

/** Follows the log. Gives up when it sends nothing for `patienceMs`; the consumer's own time does not count. */
async function* patiently(
  log: EventLog,
  side: Side,
  { signal, patienceMs = PATIENCE_MS, onTrouble }: CopyOptions,
): AsyncGenerator<Exclude<FollowItem, { kind: 'unavailable' }>> {
  const givingUp = new AbortController();
  const giveUp = (): void => givingUp.abort();
  let reason = 'no answer';
  let timer = setTimeout(giveUp, patienceMs);
  try {
    for await (const item of log.follow(null, AbortSignal.any([signal, givingUp.signal]))) {
      if (item.kind === 'unavailable') {
        reason = item.reason;
        onTrouble?.(`The ${side} does not answer: ${reason}`);
        continue;
      }
      clearTimeout(timer);
      yield item;
      timer = setTimeout(giveUp, patienceMs);
    }
  } finally {
    clearTimeout(timer);
  }
  throw new CopyFailed(signal.aborted ? STOPPED : `Gave up after ${patienceMs} ms without the ${side}: ${reason}`);
}

/**
 * Every event but the first, in order of position, up to the last one that was there when the reading began. The first
 * says which log it is, and is never copied: the copy is a log of its own.
 */
export async function* readToEnd(log: EventLog, side: Side, options: CopyOptions): AsyncGenerator<RecordedEvent, void> {
  const startedMs = performance.now();
  let first = true;
  for await (const item of patiently(log, side, options)) {
    if (item.kind === 'caught-up') {
      if (item.asOfMs >= startedMs) return;
      continue;
    }
    yield* first ? item.events.slice(1) : item.events;
    first = false;
  }
}
