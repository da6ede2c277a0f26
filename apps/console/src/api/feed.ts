import { hasEnded, session } from '../shell/session.js';
import { noteElsewhere } from './positions.js';
import { queryClient } from './query-client.js';

/** The server says something every 15 seconds: after this silence nobody is there any more. */
const SILENCE_MS = 45_000;
const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** Events often come together: so long they are gathered, and so far apart things are read again at most. */
const GATHERED_FOR_MS = 300;
const READS_APART_MS = 3_000;

/** Of an event of the feed, what is needed here. */
interface PublicEvent {
  readonly type: string;
  readonly partitionkey: string;
  readonly position: string;
}

type NewsListener = (accountIds: ReadonlySet<string>) => void;

const newsListeners = new Set<NewsListener>();

/** Tells of which accounts something has happened, whoever did it. Says how to stop. */
export const onNews = (listener: NewsListener): (() => void) => {
  newsListeners.add(listener);
  return () => newsListeners.delete(listener);
};

/** What has happened since things were read again last. */
let accountIds = new Set<string>();
/** Parts of the keys of what has to be read again: for what was written here, that has been done. */
let concerned = new Set<unknown>();
let timer: ReturnType<typeof setTimeout> | undefined;
let lastReadAtMs = 0;

const readAgain = (): void => {
  const [toldOf, parts] = [accountIds, concerned];
  [accountIds, concerned, timer, lastReadAtMs] = [new Set(), new Set(), undefined, Date.now()];
  for (const listener of newsListeners) listener(toldOf);
  void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey.some((part) => parts.has(part)) });
};

const note = ({ type, partitionkey, position }: PublicEvent): void => {
  accountIds.add(partitionkey);
  if (noteElsewhere(position)) {
    concerned.add(partitionkey);
    if (type.startsWith('keyledger.account.')) concerned.add('accounts').add('found-accounts');
  }
  timer ??= setTimeout(readAgain, Math.max(GATHERED_FOR_MS, lastReadAtMs + READS_APART_MS - Date.now()));
};

/** A part of the feed as it is sent; whether the server has said that this token is good for nothing more. */
const hear = (block: string): boolean => {
  const [, name] = /^event: ?(.*)$/m.exec(block) ?? [];
  const [, data] = /^data: ?(.*)$/m.exec(block) ?? [];
  if (data === undefined) return false;
  if (name === 'end') return (JSON.parse(data) as { readonly code: string }).code === 'unauthenticated';
  note(JSON.parse(data) as PublicEvent);
  return false;
};

/** Hears until the answer ends; whether another try with this token is in vain. */
const hearAll = async (body: ReadableStream<Uint8Array>, onChunk: () => void): Promise<boolean> => {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let begun = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return false;
    onChunk();
    const blocks = (begun + value).split('\n\n');
    begun = blocks.pop() ?? '';
    if (blocks.some(hear)) return true;
  }
};

const mayPass = (status: number): boolean => status === 429 || status >= 500;

/** Listens until the connection ends; whether another try with this token is in vain. */
const listen = async (token: string, signal: AbortSignal, onOpen: () => void): Promise<boolean> => {
  const silence = new AbortController();
  let alarm = setTimeout(() => silence.abort(), SILENCE_MS);
  const onChunk = (): void => {
    clearTimeout(alarm);
    alarm = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  try {
    const response = await fetch('/v1/events', {
      headers: { authorization: `Bearer ${token}` },
      cache: 'no-store',
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!response.ok || response.body === null) return !mayPass(response.status);
    onOpen();
    return await hearAll(response.body, onChunk);
  } catch {
    // Cut, or aborted: pages are as good as without a feed meanwhile.
    return false;
  } finally {
    clearTimeout(alarm);
    silence.abort();
  }
};

/** At random, so that not everybody comes back at the same moment. */
const wait = (failures: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const longest = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** failures);
    const end = (): void => {
      clearTimeout(waiting);
      resolve();
    };
    const waiting = setTimeout(end, longest / 2 + (Math.random() * longest) / 2);
    signal.addEventListener('abort', end, { once: true });
  });

/** Connects again and again, ever more slowly where connections do not last. */
const follow = async (token: string, signal: AbortSignal, onOpen: () => void): Promise<void> => {
  for (let failures = 0; ; failures += 1) {
    const beganAtMs = Date.now();
    const isFinal = await listen(token, signal, onOpen);
    if (isFinal || signal.aborted) return;
    if (Date.now() - beganAtMs > LONGEST_WAIT_MS) failures = 0;
    await wait(failures, signal);
    if (signal.aborted) return;
  }
};

/**
 * Has everything that is shown read again when something happens to it, as long as the page is seen and the session
 * lasts. Where there is no feed, or it is not allowed, nothing is said: then pages are read again as ever. Says how to
 * stop.
 */
export const followFeed = (): (() => void) => {
  let connection: AbortController | undefined;
  /** What it is followed with now. */
  let token: string | undefined;
  let wasOpen = false;
  const onOpen = (): void => {
    // What happened while nobody listened is in no event that comes.
    if (wasOpen) void queryClient.invalidateQueries({}, { cancelRefetch: false });
    wasOpen = true;
  };
  const begin = (): void => {
    const isIdle = hasEnded.get() || document.visibilityState === 'hidden';
    const next = isIdle ? undefined : session.get()?.token;
    // What happens while it is connected anew would be missed.
    if (next === token) return;
    connection?.abort();
    token = next;
    if (token === undefined) return;
    connection = new AbortController();
    void follow(token, connection.signal, onOpen);
  };
  const stops = [session.subscribe(begin), hasEnded.subscribe(begin)];
  document.addEventListener('visibilitychange', begin);
  begin();
  return () => {
    for (const stop of stops) stop();
    document.removeEventListener('visibilitychange', begin);
    connection?.abort();
    clearTimeout(timer);
    timer = undefined;
  };
};
