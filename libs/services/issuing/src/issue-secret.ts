import type * as contract from '@keyledger/contract';
import { Answer, type Call } from '@keyledger/edge';
import { credentialAnswer, accountOf, Commands, StalePreparation } from './commands.js';
import {
  getKeyed,
  issuesSecret,
  Rejection,
  type AccountCommand,
  type AccountState,
  type CredentialType,
} from '@keyledger/domain';
import { RetainedSecrets } from '@keyledger/secrets';
import { Injectable } from '@nestjs/common';
import { v4 as uuid } from 'uuid';
import { AccountStreams, type Executed } from './account-streams.js';
import {
  isKeyed,
  PreparedCommands,
  SECRET_SHOWN_MS,
  type KeyedCall,
  type PreparedCommand,
} from './prepared-commands.js';
import type { SecretMaterial } from './secret-generator.js';

/** A command that creates a secret, with the secret. */
export interface SecretCommand {
  readonly command: AccountCommand;
  /** Null where the command creates no secret after all. */
  readonly credentialId: string | null;
  readonly type: CredentialType | undefined;
  readonly material: SecretMaterial;
}

/** What the reply to such a command is made of. A repeat has the state and the position of the first answer. */
export interface Issued {
  readonly executed: Executed;
  readonly command: AccountCommand;
  readonly credentialId: string | null;
  readonly secret: Readonly<Record<string, string | null>>;
  /** Why a repeat can no longer show its secret. */
  readonly secretUnavailable?: 'acknowledged' | 'expired';
}

const preparedFrom = (fresh: SecretCommand, revisionBefore: number): PreparedCommand => ({
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

const issued = (
  prepared: PreparedCommand,
  executed: Executed,
  secretUnavailable?: Issued['secretUnavailable'],
): Issued => {
  const { command, credentialId, shownPublic, secretFields, shown } = prepared;
  const hidden = Object.fromEntries(secretFields.map((field) => [field, null]));
  const secret = { ...shownPublic, ...(secretUnavailable === undefined ? shown : hidden) };
  return { executed, command, credentialId, secret, secretUnavailable };
};

/** The credential, with its secret under `secret`. */
export const issuedAnswer = (issued: Issued): Answer<contract.IssuedCredentialReply> => {
  const { body, position, revision } = credentialAnswer(issued.executed, issued.credentialId ?? '');
  const { secret, secretUnavailable } = issued;
  return new Answer({ credential: body.credential, secret, secretUnavailable, position }, position, revision);
};

const textOf = (shown: Readonly<Record<string, string>>, part: string): string => {
  const secret = shown[part];
  if (secret === undefined) throw new Error(`The secret has no part ${part}.`);
  return secret;
};

/** The version of the credential whose secret the events issued. */
const issuedVersion = ({ events }: Executed): number =>
  Math.max(0, ...events.map((event) => (issuesSecret(event) ? event.version : 0)));

/** Executes commands that create a secret, so that a repeat with the same Idempotency-Key never loses it. */
@Injectable()
export class IssueSecret {
  constructor(
    private readonly commands: Commands,
    private readonly streams: AccountStreams,
    private readonly preparedCommands: PreparedCommands,
    private readonly retained: RetainedSecrets,
  ) {}

  /** `body` is the request as its author meant it: the same key with another body is refused. */
  async run(call: Call, body: unknown, prepare: (state: AccountState) => SecretCommand): Promise<Issued> {
    this.streams.requireWritable();
    try {
      return await this.attempt(call, body, prepare, await this.streams.peek(accountOf(call)));
    } catch (error) {
      if (!(error instanceof StalePreparation)) throw error;
    }
    // The refused attempt has read the account, so that the next one is prepared on what is there now.
    return this.run(call, body, prepare);
  }

  private async attempt(
    call: Call,
    body: unknown,
    prepare: (state: AccountState) => SecretCommand,
    before: { readonly state: AccountState; readonly revision: number },
  ): Promise<Issued> {
    const prepared = preparedFrom(prepare(before.state), before.revision);
    if (!isKeyed(call)) return issued(prepared, await this.execute(call, prepared, false));
    const kept = await this.preparedCommands.keep(call, body, prepared);
    if (!kept.known) return this.executeKeyed(call, prepared, false);
    const done = await this.find(call, kept.prepared);
    if (done !== undefined) return this.repeat(call, kept.prepared, done);
    if (kept.prepared.shown !== null) return this.executeKeyed(call, kept.prepared, true);
    // Never stored, and too old to show its secret: there is nothing to repeat.
    await this.preparedCommands.forget(call, kept.prepared.commandId);
    return this.run(call, body, prepare);
  }

  private async execute(call: Call, prepared: PreparedCommand, isRepeat: boolean): Promise<Executed> {
    const { retained, shown, credentialId } = prepared;
    const accountId = accountOf(call);
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
      if (error instanceof Rejection || error instanceof StalePreparation) {
        await this.preparedCommands.forget(call, prepared.commandId);
      }
      throw error;
    }
    if (executed.events.length > 0) return issued(prepared, executed);
    // The rules found it done: a twin of this request, sent at the same time, was first.
    const done = await this.find(call, prepared);
    return done === undefined ? issued(prepared, executed) : this.repeat(call, prepared, done);
  }

  private find(call: Call, { revisionBefore, commandId }: PreparedCommand): Promise<Executed | undefined> {
    return this.streams.find(accountOf(call), revisionBefore + 1, commandId);
  }

  private async repeat(call: Call, prepared: PreparedCommand, done: Executed): Promise<Issued> {
    const { state } = await this.streams.read(accountOf(call));
    const credential = state.phase === 'absent' ? undefined : getKeyed(state.credentials, prepared.credentialId ?? '');
    if (credential !== undefined && credential.acknowledgedVersion >= issuedVersion(done)) {
      return issued(prepared, done, 'acknowledged');
    }
    const expired = prepared.shown === null || Date.now() - Date.parse(prepared.at) > SECRET_SHOWN_MS;
    return issued(prepared, done, expired ? 'expired' : undefined);
  }
}
