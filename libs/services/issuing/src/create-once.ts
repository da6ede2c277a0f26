import type * as contract from '@keyledger/contract';
import { Answer, type Call } from '@keyledger/edge';
import { credentialAnswer, accountOf, Commands, registered, StalePreparation } from './commands.js';
import {
  absentAccount,
  getKeyed,
  issuesSecret,
  Rejection,
  statusAt,
  versionStateAt,
  type AccountCommand,
  type AccountState,
  type Credential,
  type CredentialType,
} from '@keyledger/domain';
import { RetainedSecrets } from '@keyledger/secrets';
import { Injectable } from '@nestjs/common';
import { v4 as uuid } from 'uuid';
import { AccountStreams, type Done, type Executed } from './account-streams.js';
import { isKeyed, PreparedCommands, showsSecret, type KeyedCall, type PreparedCommand } from './prepared-commands.js';
import { noMaterial, type SecretMaterial } from './secret-generator.js';

/** A command that creates something, with the secret of what it creates. */
export interface CreatingCommand {
  readonly command: AccountCommand;
  /** Null where the command creates no secret. */
  readonly credentialId: string | null;
  readonly type: CredentialType | undefined;
  readonly material: SecretMaterial;
}

/** For a command that creates no secret. */
export const withoutSecret = { credentialId: null, type: undefined, material: noMaterial } as const;

/** What the reply to such a command is made of. A repeat has the position of the first answer, and the state of now. */
export interface Issued {
  readonly executed: Executed;
  readonly command: AccountCommand;
  readonly credentialId: string | null;
  readonly secret: Readonly<Record<string, string | null>>;
  /** Why a repeat can no longer show its secret. */
  readonly secretUnavailable?: contract.SecretUnavailable | undefined;
  /** True for the answer to a repeat: a request with the same Idempotency-Key was there before. */
  readonly replayed: boolean;
}

/** Events that a repeat may read for nothing: about one batch of a busy account. */
const FAR = 256;

/** An account before a command. */
interface Before {
  readonly state: AccountState;
  readonly revision: number;
}

const preparedFrom = (fresh: CreatingCommand, revisionBefore: number): PreparedCommand => ({
  commandId: uuid(),
  at: new Date().toISOString(),
  command: fresh.command,
  credentialId: fresh.credentialId,
  digest: fresh.material.secret.digest.value,
  revisionBefore,
  retained: fresh.material.retained,
  shownPublic:
    fresh.type?.publicPart && fresh.material.publicPart !== null
      ? { [fresh.type.publicPart.field]: fresh.material.publicPart }
      : {},
  secretFields: Object.keys(fresh.material.shown),
  shown: fresh.material.shown,
});

const issued = ({ command, credentialId, shownPublic, shown }: PreparedCommand, executed: Executed): Issued => {
  const secret = { ...shownPublic, ...shown };
  return { executed, command, credentialId, secret, replayed: false };
};

const replayed = (
  prepared: PreparedCommand,
  executed: Executed,
  unavailable: contract.SecretUnavailable | undefined,
): Issued => {
  const first = { ...issued(prepared, executed), replayed: true };
  if (unavailable === undefined) return first;
  const hidden = Object.fromEntries(prepared.secretFields.map((field) => [field, null]));
  return { ...first, secret: { ...prepared.shownPublic, ...hidden }, secretUnavailable: unavailable };
};

/** Whether the secret of this version opens nothing any more: it was replaced, or the credential is no longer valid. */
const hasEnded = (credential: Credential, version: number, now: string): boolean => {
  const issuedThen = credential.versions.find((each) => each.version === version);
  if (issuedThen === undefined || versionStateAt(issuedThen, now) === 'ended') return true;
  const status = statusAt(credential, now);
  return status === 'revoked' || status === 'expired';
};

/** The credential, with its secret under `secret`. */
export const issuedAnswer = (issued: Issued): Answer<contract.IssuedCredentialReply> => {
  const { body, position, revision } = credentialAnswer(issued.executed, issued.credentialId ?? '');
  const { secret, secretUnavailable } = issued;
  const reply = { credential: body.credential, secret, secretUnavailable, position };
  return new Answer(reply, position, revision, issued.replayed);
};

const textOf = (shown: Readonly<Record<string, string>>, part: string): string => {
  const secret = shown[part];
  if (secret === undefined) throw new Error(`The secret has no part ${part}.`);
  return secret;
};

/** The version of the credential whose secret the events issued. */
const issuedVersion = ({ events }: Pick<Executed, 'events'>): number =>
  Math.max(0, ...events.map((event) => (issuesSecret(event) ? event.version : 0)));

/** Executes commands that create something, so that a repeat with the same Idempotency-Key creates nothing more. */
@Injectable()
export class CreateOnce {
  constructor(
    private readonly commands: Commands,
    private readonly streams: AccountStreams,
    private readonly preparedCommands: PreparedCommands,
    private readonly retained: RetainedSecrets,
  ) {}

