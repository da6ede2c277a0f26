/** So long after a write all reads ask for at least its position; then every part has long seen it. */
const ASKED_FOR_MS = 30_000;

const channel = new BroadcastChannel('keyledger.positions');

let latest: { readonly position: string; readonly atMs: number } | undefined;

const logOf = (position: string): string => position.slice(0, position.lastIndexOf('-'));

const keep = (position: string): void => {
  const isOlder = latest !== undefined && logOf(latest.position) === logOf(position) && latest.position >= position;
  if (!isOlder) latest = { position, atMs: Date.now() };
};

/** Notes what an answer to a write says that it has reached, here and in other tabs. */
export const notePosition = (position: string): void => {
  keep(position);
  channel.postMessage(position);
};

/** Notes what somebody else's write has reached. Whether reads here have not asked for as much already. */
export const noteElsewhere = (position: string): boolean => {
  const before = latest;
  keep(position);
  return latest !== before;
};

/** After the log was replaced, positions of the old one mean nothing. */
export const forgetPositions = (): void => {
  latest = undefined;
};

/** What a read has to ask for, so that it shows what was written here. */
export const minPosition = (): string | undefined =>
  latest !== undefined && Date.now() - latest.atMs < ASKED_FOR_MS ? latest.position : undefined;

/** Tells of writes in other tabs. */
export const onWriteElsewhere = (listener: () => void): void => {
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== 'string') return;
    keep(data);
    listener();
  });
};
