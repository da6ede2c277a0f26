import {
  type AccountState,
  type Credential,
  getKeyed,
  decide,
  issuesSecret,
  takesAccessAway,
  type AccountCommand,
  type AccountEvent,
  type CredentialType,
} from '@keyledger/domain';
import {
  type Call,
  notFound,
  pathId,
  Answer,
  credentialResource,
  CONFIG,
  CREDENTIAL_TYPES,
  timeFor,
  type Config,
} from '@keyledger/edge';
import { Injectable, Inject } from '@nestjs/common';
import { CommandBus, Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Executed, AccountStreams, requireTolerable } from './account-streams.js';
import { isFromBefore, type PreparedCommand } from './prepared-commands.js';
import { Receipts } from './receipts.js';
import type * as contract from '@keyledger/contract';
import { v4 as uuid } from 'uuid';
import { Catalogue } from './catalogue.js';

type PreparedAttempt = Pick<PreparedCommand, 'commandId' | 'credentialId'> & {
  /** Undefined for the time of now. */
  readonly at: string | undefined;
  /** For a repeat: the revision before the first attempt, which may have been stored after all. */
  readonly retriedFrom: number | undefined;
};

/** Carries one command of the rules to the account's stream. There is no other command class. */
export class ExecuteCommand extends Command<Executed> {
  constructor(
    readonly accountId: string,
    /** The command, or what makes it from the account as it stands. */
    readonly command: AccountCommand | ((state: AccountState, now: string) => AccountCommand),
    readonly call: Call,
    /** Set where the command was prepared before: the same id again gives the same ids of events. */
    readonly prepared?: PreparedAttempt,
  ) {
    super();
  }
}

const usesCatalogue: ReadonlySet<string> = new Set(['RegisterApplication', 'SetApplicationEndpoints']);

/**
 * The secret was made for an account as this process last knew it, and the rules decided on the account as it is: the
 * credential may be one that this process did not know of then, and has made no secret for.
 */
export class StalePreparation extends Error {}

const requireSecretOf = (credentialId: string | null, events: readonly AccountEvent[]): void => {
  for (const event of events) {
    if (issuesSecret(event) && (event.credentialId !== credentialId || event.digest.value === '')) {
      throw new StalePreparation();
    }
  }
};

@CommandHandler(ExecuteCommand)
export class ExecuteCommandHandler implements ICommandHandler<ExecuteCommand> {
  constructor(
    private readonly streams: AccountStreams,
    private readonly catalogue: Catalogue,
    @Inject(CREDENTIAL_TYPES) private readonly types: ReadonlyMap<string, CredentialType>,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ accountId, command, call, prepared }: ExecuteCommand): Promise<Executed> {
    const needsCatalogue = typeof command === 'object' && usesCatalogue.has(command.type);
    const knownEndpointIds = needsCatalogue ? await this.catalogue.connectableIds() : new Set<string>();
    const commandId = prepared?.commandId ?? uuid();
    const cause = { commandId, call, retriedFrom: prepared?.retriedFrom };
    return this.streams.submit(accountId, cause, (current) => {
      const now = prepared?.at ?? new Date().toISOString();
      const asked = typeof command === 'function' ? command(current, now) : command;
      const lastAt = current.phase === 'absent' ? null : current.lastAt;
      if (!takesAccessAway(asked)) requireTolerable(lastAt, this.config);
      const at = timeFor(lastAt, now);
      const conditional = call.ifMatch === undefined ? asked : { ...asked, expectedRevisions: call.ifMatch };
      const { types } = this;
      const { maxCredentials, maxApplications } = this.config;
      const events = decide(conditional, current, {
        ...{ at, now, types, knownEndpointIds },
        ...{ maxCredentials, maxApplications },
      });
      if (prepared !== undefined) requireSecretOf(prepared.credentialId, events);
      return events;
    });
  }
}

type Registered = Extract<AccountState, { phase: 'registered' }>;

/** The account that a command was executed on; without one the rules have refused the command before. */
export const registered = (state: AccountState): Registered => {
  if (state.phase === 'absent') throw notFound();
  return state;
};

export const credentialIn = (state: AccountState, credentialId: string): Credential => {
  const credential = getKeyed(registered(state).credentials, credentialId);
  if (credential === undefined) throw notFound();
  return credential;
};

/** Sends commands about the account of a call to its stream. */
@Injectable()
export class Commands {
  constructor(
    private readonly bus: CommandBus,
    private readonly receipts: Receipts,
  ) {}

  run(call: Call, command: ExecuteCommand['command'], accountId = accountOf(call)): Promise<Executed> {
    return this.bus.execute(new ExecuteCommand(accountId, command, call));
  }

  /**
   * `isRepeat` where an earlier attempt may have been stored. Twins that run at the same time decide with one time, so
   * that they give the same events: the log compares only ids. Later the time is that of now, or an overlap or a
   * lifetime that was asked for would be over before it began.
   */
  runPrepared(call: Call, prepared: PreparedCommand, isRepeat: boolean): Promise<Executed> {
    const { commandId, credentialId, command } = prepared;
    const isLate = isFromBefore(prepared);
    const attempt: PreparedAttempt = {
      ...{ commandId, credentialId },
      at: isLate ? undefined : prepared.at,
      retriedFrom: isRepeat || isLate ? prepared.revisionBefore : undefined,
    };
    return this.bus.execute(new ExecuteCommand(accountOf(call, command), command, call, attempt));
  }

  /** The answer to what was run, with what the verifiers know of it where the call waits for them. */
  answer<T extends contract.PositionReply>(call: Call, answer: Answer<T>): Promise<Answer<contract.WithReceipt<T>>> {
    return this.receipts.addTo(answer, call);
  }
}

/** The account that a call is about: that of its path, or the one that its command registers. */
export const accountOf = (call: Call, command?: AccountCommand): string =>
  command?.type === 'RegisterAccount' ? command.accountId : pathId(call, 'accountId');

/** The credential as it stands now, after the command. */
export const credentialAnswer = (executed: Executed, credentialId: string): Answer<contract.CredentialReply> => {
  const credential = credentialIn(executed.state, credentialId);
  const { position } = executed;
  const resource = credentialResource(credential, new Date().toISOString());
  return new Answer({ credential: resource, position }, position, credential.revision);
};
