import { performance } from 'node:perf_hooks';
import { backoffMs, pause } from '../waiting.js';
import { CopyFailed, PATIENCE_MS, STOPPED, type CopyOptions } from './copy-options.js';
import { MAX_BYTES, MAX_EVENTS, bytesOf, type AppendOutcome, type EventLog, type RecordedEvent } from '../event-log.js';

/** Events that follow one another in one stream and in the whole log, and fit into one append. */
type Run = [RecordedEvent, ...RecordedEvent[]];

const fits = (run: Run, bytes: number, event: RecordedEvent): boolean =>
  run[0].streamId === event.streamId && run.length < MAX_EVENTS && bytes + bytesOf(event) <= MAX_BYTES;

async function* runsOf(events: AsyncIterable<RecordedEvent>): AsyncGenerator<Run> {
  let run: Run | null = null;
  let bytes = 0;
  for await (const event of events) {
    if (run !== null && fits(run, bytes, event)) {
      run.push(event);
      bytes += bytesOf(event);
      continue;
    }
    if (run !== null) yield run;
    run = [event];
    bytes = bytesOf(event);
  }
  if (run !== null) yield run;
}

const conflict = ({ streamId, revision }: RecordedEvent, currentRevision: number): CopyFailed =>
  new CopyFailed(
    `Stream ${streamId} of the target is at revision ${currentRevision}, not ${revision - 1}: ` +
      'somebody else writes to it, or a copy that was killed did so last. Stop whoever it is and start again.',
  );

type Failure = Exclude<AppendOutcome, { kind: 'ok' | 'conflict' }>;

/** What the identical append may still come to, or null if it is stored. */
const tryAppend = async (target: EventLog, run: Run): Promise<Failure | null> => {
  const [first] = run;
  const outcome = await target.append(first.streamId, first.revision - 1, run);
  if (outcome.kind === 'conflict') throw conflict(first, outcome.currentRevision);
  return outcome.kind === 'ok' ? null : outcome;
};

const appendUntilStored = async (target: EventLog, run: Run, options: CopyOptions): Promise<void> => {
  const { signal, patienceMs = PATIENCE_MS, onTrouble } = options;
  const startedMs = performance.now();
  for (let failures = 0; ; failures += 1) {
    if (signal.aborted) throw new CopyFailed(STOPPED);
    const failure = await tryAppend(target, run);
    if (failure === null) return;
    if (performance.now() - startedMs > patienceMs) {
      throw new CopyFailed(`Gave up after ${patienceMs} ms without the target: ${failure.reason}`);
    }
    onTrouble?.(`The target has not confirmed an append (${failure.kind}): ${failure.reason}`);
    await pause(backoffMs(failures), signal);
  }
};

/**
 * Appends the events one run after the other, each settled before the next begins: only so is the global order kept.
 * Calls `onStored` with the last event of each. Returns how many were appended.
 */
export const appendInOrder = async (
  target: EventLog,
  events: AsyncIterable<RecordedEvent>,
  options: CopyOptions,
  onStored: (event: RecordedEvent, count: number) => void,
): Promise<number> => {
  let count = 0;
  for await (const run of runsOf(events)) {
    await appendUntilStored(target, run, options);
    count += run.length;
    onStored(run.at(-1) ?? run[0], count);
  }
  return count;
};
