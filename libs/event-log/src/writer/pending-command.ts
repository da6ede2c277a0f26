import { LogUnavailable, type AppendOutcome } from '../event-log.js';
import type { CommandResult, StreamCommand } from './stream-rules.js';

/** Nobody knows whether the command was stored. The same command, with the same id, may be submitted again. */
export class OutcomeUnknown extends Error {
  constructor(reason: string) {
    super(`It is not known whether the change was stored (${reason}): repeat it with the same id.`);
    this.name = 'OutcomeUnknown';
  }
}

/** Nothing was stored: the log has no space left. */
export class StorageFull extends Error {
  constructor(reason: string) {
    super(`The event log has no space left: ${reason}`);
    this.name = 'StorageFull';
  }
}

/** Nothing was stored: too many commands wait for this stream. */
export class TooBusy extends Error {
  constructor() {
    super('Too many commands wait for this stream: try again in a moment.');
    this.name = 'TooBusy';
  }
}

type Failure = Exclude<AppendOutcome, { kind: 'ok' | 'conflict' }>;

export const writeError = ({ kind, reason }: Failure): Error => {
  switch (kind) {
    case 'unknown':
      return new OutcomeUnknown(reason);
    case 'unavailable':
      return new LogUnavailable(`Nothing was stored: ${reason}.`);
    case 'storage-full':
      return new StorageFull(reason);
  }
};

interface Reply<State, Event> {
  readonly resolve: (result: CommandResult<State, Event>) => void;
  readonly reject: (error: Error) => void;
}

/** A command on its way, from `submit` to its one answer, which it gets by its deadline. */
export class PendingCommand<State, Event, Context> {
  /** An append that holds it may have been stored. */
  sent = false;
  /** The stream was read after it was submitted, so that even an answer without an append is not stale. */
  fresh = false;
  retriedFrom: number | undefined;
  #settled = false;
  readonly #timer: NodeJS.Timeout;

  constructor(
    readonly command: StreamCommand<State, Event, Context>,
    private readonly reply: Reply<State, Event>,
    deadlineMs: number,
  ) {
    this.retriedFrom = command.retriedFrom;
    this.#timer = setTimeout(() => {
      const reason = `no answer within ${deadlineMs} ms`;
      this.reject(new LogUnavailable(`Nothing was stored: ${reason}.`));
    }, deadlineMs);
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Its outcome is certain, and its reply follows: the deadline can no longer change it. */
  decided(): void {
    this.#settle();
  }

  resolve(result: CommandResult<State, Event>): void {
    this.#settle();
    this.reply.resolve(result);
  }

  /** What may have been stored is never reported as failed. */
  reject(error: unknown): void {
    this.#settle();
    const cause = error instanceof Error ? error : new Error(String(error));
    this.reply.reject(this.sent && !(cause instanceof OutcomeUnknown) ? new OutcomeUnknown(cause.message) : cause);
  }

  /** An attempt on top of `revision` may have been stored: from now on its events are looked for first. */
  lookFrom(revision: number): void {
    this.retriedFrom = Math.min(this.retriedFrom ?? revision, revision);
  }

  #settle(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
  }
}
