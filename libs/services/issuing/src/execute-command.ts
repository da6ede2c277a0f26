import {
  decide,
  issuesSecret,
  type AccountCommand,
  type AccountEvent,
  type AccountState,
  type CredentialType,
} from '@keyledger/domain';
import { CONFIG, CREDENTIAL_TYPES, type Call, type Config } from '@keyledger/edge';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v4 as uuid } from 'uuid';
import { AccountStreams, type Executed } from './account-streams.js';
import { Catalogue } from './catalogue.js';
import { timeFor } from './command-time.js';
import type { PreparedCommand } from './prepared-commands.js';

type PreparedAttempt = Pick<PreparedCommand, 'commandId' | 'at' | 'credentialId'> & {
  /** For a repeat: the revision before the first attempt, which may have been stored after all. */
  readonly retriedFrom?: number;
};

/** Carries one command of the rules to the account's stream. There is no other command class. */
export class ExecuteCommand extends Command<Executed> {
  constructor(
    readonly accountId: string,
    /** The command, or what makes it from the account as it stands. */
    readonly command: AccountCommand | ((state: AccountState, at: string) => AccountCommand),
    readonly call: Call,
    /** Set where the command was prepared before: the same id and time again give the same events. */
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
    let at = '';
    const cause = { commandId, call, retriedFrom: prepared?.retriedFrom };
    const { state, events, position } = await this.streams.submit(accountId, cause, (current) => {
      at = timeFor(current.phase === 'absent' ? null : current.lastAt, prepared?.at);
      const asked = typeof command === 'function' ? command(current, at) : command;
      const conditional = call.ifMatch === undefined ? asked : { ...asked, expectedRevisions: call.ifMatch };
      const { types } = this;
      const { maxCredentials } = this.config;
      const events = decide(conditional, current, { at, types, knownEndpointIds, maxCredentials });
      if (prepared !== undefined) requireSecretOf(prepared.credentialId, events);
      return events;
    });
    // An attempt that was stored before is not decided again.
    return { state, events, position, at: events[0]?.at ?? at };
  }
}
