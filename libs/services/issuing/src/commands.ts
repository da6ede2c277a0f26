import { type AccountState, type Credential, getKeyed } from '@keyledger/domain';
import { type Call, notFound, pathId, Answer, credentialResource } from '@keyledger/edge';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Executed } from './account-streams.js';
import { ExecuteCommand } from './execute-command.js';
import type { PreparedCommand } from './prepared-commands.js';
import type * as contract from '@keyledger/contract';
import type { Issued } from './issue-secret.js';

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
  constructor(private readonly bus: CommandBus) {}

  run(call: Call, command: ExecuteCommand['command'], accountId = accountOf(call)): Promise<Executed> {
    return this.bus.execute(new ExecuteCommand(accountId, command, call));
  }

  /** `isRepeat` where an earlier attempt may have been stored. */
  runPrepared(call: Call, prepared: PreparedCommand, isRepeat: boolean): Promise<Executed> {
    const retriedFrom = isRepeat ? prepared.revisionBefore : undefined;
    return this.bus.execute(new ExecuteCommand(accountOf(call), prepared.command, call, { ...prepared, retriedFrom }));
  }
}

export const accountOf = (call: Call): string => pathId(call, 'accountId');

/** The credential as the command left it, at the time of the command. */
export const credentialAnswer = (executed: Executed, credentialId: string): Answer<contract.CredentialReply> => {
  const credential = credentialIn(executed.state, credentialId);
  const { position, at } = executed;
  return new Answer({ credential: credentialResource(credential, at), position }, position, credential.revision);
};

/** Present only in the reply to a repeat that can no longer show its secret. */
export const unavailability = ({ secretUnavailable }: Issued): Pick<Issued, 'secretUnavailable'> =>
  secretUnavailable === undefined ? {} : { secretUnavailable };

/** The credential, with its secret under `secret`. */
export const issuedAnswer = (issued: Issued): Answer<contract.IssuedCredentialReply> => {
  const { body, position, revision } = credentialAnswer(issued.executed, issued.credentialId ?? '');
  const { credential } = body;
  return new Answer({ credential, secret: issued.secret, ...unavailability(issued), position }, position, revision);
};
