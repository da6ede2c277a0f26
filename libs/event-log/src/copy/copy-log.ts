import { createHash } from 'node:crypto';
import { CopyFailed, type CopyOptions, type CopyProgress } from './copy-options.js';
import { readToEnd } from './copy-reader.js';
import { appendInOrder } from './copy-writer.js';
import type { EventLog, RecordedEvent } from '../event-log.js';

/**
 * SHA-256 over the events given to it in order: of each the stream, the revision (decimal digits), the id, the type,
 * the data and the metadata, every part in UTF-8 or as it is, after its length in bytes (32 bits, big-endian).
 * Positions are left out: they are the log's own.
 */
class LogDigest {
  readonly #hash = createHash('sha256');
  readonly #length = Buffer.alloc(4);
  #events = 0;

  get events(): number {
    return this.#events;
  }

  add({ streamId, revision, id, type, data, metadata }: RecordedEvent): void {
    for (const text of [streamId, String(revision), id, type]) this.#part(Buffer.from(text));
    this.#part(data);
    this.#part(metadata);
    this.#events += 1;
  }

  sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  #part(bytes: Uint8Array): void {
    this.#length.writeUInt32BE(bytes.byteLength);
    this.#hash.update(this.#length).update(bytes);
  }
}

/** One of the two logs as it was read for the proof, without its LogCreated. */
interface ProvedLog {
  readonly logId: string;
  readonly events: number;
  /** See LogDigest. */
  readonly sha256: string;
}

export interface CopyReport {
  /** Events that the target held already, and that this copy has appended. */
  readonly found: number;
  readonly copied: number;
  readonly source: ProvedLog;
  readonly target: ProvedLog;
  /** Whether both hold the same events in the same order, compared one by one after the copy. */
  readonly equal: boolean;
  /** Where they differ first; null if the target holds what the source begins with. */
  readonly difference: string | null;
}

const EVERY = 500;

const same = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;

/** What differs between two events at the same place; null if nothing does. */
const differenceAt = (place: number, wanted: RecordedEvent, held: RecordedEvent): string | null => {
  const names = (['streamId', 'revision', 'id', 'type'] as const).filter((name) => wanted[name] !== held[name]);
  const bytes = (['data', 'metadata'] as const).filter((name) => !same(wanted[name], held[name]));
  if (names.length + bytes.length === 0) return null;
  return (
    `Event ${place} is revision ${wanted.revision} of ${wanted.streamId} in the source and ` +
    `revision ${held.revision} of ${held.streamId} in the target. It differs in ${[...names, ...bytes].join(', ')}.`
  );
};

const surplusAt = (place: number, held: RecordedEvent): string =>
  `The source ends before event ${place}, which is revision ${held.revision} of ${held.streamId} in the target.`;

/** Reports one event in `EVERY`. */
const progressOf =
  (phase: CopyProgress['phase'], { onProgress }: CopyOptions) =>
  ({ position }: RecordedEvent, events: number): void => {
    if (events % EVERY === 0) onProgress?.({ phase, events, position });
  };

/** Proves that the target holds what the source begins with. Leaves `events` behind the last of them. */
const compareBeginning = async (
  events: AsyncGenerator<RecordedEvent, void>,
  target: EventLog,
  options: CopyOptions,
): Promise<number> => {
  const report = progressOf('comparing', options);
  let found = 0;
  for await (const held of readToEnd(target, 'target', options)) {
    found += 1;
    const { value: wanted, done } = await events.next();
    const difference = done === true ? surplusAt(found, held) : differenceAt(found, wanted, held);
    if (difference !== null) {
      throw new CopyFailed(`The target is not a copy of the source, so nothing was written. ${difference}`);
    }
    if (done !== true) report(wanted, found);
  }
  return found;
};

const bringUp = async (
  source: EventLog,
  target: EventLog,
  options: CopyOptions,
): Promise<{ readonly found: number; readonly copied: number }> => {
  const events = readToEnd(source, 'source', options);
  try {
    const found = await compareBeginning(events, target, options);
    const onStored = ({ position }: RecordedEvent, count: number): void =>
      options.onProgress?.({ phase: 'copying', events: count, position });
    return { found, copied: await appendInOrder(target, events, options, onStored) };
  } finally {
    await events.return(undefined);
  }
};

type Proof = Pick<CopyReport, 'source' | 'target' | 'difference'>;

/** Reads both logs from the start, at the same pace, and compares them event by event. */
const prove = async (source: EventLog, target: EventLog, options: CopyOptions): Promise<Proof> => {
  const [ours, theirs] = [new LogDigest(), new LogDigest()];
  const report = progressOf('proving', options);
  const heldEvents = readToEnd(target, 'target', options);
  let difference: string | null = null;
  try {
    for await (const wanted of readToEnd(source, 'source', options)) {
      ours.add(wanted);
      report(wanted, ours.events);
      const { value: held, done } = await heldEvents.next();
      if (done === true) continue;
      theirs.add(held);
      difference ??= differenceAt(theirs.events, wanted, held);
    }
    for await (const held of heldEvents) {
      theirs.add(held);
      difference ??= surplusAt(theirs.events, held);
    }
  } finally {
    await heldEvents.return(undefined);
  }
  const proved = ({ logId }: EventLog, digest: LogDigest): ProvedLog => {
    return { logId, events: digest.events, sha256: digest.sha256() };
  };
  return { source: proved(source, ours), target: proved(target, theirs), difference };
};

/**
 * Copies a log into another one, on whatever engines: afterwards the streams, revisions, ids, types, data, metadata
 * and the global order are the same, and this is proved by reading both. Each keeps its own LogCreated, and so its own
 * logId. A target that holds a beginning of the source is gone on with; in one that holds anything else nothing is
 * written.
 *
 * The source may grow meanwhile. Then the report has `equal: false` and no `difference`, and the copy can be repeated.
 * Throws CopyFailed where it cannot go on.
 */
export const copyLog = async (source: EventLog, target: EventLog, options: CopyOptions): Promise<CopyReport> => {
  const { found, copied } = await bringUp(source, target, options);
  const proof = await prove(source, target, options);
  if (proof.source.events === 0)
    throw new CopyFailed('The source holds no event. Check its URL and the stream prefix.');
  const equal = proof.difference === null && proof.source.sha256 === proof.target.sha256;
  return { found, copied, ...proof, equal };
};
