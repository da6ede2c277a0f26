/** An event on its way into the log. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event where it stands in the log. */
export interface LogRecord extends ProposedEvent {
  readonly streamId: string;
  readonly revision: number;
  readonly commit: number;
  readonly prepare: number;
  /** Ticks of 100 ns since 1970. */
  readonly created: string;
  /** Reads and subscriptions pass over it, but a live checkpoint can stand on it. */
  readonly hidden: boolean;
  scavenged: boolean;
}

export interface LogPosition {
  readonly commit: number;
  readonly prepare: number;
}

/** What came of an append; `revision` and `current` are -1 where the stream has no event. */
export type AppendResult =
  | { readonly kind: 'ok'; readonly revision: number; readonly position: LogPosition }
  | { readonly kind: 'conflict'; readonly current: number };

interface LogStoreOptions {
  /** How far the commit position of an event lies behind its prepare position, in bytes. Real logs have 0. */
  readonly commitGap: number;
  /** The log writes an event of its own after so many others; 0 means never. */
  readonly systemEventEvery: number;
}

export type ExpectedRevision = number | 'no-stream' | 'any' | 'exists';

type AppendDecision =
  | { readonly kind: 'write' }
  | { readonly kind: 'repeated'; readonly last: LogRecord }
  | { readonly kind: 'conflict'; readonly current: number };

/**
 * Decides as the server does: by ids alone. The same ids where they stand already are a repetition, at any later time;
 * with an exact revision they are looked for behind it, with `any` and `exists` where the id was last written.
 */
function decideAppend(
  stream: readonly LogRecord[],
  expected: ExpectedRevision,
  ids: readonly string[],
  latestById: (id: string) => LogRecord | undefined,
): AppendDecision {
  switch (expected) {
    case 'exists':
      return stream.length === 0 ? conflictWith(stream) : decideByIds(stream, ids, latestById);
    case 'any':
      return decideByIds(stream, ids, latestById);
    case 'no-stream':
      return decideAt(stream, -1, ids);
    default:
      return decideAt(stream, expected, ids);
  }
}

const conflictWith = (stream: readonly LogRecord[]): AppendDecision => ({
  kind: 'conflict',
  current: stream.length - 1,
});

function decideAt(stream: readonly LogRecord[], revision: number, ids: readonly string[]): AppendDecision {
  if (revision === stream.length - 1) return { kind: 'write' };
  const last = stream[revision + ids.length];
  const isRepeated = ids.length > 0 && ids.every((id, index) => stream[revision + 1 + index]?.id === id);
  return isRepeated && last ? { kind: 'repeated', last } : conflictWith(stream);
}

/** A conflict where some events are known and others are not. */
function decideByIds(
  stream: readonly LogRecord[],
  ids: readonly string[],
  latestById: (id: string) => LogRecord | undefined,
): AppendDecision {
  const known = ids.map((id) => latestById(id)).filter((record) => record && stream[record.revision] === record);
  const last = known.at(-1);
  if (!last) return { kind: 'write' };
  return known.length === ids.length ? { kind: 'repeated', last } : conflictWith(stream);
}

// A record takes this much beside its strings and bytes; every gap between commit and prepare fits in.
const RECORD_BYTES = 100;

/** The log in memory. Records lie in the order of their positions; a position is an offset in bytes, as on a disk. */
export class LogStore {
  readonly options: LogStoreOptions;
  records: LogRecord[] = [];
  end = 0;
  readonly #streams = new Map<string, LogRecord[]>();
  readonly #latestById = new Map<string, LogRecord>();
  readonly #listeners = new Set<(record: LogRecord) => void>();
  #untilSystemEvent: number;

  constructor(options: LogStoreOptions) {
    this.options = options;
    this.#untilSystemEvent = options.systemEventEvery;
    this.#begin();
  }

  stream(streamId: string): readonly LogRecord[] {
    return this.#streams.get(streamId) ?? [];
  }

