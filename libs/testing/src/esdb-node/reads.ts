import { handlerThrew, unexpectedResult, type ServerError } from './errors.js';
import { readFilter } from './event-filter.js';
import type { LogPosition, LogRecord, LogStore } from './log-store.js';
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
  const streamId = nameOf(options.getStream()?.getStreamIdentifier());
  const records = store.stream(streamId);
  const start = startOf(options, records);
  if (records.length === 0) return void (yield streamNotFoundMessage(streamId));
  let left = Number(options.getCount());
  let isEmpty = true;
  for (const record of walk(records, start, isBackwards(options))) {
    if (left === 0) break;
    left -= 1;
    isEmpty = false;
    yield eventMessage(record, withPositions);
  }
  if ((options.getControlOption()?.getCompatibility() ?? 0) > 0) yield* bounds(records, isEmpty);
}

/** What newer clients ask for: where the stream ends and, if nothing was read, where its next event will be. */
function* bounds(records: readonly LogRecord[], isEmpty: boolean): Generator<streams.ReadResp> {
  if (isEmpty) yield new streams.ReadResp().setFirstStreamPosition(String(records.length));
  yield new streams.ReadResp().setLastStreamPosition(String(records.length - 1));
}

function startOf(options: Options, records: readonly LogRecord[]): number {
  const stream = options.getStream();
  if (options.getCount() === '0') throw unexpectedResult('ReadStreamResult');
  if (!stream?.hasEnd()) return Number(stream?.getRevision() ?? 0);
  if (!isBackwards(options)) throw unexpectedResult('ReadStreamResult');
  return records.length - 1;
}

function* allRecords(store: LogStore, options: Options): Generator<LogRecord> {
  const backwards = isBackwards(options);
  const filter = readFilter(options);
  const next = indexOfAll(store, options);
  let left = Number(options.getCount());
  if (left === 0) throw unexpectedAll(options);
  for (const record of walk(store.records, backwards ? next - 1 : next, backwards)) {
    if (record.hidden || filter?.matches(record) === false) continue;
    yield record;
    left -= 1;
    if (left === 0) return;
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
export function indexOfAll(store: LogStore, options: Options): number {
  const all = options.getAll();
  if (all?.hasStart()) return 0;
  const position = all?.getPosition();
  if (!position) return store.records.length;
  const commit = Number(position.getCommitPosition());
  const prepare = Number(position.getPreparePosition());
  if (prepare > commit) throw handlerThrew();
  return commit === 0 ? 0 : indexOfPosition(store, { commit, prepare }, options);
}

function indexOfPosition(store: LogStore, { commit, prepare }: LogPosition, options: Options): number {
  if (commit >= store.end) return store.records.length;
  const index = store.indexFrom(prepare);
  const record = store.records[index];
  if (record?.prepare !== prepare || record.commit !== commit) throw unexpectedAll(options);
  return index;
}

const unexpectedAll = (options: Options): ServerError =>
  unexpectedResult(options.hasFilter() ? 'FilteredReadAllResult' : 'ReadAllResult');
