import { setImmediate as nextTurn } from 'node:timers/promises';
import { backoffMs, pause } from '../waiting.js';
import { commandEventId, findCommands } from './command-events.js';
import { bytesOfAll, LogReplaced, type AppendOutcome, type NewEvent, type Position } from '../event-log.js';
import { writeError, type PendingCommand } from './pending-command.js';
import type { FoldedStream, StreamRules } from './stream-rules.js';
import type { StreamStates } from './stream-states.js';

export interface BatchLimits {
  readonly batchEvents: number;
  readonly batchBytes: number;
}

/** What a command comes to if everything before it in the batch is stored. */
interface Decided<State, Event, Context> {
  readonly pending: PendingCommand<State, Event, Context>;
  readonly events: readonly Event[];
  readonly state: State;
  /** How many events of the batch are stored once this command is done. */
  readonly end: number;
  /** Why it was refused, or null. */
  readonly refusal: { readonly error: unknown } | null;
}

interface Batch<State, Event, Context> {
  readonly base: FoldedStream<State>;
  readonly decided: readonly Decided<State, Event, Context>[];
  readonly events: readonly NewEvent[];
  readonly state: State;
}

type Pendings<State, Event, Context> = readonly PendingCommand<State, Event, Context>[];

/** Decides commands one after the other, each on what those before it lead to, until the batch is full. */
const decideBatch = <State, Event, Context>(
  rules: StreamRules<State, Event, Context>,
  base: FoldedStream<State>,
  pendings: Pendings<State, Event, Context>,
  limits: BatchLimits,
): Batch<State, Event, Context> => {
  const decided: Decided<State, Event, Context>[] = [];
  const stored: NewEvent[] = [];
  let bytes = 0;
  let { state } = base;

  for (const pending of pendings) {
    const { command } = pending;
    try {
      const events = command.decide(state);
      const news = events.map((event, index) =>
        rules.encode(event, command.context, commandEventId(command.commandId, index)),
      );
      bytes += bytesOfAll(news);
      const full = stored.length + news.length > limits.batchEvents || bytes > limits.batchBytes;
      if (full && stored.length > 0 && news.length > 0) break;
      state = events.reduce(rules.evolve, state);
      stored.push(...news);
      decided.push({ pending, events, state, end: stored.length, refusal: null });
    } catch (error) {
      decided.push({ pending, events: [], state, end: stored.length, refusal: { error } });
    }
  }
  return { base, decided, events: stored, state };
};

interface MailboxOptions<State, Event, Context> {
  readonly streamId: string;
  readonly rules: StreamRules<State, Event, Context>;
  readonly states: StreamStates<State, Event, Context>;
  readonly limits: BatchLimits;
  /** Called when no command is left; the next one finds a new mailbox. */
  readonly onIdle: () => void;
}

/** What a reply leads to is work for the whole process. After so many at once others have their turn. */
const REPLIES_PER_TURN = 8;

const isDefinite = ({ kind }: AppendOutcome): boolean => kind === 'ok' || kind === 'conflict';

/** The commands for one stream, in order of arrival: all that wait are decided together and stored by one append. */
export class Mailbox<State, Event, Context> {
  readonly #options: MailboxOptions<State, Event, Context>;
  #queue: PendingCommand<State, Event, Context>[] = [];

  constructor(options: MailboxOptions<State, Event, Context>) {
    this.#options = options;
  }

  holds(count: number): boolean {
    // Settled commands stay in the queue until their batch ends.
    return this.#queue.length >= count && this.#queue.filter(({ settled }) => !settled).length >= count;
  }

  add(pending: PendingCommand<State, Event, Context>): void {
    this.#queue.push(pending);
  }

