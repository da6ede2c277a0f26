import { accountStream, type AccountEvent, type AccountState } from '@keyledger/domain';
import {
  accountStreamRules,
  CONFIG,
  decodeAccountEvent,
  EVENT_LOG,
  LogGate,
  Problem,
  type Call,
  type CommandCause,
  type Config,
} from '@keyledger/edge';
import {
  findCommands,
  LogReadOnly,
  StreamWriter,
  type CommandResult,
  type EventLog,
  type Position,
} from '@keyledger/event-log';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PostgresSnapshots } from './postgres-snapshots.js';

/** Refuses to go on in a stream that is too far ahead of this clock: everything in it would be from the future. */
export const requireTolerable = (lastAt: string | null, { clockToleranceSeconds }: Config): void => {
  if (lastAt === null) return;
  const untilMs = Date.parse(lastAt) - clockToleranceSeconds * 1000;
  const waitMs = untilMs - Date.now();
  if (waitMs <= 0) return;
  const detail = [
    `The last event of this stream is of ${lastAt}, which is ahead of the clock of this server.`,
    `Until ${new Date(untilMs).toISOString()} only what takes access away is done.`,
    'If this clock is wrong, set it; if not, an operator can raise KEYLEDGER_CLOCK_TOLERANCE_SECONDS.',
  ];
  throw new Problem('clock-skew', detail.join(' '), [], { 'Retry-After': String(Math.ceil(waitMs / 1000)) });
};

/** What a command did, and where the last event of that stands. */
export interface Done {
  readonly events: readonly AccountEvent[];
  readonly position: Position;
  /** Of the stream with these events in it. */
  readonly revision: number;
}

/** What became of a command, with the account as the command left it. */
export interface Executed extends Done {
  readonly state: AccountState;
}

type Readable = Pick<EventLog, 'readStream'>;

/** The log with no more of a stream than the first page of what is asked for. */
const firstPages = (log: EventLog): Readable => ({
  async *readStream(streamId, fromRevision) {
    for await (const page of log.readStream(streamId, fromRevision)) {
      yield page;
      return;
    }
  },
});

/** The accounts as their streams tell them, and the one way to append to them. */
@Injectable()
export class AccountStreams implements OnApplicationShutdown {
  private readonly writer: StreamWriter<AccountState, AccountEvent, CommandCause>;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CONFIG) private readonly config: Config,
    private readonly gate: LogGate,
    snapshots: PostgresSnapshots,
  ) {
    this.writer = new StreamWriter(accountStreamRules(log, snapshots));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writer.close();
  }

  /** How far the clocks of those who write here may be apart. */
  get clockToleranceMs(): number {
    return this.config.clockToleranceSeconds * 1000;
  }

  /** Position of the last event of the log. */
  head(): Promise<Position> {
    return this.log.head();
  }

  /** For what stores something before it appends. Throws LogReadOnly where an append would. */
  requireWritable(): void {
    if (this.config.readOnly) throw new LogReadOnly();
  }

  async submit(
    accountId: string,
    cause: CommandCause & { readonly retriedFrom?: number },
    decide: (state: AccountState) => readonly AccountEvent[],
  ): Promise<CommandResult<AccountState, AccountEvent>> {
    const { commandId, retriedFrom } = cause;
    const command = { commandId, context: cause, decide, retriedFrom };
    const result = await this.writer.submit(this.streamOf(accountId), command);
    this.gate.acknowledged.note(accountId, result.position);
    return result;
  }

  /** The account for a reader, as fresh as the call demands. */
  async readFor(call: Call, accountId: string): Promise<{ readonly state: AccountState; readonly position: Position }> {
    const position = await this.gate.ready(call, accountId);
    return { ...(await this.read(accountId)), position };
  }

  /** The account as it stands in the log now. */
  read(accountId: string): Promise<{ readonly state: AccountState; readonly revision: number }> {
    return this.writer.read(this.streamOf(accountId));
  }

  /** The account as this process last knew it: good enough to prepare a command, not to answer a question. */
  peek(accountId: string): Promise<{ readonly state: AccountState; readonly revision: number }> {
    return this.writer.peek(this.streamOf(accountId));
  }

  /** What the command did, if it is in the stream at `fromRevision` or later. Reads no further than it must. */
  find(accountId: string, fromRevision: number, commandId: string): Promise<Done | undefined> {
    return this.findIn(this.log, accountId, fromRevision, commandId);
  }

  /** The same for a command that registers the account: it is at the start of the stream, or nowhere. */
  findRegistration(accountId: string, commandId: string): Promise<Done | undefined> {
    return this.findIn(firstPages(this.log), accountId, 0, commandId);
  }

  private async findIn(
    log: Readable,
    accountId: string,
    fromRevision: number,
    commandId: string,
  ): Promise<Done | undefined> {
    const found = await findCommands(log, this.streamOf(accountId), fromRevision, [commandId]);
    const recorded = found.get(commandId) ?? [];
    const last = recorded.at(-1);
    return last && { events: recorded.map(decodeAccountEvent), position: last.position, revision: last.revision };
  }

  private streamOf(accountId: string): string {
    return accountStream(this.config.streamPrefix, accountId);
  }
}
