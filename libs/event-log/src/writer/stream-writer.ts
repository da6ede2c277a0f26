import { LogUnavailable, type Position } from '../event-log.js';
import { Mailbox, type BatchLimits } from './mailbox.js';
import { PendingCommand, TooBusy } from './pending-command.js';
import type { CommandResult, StreamCommand, StreamRules } from './stream-rules.js';
import { StreamStates } from './stream-states.js';

interface WriterLimits extends BatchLimits {
  /** Commands that may wait for one stream. */
  readonly mailboxCommands: number;
  /** Within this time every command has its answer. */
  readonly deadlineMs: number;
  /** Of all cached states together. A state that is larger by itself is cached alone. */
  readonly cacheBytes: number;
}

const LIMITS: WriterLimits = {
  batchEvents: 200,
  batchBytes: 524_288,
  mailboxCommands: 1_000,
  deadlineMs: 10_000,
  cacheBytes: 200_000_000,
};

/**
 * The way to change streams of one kind: commands for a stream are decided in order on its current state, and stored
 * with the exact expected revision, so that the rules hold whoever else writes.
 */
export class StreamWriter<State, Event, Context> {
  readonly #rules: StreamRules<State, Event, Context>;
  readonly #limits: WriterLimits;
  readonly #states: StreamStates<State, Event, Context>;
  readonly #mailboxes = new Map<string, Mailbox<State, Event, Context>>();
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  constructor(rules: StreamRules<State, Event, Context>, limits: Partial<WriterLimits> = {}) {
    this.#rules = rules;
    this.#limits = { ...LIMITS, ...limits };
    this.#states = new StreamStates(rules, this.#limits.cacheBytes);
  }

  /**
   * Settles by the deadline. Rejects with what `decide` threw, or with LogUnavailable, StorageFull or TooBusy (nothing
   * was stored), or with OutcomeUnknown (submit it again with the same id and `retriedFrom`).
   */
  async submit(streamId: string, command: StreamCommand<State, Event, Context>): Promise<CommandResult<State, Event>> {
    if (this.#closed) throw new LogUnavailable('Nothing was stored: this process is stopping.');
    const mailbox = this.#mailboxOf(streamId);
    if (mailbox.holds(this.#limits.mailboxCommands)) throw new TooBusy();
    return new Promise((resolve, reject) => {
      mailbox.add(new PendingCommand(command, { resolve, reject }, this.#limits.deadlineMs));
    });
  }

  /** The state as it is now, whoever wrote it; of a stream that does not exist, the initial one and the log's head. */
  async read(streamId: string): Promise<{ state: State; revision: number; position: Position }> {
    const { state, revision, position } = await this.#states.refresh(streamId);
    return { state, revision, position: position ?? (await this.#rules.log.head()) };
  }

  /** The state as this process last knew it, read only if it knows none: to prepare a command, not to answer with. */
  async peek(streamId: string): Promise<{ state: State; revision: number }> {
    return this.#states.cached(streamId) ?? this.#states.refresh(streamId);
  }

  /** Refuses new commands and waits for the answers to all others, and for snapshots under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#running);
    await this.#states.close();
  }

  #mailboxOf(streamId: string): Mailbox<State, Event, Context> {
    const existing = this.#mailboxes.get(streamId);
    if (existing !== undefined) return existing;
    const mailbox: Mailbox<State, Event, Context> = new Mailbox({
      streamId,
      rules: this.#rules,
      states: this.#states,
      limits: this.#limits,
      onIdle: () => this.#mailboxes.delete(streamId),
    });
    this.#mailboxes.set(streamId, mailbox);
    this.#track(mailbox);
    return mailbox;
  }

  #track(mailbox: Mailbox<State, Event, Context>): void {
    // It starts in a later microtask, with all commands of this turn.
    const running: Promise<void> = Promise.resolve()
      .then(() => mailbox.run())
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}
