import { decide, type AccountCommand, type AccountState, type CredentialType } from '@keyledger/domain';
import { CONFIG, CREDENTIAL_TYPES, type Call, type Config } from '@keyledger/edge';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v4 as uuid } from 'uuid';
import { AccountStreams, type Executed } from './account-streams.js';
import { Catalogue } from './catalogue.js';
import { timeFor } from './command-time.js';

/** Carries one command of the rules to the account's stream. There is no other command class. */
export class ExecuteCommand extends Command<Executed> {
  constructor(
    readonly accountId: string,
    /** The command, or what makes it from the account as it stands. */
    readonly command: AccountCommand | ((state: AccountState, at: string) => AccountCommand),
    readonly call: Call,
    /** Set where the command was prepared before: the same id and time again give the same events. */
    readonly prepared?: { readonly commandId: string; readonly at: string },
  ) {
    super();
  }
}

const usesCatalogue: ReadonlySet<string> = new Set(['RegisterApplication', 'SetApplicationEndpoints']);

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
    const { state, events, position } = await this.streams.submit(accountId, { commandId, call }, (current) => {
      at = timeFor(current.phase === 'absent' ? null : current.lastAt, prepared?.at ?? new Date().toISOString());
      const asked = typeof command === 'function' ? command(current, at) : command;
      const conditional = call.ifMatch === undefined ? asked : { ...asked, expectedRevisions: call.ifMatch };
      const { types } = this;
      return decide(conditional, current, { at, types, knownEndpointIds, maxCredentials: this.config.maxCredentials });
    });
    return { state, events, position, at };
  }
}
