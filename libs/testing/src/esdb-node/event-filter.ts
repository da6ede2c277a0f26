import type { LogRecord } from './log-store.js';
import { streams } from './protocol.js';

/** How a read or a subscription of `$all` passes over events that it does not ask for. */
export interface EventFilter {
  readonly matches: (record: LogRecord) => boolean;
  /** How many events the server considers before it starts a new page. */
  readonly searchWindow: number;
  /** How many events are considered from one checkpoint to the next. */
  readonly checkpointInterval: number;
}

const PAGE_EVENTS = 32;

/** Null where there is no filter. */
export function readFilter(options: streams.ReadReq.Options): EventFilter | null {
  const filter = options.getFilter();
  if (!filter) return null;
  const searchWindow = filter.hasMax() ? filter.getMax() : PAGE_EVENTS;
  const checkpointInterval = searchWindow * filter.getCheckpointintervalmultiplier();
  return { matches: matcherOf(filter), searchWindow, checkpointInterval };
}

function matcherOf(filter: streams.ReadReq.Options.FilterOptions): (record: LogRecord) => boolean {
  const eventType = filter.getEventType();
  if (eventType) return matching(eventType, (record) => record.type);
  return matching(filter.getStreamIdentifier(), (record) => record.streamId);
}

function matching(
  expression: streams.ReadReq.Options.FilterOptions.Expression | undefined,
  textOf: (record: LogRecord) => string,
): (record: LogRecord) => boolean {
  const prefixes = expression?.getPrefixList() ?? [];
  if (prefixes.length > 0) return (record) => prefixes.some((prefix) => textOf(record).startsWith(prefix));
  const regex = new RegExp(expression?.getRegex() ?? '', 'u');
  return (record) => regex.test(textOf(record));
}
