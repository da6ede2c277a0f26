import { performance } from 'node:perf_hooks';
import { backoffMs, pause } from '../waiting.js';
import { LogReplaced, type Anchor, type FollowItem, type RecordedEvent } from '../event-log.js';
import { reasonOf } from '@keyledger/postgres';
import type { Page } from './reader.js';
import type { Wakeup } from '../waiting.js';

const SHORTEST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 25;

interface PageSource {
  readonly readAfter: (anchor: Anchor | null) => Promise<Page>;
  /** Wakes when this process has appended something, so that its own writes are seen at once. */
  readonly appended: Wakeup;
}

interface Poll {
  readonly asOfMs: number;
  readonly seen: number;
  /** Null when `signal` aborted first. */
  readonly page: Promise<Page | null>;
}

const startPoll = (source: PageSource, anchor: Anchor | null, signal: AbortSignal): Poll => {
  const seen = source.appended.count;
  const asOfMs = performance.now();
  const page = new Promise<Page | null>((resolve, reject) => {
    const abort = (): void => resolve(null);
    signal.addEventListener('abort', abort);
    const settled = source.readAfter(anchor).then(resolve, reject);
    void settled.finally(() => signal.removeEventListener('abort', abort));
  });
  page.catch(() => undefined); // A page read ahead may fail while nobody awaits it yet; the error is met later.
  return { asOfMs, seen, page };
};

const anchorAfter = (events: readonly RecordedEvent[], before: Anchor | null): Anchor | null => {
  const newest = events.at(-1);
  return newest === undefined ? before : { position: newest.position, eventId: newest.id };
};

type Unavailable = Extract<FollowItem, { kind: 'unavailable' }>;

/** Null once the signal has aborted. Only a replaced log is not worth another try. */
const pageOf = (poll: Poll): Promise<Page | Unavailable | null> =>
  poll.page.catch((error: unknown) => {
    if (error instanceof LogReplaced) throw error;
    return { kind: 'unavailable', reason: reasonOf(error) };
  });

interface PolledPage extends Page {
  readonly kind: 'page';
  readonly poll: Poll;
}

async function* readPages(
  source: PageSource,
  anchor: Anchor | null,
  signal: AbortSignal,
): AsyncGenerator<PolledPage | Unavailable> {
  let last = anchor;
  let failures = 0;
  let poll = startPoll(source, last, signal);
  while (!signal.aborted) {
    const read = await pageOf(poll);
    if (read === null || signal.aborted) return;
    if ('kind' in read) {
      if (failures === 0) yield read;
      await pause(backoffMs(failures++), signal);
      poll = startPoll(source, last, signal);
      continue;
    }
    failures = 0;
    last = anchorAfter(read.events, last);
    const page: PolledPage = { kind: 'page', ...read, poll };
    if (page.more) poll = startPoll(source, last, signal); // Read ahead while the consumer is busy.
    yield page;
    if (!page.more) poll = startPoll(source, last, signal);
  }
}

/** Follows a log that can only be asked: page by page while there is more, then by polling. See EventLog.follow. */
export async function* followPages(
  source: PageSource,
  anchor: Anchor | null,
  signal: AbortSignal,
): AsyncGenerator<FollowItem> {
  let pauseMs = SHORTEST_PAUSE_MS;
  for await (const page of readPages(source, anchor, signal)) {
    if (page.kind === 'unavailable') {
      yield page;
      continue;
    }
    const { events, poll, more } = page;
    if (events.length > 0) yield { kind: 'events', events };
    if (more) continue;
    yield { kind: 'caught-up', asOfMs: poll.asOfMs };
    pauseMs = events.length > 0 ? SHORTEST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    await source.appended.wait(poll.seen, pauseMs, signal);
  }
}