  /** Writes all events or none, as the expectation and the ids decide. */
  append(streamId: string, expected: ExpectedRevision, events: readonly ProposedEvent[]): AppendResult {
    const ids = events.map((event) => event.id);
    const decision = decideAppend(this.stream(streamId), expected, ids, (id) => this.#latestById.get(id));
    return this.#carryOut(decision, streamId, events);
  }

  /** Writes without asking, and tells those who listen. */
  write(streamId: string, events: readonly ProposedEvent[], hidden = false): LogRecord[] {
    const written = events.map((event) => this.#record(streamId, event, hidden));
    for (const record of written) for (const listener of [...this.#listeners]) listener(record);
    this.#writeSystemEvent(written.length);
    return written;
  }

  /** Writes what the server notes at an election: in the log, but no read shows it. */
  writeEpoch(): void {
    this.write('$epoch-information', [systemEvent('$epoch-information')], true);
  }

  /** Calls back for every record from now on, until the returned function is called. */
  listen(listener: (record: LogRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Index of the first record whose prepare position is not below `position`. */
  indexFrom(position: number): number {
    let low = 0;
    let high = this.records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.records[middle]?.prepare ?? Infinity) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Removes the events that `isRemoved` names, as a scavenge does: their positions stay taken. Returns how many. */
  scavenge(isRemoved: (record: LogRecord) => boolean): number {
    const removed = this.records.filter((record) => !record.scavenged && isRemoved(record));
    for (const record of removed) record.scavenged = true;
    return removed.length;
  }

  /** Takes the last `count` records away, as a restored older backup does: their positions will be given again. */
  cutBack(count: number): void {
    for (const record of this.records.splice(Math.max(0, this.records.length - count)).reverse()) {
      this.#streams.get(record.streamId)?.pop();
      if (this.stream(record.streamId).length === 0) this.#streams.delete(record.streamId);
      this.#latestById.delete(record.id);
      this.end = record.prepare;
    }
  }

  /** An empty log takes the place of this one. */
  replace(): void {
    this.records = [];
    this.#streams.clear();
    this.#latestById.clear();
    this.#begin();
  }

  #begin(): void {
    // Something of the server's own comes first in every log, so no event has the position 0.
    this.end = 2 * RECORD_BYTES;
  }

  #carryOut(decision: AppendDecision, streamId: string, events: readonly ProposedEvent[]): AppendResult {
    switch (decision.kind) {
      case 'conflict':
        return decision;
      case 'repeated':
        return { kind: 'ok', revision: decision.last.revision, position: decision.last };
      case 'write': {
        const last = this.write(streamId, events).at(-1);
        if (last) return { kind: 'ok', revision: last.revision, position: last };
        // An append of no events takes a place in the log all the same.
        return { kind: 'ok', revision: this.stream(streamId).length - 1, position: this.#place(RECORD_BYTES) };
      }
    }
  }

  #place(bytes: number): LogPosition {
    const prepare = this.end;
    this.end += bytes;
    return { prepare, commit: prepare + this.options.commitGap };
  }

  #record(streamId: string, event: ProposedEvent, hidden: boolean): LogRecord {
    const stream = this.#streams.get(streamId) ?? [];
    const strings = 2 * (streamId.length + event.type.length);
    const place = this.#place(RECORD_BYTES + strings + event.data.length + event.metadata.length);
    const created = `${Date.now()}0000`;
    const record = { ...event, ...place, streamId, revision: stream.length, created, hidden, scavenged: false };
    this.#streams.set(streamId, stream);
    stream.push(record);
    this.records.push(record);
    this.#latestById.set(event.id, record);
    return record;
  }

  #writeSystemEvent(written: number): void {
    if (this.options.systemEventEvery === 0) return;
    this.#untilSystemEvent -= written;
    if (this.#untilSystemEvent > 0) return;
    this.#untilSystemEvent = Infinity; // The events below are not counted.
    this.write('$stats-node', [systemEvent('$statsCollected')]);
    this.writeEpoch();
    this.#untilSystemEvent = this.options.systemEventEvery;
  }
}

function systemEvent(type: string): ProposedEvent {
  const id = crypto.randomUUID();
  return { id, type, contentType: 'application/json', data: Buffer.from('{}'), metadata: new Uint8Array() };
}
