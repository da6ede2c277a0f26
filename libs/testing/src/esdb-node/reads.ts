import { handlerThrew, unexpectedResult } from './errors.js';
import { readFilter } from './event-filter.js';
import type { LogRecord, LogStore } from './log-store.js';
import { nameOf, streams } from './protocol.js';
import { eventMessage, streamNotFoundMessage } from './read-messages.js';

type Options = streams.ReadReq.Options;

/** The answers to a read of a stream or of `$all`, in order; throws the error that ends it. */
export function* readMessages(store: LogStore, options: Options, withPositions: boolean): Generator<streams.ReadResp> {
  const stream = options.getStream();
  if (stream) yield* streamMessages(store, options, withPositions);
  else for (const record of allRecords(store, options)) yield eventMessage(record);
}

const isBackwards = (options: Options): boolean =>
  options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;

function* streamMessages(store: LogStore, options: Options, withPositions: boolean): Generator<streams.ReadResp> {
  const stream = options.getStream();
  const streamId = nameOf(stream?.getStreamIdentifier());
  const count = Number(options.getCount());
  const records = store.stream(streamId);
  if (count === 0 || (stream?.hasEnd() && !isBackwards(options))) throw unexpectedResult('ReadStreamResult');
  if (records.length === 0) return yield streamNotFoundMessage(streamId);
  const last = records.length - 1;
  const start = stream?.hasRevision() ? Number(stream.getRevision()) : stream?.hasEnd() ? last : 0;
  let found = 0;
  for (const record of walk(records, start, isBackwards(options))) {
    if (found === count) break;
    found += 1;
    yield eventMessage(record, withPositions);
  }
  if ((options.getControlOption()?.getCompatibility() ?? 0) === 0) return;
  if (found === 0) yield new streams.ReadResp().setFirstStreamPosition(String(last + 1));
  yield new streams.ReadResp().setLastStreamPosition(String(last));
}

function* allRecords(store: LogStore, options: Options): Generator<LogRecord> {
  const backwards = isBackwards(options);
  const filter = readFilter(options);
  const next = indexOfAll(store, options, filter !== null);
  let left = Number(options.getCount());
  if (left === 0) throw unexpectedResult(filter ? 'FilteredReadAllResult' : 'ReadAllResult');
  for (const record of walk(store.records, backwards ? next - 1 : next, backwards)) {
    if (left === 0) return;
    if (record.hidden || (filter && !filter.matches(record))) continue;
    left -= 1;
    yield record;
  }
}

function* walk(records: readonly LogRecord[], start: number, backwards: boolean): Generator<LogRecord> {
  const step = backwards ? -1 : 1;
  for (let index = backwards ? Math.min(start, records.length - 1) : start; ; index += step) {
    const record = records[index];
    if (!record) return;
    if (!record.scavenged) yield record;
  }
}

/** Where a read or a subscription of `$all` begins: the index of the record at its position, forwards inclusive. */
export function indexOfAll(store: LogStore, options: Options, filtered: boolean): number {
  const all = options.getAll();
  if (all?.hasStart()) return 0;
  const position = all?.getPosition();
  if (!position) return store.records.length;
  const commit = Number(position.getCommitPosition());
  const prepare = Number(position.getPreparePosition());
  if (prepare > commit) throw handlerThrew();
  if (commit === 0) return 0;
  if (commit >= store.end) return store.records.length;
  const index = store.indexFrom(prepare);
  const record = store.records[index];
  if (record?.prepare !== prepare || record.commit !== commit) {
    throw unexpectedResult(filtered ? 'FilteredReadAllResult' : 'ReadAllResult');
  }
  return index;
}