  /** `body` is the request as its author meant it: the same key with another body is refused. */
  async run(call: Call, body: unknown, prepare: (state: AccountState) => CreatingCommand): Promise<Issued> {
    this.streams.requireWritable();
    try {
      return await this.attempt(call, body, prepare, await this.before(call));
    } catch (error) {
      if (!(error instanceof StalePreparation)) throw error;
    }
    // The refused attempt has read the account, so that the next one is prepared on what is there now.
    return this.run(call, body, prepare);
  }

  /** The account before the command, as far as this process knows. One that is about to be registered is not there. */
  private async before(call: Call): Promise<Before> {
    const { accountId } = call.path;
    if (accountId === undefined) return { state: absentAccount, revision: absentAccount.revision };
    return this.streams.peek(accountId);
  }

  private async attempt(
    call: Call,
    body: unknown,
    prepare: (state: AccountState) => CreatingCommand,
    before: Before,
  ): Promise<Issued> {
    const prepared = preparedFrom(prepare(before.state), before.revision);
    if (!isKeyed(call)) return issued(prepared, await this.execute(call, prepared, false));
    const kept = await this.preparedCommands.keep(call, body, prepared);
    // Of twins that come at the same time, the one that kept the command was first, whichever of them was stored.
    if (!kept.known) return { ...(await this.executeKeyed(call, prepared, false)), replayed: false };
    const done = await this.find(call, kept.prepared);
    if (done !== undefined) return this.repeat(kept.prepared, call, done);
    if (showsSecret(kept.prepared)) return this.executeKeyed(call, kept.prepared, true);
    // Never stored, and too old to show its secret: there is nothing to repeat.
    await this.preparedCommands.forget(call, kept.prepared.commandId);
    return this.run(call, body, prepare);
  }

  private async execute(call: Call, prepared: PreparedCommand, isRepeat: boolean): Promise<Executed> {
    const { retained, shown, credentialId } = prepared;
    const accountId = accountOf(call, prepared.command);
    // Before the append: an event whose secret is lost could not be mended, a secret without event is swept.
    if (retained.length > 0 && credentialId !== null && shown !== null) {
      await this.retained.put(
        retained.map((place) => ({ accountId, credentialId, ...place, secret: textOf(shown, place.part) })),
      );
    }
    return this.commands.runPrepared(call, prepared, isRepeat);
  }

  private async executeKeyed(call: KeyedCall, prepared: PreparedCommand, isRepeat: boolean): Promise<Issued> {
    let executed: Executed;
    try {
      executed = await this.execute(call, prepared, isRepeat);
    } catch (error) {
      if (!(error instanceof Rejection || error instanceof StalePreparation)) throw error;
      return this.repeatOrForget(call, prepared, error);
    }
    if (executed.events.length > 0) {
      await this.noteIfFar(call, prepared, executed);
      return { ...issued(prepared, executed), replayed: isRepeat };
    }
    // The rules found it done: a twin of this request, sent at the same time, was first.
    const done = await this.find(call, prepared);
    return done === undefined ? issued(prepared, executed) : this.repeat(prepared, call, done);
  }

  /** A repeat reads what came after the account was looked at: of others' events, which this process did not know. */
  private async noteIfFar(call: KeyedCall, prepared: PreparedCommand, { revision, events }: Executed): Promise<void> {
    const revisionBefore = revision - events.length;
    if (revisionBefore - prepared.revisionBefore < FAR) return;
    await this.preparedCommands.noteRevision(call, prepared.commandId, revisionBefore);
  }

  /** What is refused may be refused because a twin of this request was first. Else it is decided anew the next time. */
  private async repeatOrForget(call: KeyedCall, prepared: PreparedCommand, refusal: Error): Promise<Issued> {
    const done = await this.find(call, prepared);
    if (done !== undefined) return this.repeat(prepared, call, done);
    // A stale one is refused for good; what the rules refuse may be allowed to a twin a moment later.
    if (refusal instanceof StalePreparation) await this.preparedCommands.forget(call, prepared.commandId);
    else await this.preparedCommands.release(call, prepared.commandId);
    throw refusal;
  }

  private find(call: Call, { revisionBefore, commandId, command }: PreparedCommand): Promise<Done | undefined> {
    const accountId = accountOf(call, command);
    return command.type === 'RegisterAccount'
      ? this.streams.findRegistration(accountId, commandId)
      : this.streams.find(accountId, revisionBefore + 1, commandId);
  }

  /** Costs what a read of the account costs: the answer shows it as it stands now. */
  private async repeat(prepared: PreparedCommand, call: Call, done: Done): Promise<Issued> {
    const { state } = await this.streams.read(accountOf(call, prepared.command));
    return replayed(prepared, { ...done, state }, this.unavailable(prepared, state, issuedVersion(done)));
  }

  private unavailable(
    prepared: PreparedCommand,
    state: AccountState,
    version: number,
  ): contract.SecretUnavailable | undefined {
    if (prepared.credentialId === null) return undefined;
    const credential = getKeyed(registered(state).credentials, prepared.credentialId);
    if (credential === undefined) return 'ended';
    if (credential.acknowledgedVersion >= version) return 'acknowledged';
    if (hasEnded(credential, version, new Date().toISOString())) return 'ended';
    return showsSecret(prepared) ? undefined : 'expired';
  }
}