  /** Resolves once every command has its answer. Never throws. */
  async run(): Promise<void> {
    while (this.#queue.length > 0) {
      await this.#round().catch((error: unknown) => {
        for (const pending of this.#queue) pending.reject(error);
      });
      this.#queue = this.#queue.filter((pending) => !pending.settled);
    }
    this.#options.onIdle();
  }

  async #round(): Promise<void> {
    // What arrives while the stream is read waits for the next round: nobody has looked for it in this read.
    const asked = [...this.#queue];
    const base = await this.#base(asked);
    const waiting = asked.filter((pending) => !pending.settled);
    if (waiting.length === 0) return;
    const batch = decideBatch(this.#options.rules, base, waiting, this.#options.limits);
    if (batch.events.length > 0) await this.#store(batch);
    else await this.#answer(batch);
  }

  async #base(asked: Pendings<State, Event, Context>): Promise<FoldedStream<State>> {
    const cached = this.#options.states.cached(this.#options.streamId);
    const retried = asked.filter((pending) => pending.retriedFrom !== undefined);
    if (cached !== undefined && retried.length === 0) return cached;
    const base = await this.#refresh();
    if (retried.length > 0) await this.#settleStored(retried, base);
    return base;
  }

  async #refresh(): Promise<FoldedStream<State>> {
    const asked = [...this.#queue];
    const stream = await this.#options.states.refresh(this.#options.streamId);
    for (const pending of asked) pending.fresh = true;
    return stream;
  }

  /**
   * Settles the commands that an earlier attempt has stored. What was stored after `base` was read does not matter
   * here: an append on top of `base` is then refused, and the next round finds it.
   */
  async #settleStored(
    retried: readonly PendingCommand<State, Event, Context>[],
    base: FoldedStream<State>,
  ): Promise<void> {
    const { rules, streamId } = this.#options;
    const from = Math.min(...retried.map((pending) => pending.retriedFrom ?? 0)) + 1;
    const ids = retried.map((pending) => pending.command.commandId);
    const found = await findCommands(rules.log, streamId, from, ids);
    for (const pending of retried) {
      const events = found.get(pending.command.commandId) ?? [];
      const last = events.at(-1);
      if (last === undefined) pending.sent = false;
      else if (last.revision <= base.revision) {
        const { position, revision } = last;
        pending.resolve({ state: base.state, events: events.map(rules.decode), position, revision });
      }
    }
  }

  /** Answers commands that change nothing, once a read after their arrival has shown that their state is current. */
  async #answer({ base, decided }: Batch<State, Event, Context>): Promise<void> {
    if (decided.some(({ pending }) => !pending.fresh)) {
      const current = await this.#refresh();
      if (current.eventId !== base.eventId) return; // There is news: the next round decides again.
    }
    const position = base.position ?? (await this.#options.rules.log.head());
    await this.#settleInTurns(decided, base, () => position);
  }

  async #store(batch: Batch<State, Event, Context>): Promise<void> {
    const { states, streamId } = this.#options;
    const stored = batch.decided.filter(({ events }) => events.length > 0).map(({ pending }) => pending);
    const anew = stored.some((pending) => pending.retriedFrom !== undefined);
    try {
      const outcome = await this.#append(batch, stored);
      if (outcome.kind === 'ok' && anew) this.#lookFor(batch, stored);
      else if (outcome.kind === 'ok') await this.#settleAll(batch, outcome.positions);
      else if (outcome.kind === 'conflict') await this.#afterConflict(batch, outcome.currentRevision);
      else throw writeError(outcome);
    } catch (error) {
      // Those that change nothing are decided again: they do not depend on this append.
      states.drop(streamId);
      for (const pending of stored) pending.reject(error);
    }
  }

  /**
   * The log compares ids, not data: what it has stored under the ids of a command that was tried before may be what the
   * earlier attempt decided. The next round reads the answer from the stream.
   */
  #lookFor({ base }: Batch<State, Event, Context>, stored: readonly PendingCommand<State, Event, Context>[]): void {
    for (const pending of stored) {
      pending.sent = true;
      pending.lookFrom(base.revision);
    }
  }

  async #append(
    { base, events }: Batch<State, Event, Context>,
    stored: readonly PendingCommand<State, Event, Context>[],
  ): Promise<AppendOutcome> {
    const { rules, streamId } = this.#options;
    // Each of several commands answers with the position of its own last event.
    const wanted = stored.length > 1 ? 'each' : 'last';
    const append = (): Promise<AppendOutcome> => rules.log.append(streamId, base.revision, events, wanted);
    for (const pending of stored) pending.sent = true;
    let outcome = await append().catch((error: unknown) => {
      for (const pending of stored) pending.sent = false; // The log has not even tried to store what it throws for.
      throw error;
    });
    if (outcome.kind === 'unknown') {
      for (const pending of stored) pending.lookFrom(base.revision);
      // After an unknown outcome only ok or conflict settles it: repeat the identical append until all deadlines end.
      for (let attempt = 0; !isDefinite(outcome) && stored.some(({ settled }) => !settled); attempt += 1) {
        await pause(backoffMs(attempt));
        outcome = await append();
      }
    } else for (const pending of stored) pending.sent = false;
    return outcome;
  }

  async #afterConflict({ base }: Batch<State, Event, Context>, currentRevision: number): Promise<void> {
    const { streamId } = this.#options;
    if (currentRevision < base.revision) {
      throw new LogReplaced(`${streamId} ends at ${currentRevision}, behind ${base.revision}: the log was replaced.`);
    }
    await this.#refresh();
  }

  async #settleAll(batch: Batch<State, Event, Context>, positions: readonly Position[]): Promise<void> {
    const { base, decided, events, state } = batch;
    const { rules, states, streamId } = this.#options;
    states.keep(streamId, {
      state,
      revision: base.revision + events.length,
      position: positions.at(-1) ?? base.position,
      eventId: events.at(-1)?.id ?? base.eventId,
      sinceSnapshot: base.sinceSnapshot + events.length,
      bytes: base.bytes + bytesOfAll(events),
    });
    // A command that changes nothing answers with the position of the events before it.
    const before = base.position ?? positions[0] ?? (await rules.log.head());
    // Counted from the last: of one command alone there is no other position.
    await this.#settleInTurns(decided, base, ({ end }) => positions.at(end - events.length - 1) ?? before);
  }

  async #settleInTurns(
    decided: readonly Decided<State, Event, Context>[],
    base: FoldedStream<State>,
    positionOf: (one: Decided<State, Event, Context>) => Position,
  ): Promise<void> {
    for (const { pending } of decided) pending.decided();
    for (const [index, one] of decided.entries()) {
      if (index > 0 && index % REPLIES_PER_TURN === 0) await nextTurn();
      this.#settle(one, base.revision + one.end, positionOf(one));
    }
  }

  #settle({ pending, ...one }: Decided<State, Event, Context>, revision: number, position: Position): void {
    const { refusal, state, events } = one;
    if (refusal !== null) pending.reject(refusal.error);
    else pending.resolve({ state, events, position, revision });
  }
}
