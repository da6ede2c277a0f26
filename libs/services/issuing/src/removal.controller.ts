import type * as contract from '@keyledger/contract';
import { Rejection, type AccountState, type Credential, type CredentialType } from '@keyledger/domain';
import {
  AcknowledgedWrites,
  CREDENTIAL_TYPES,
  EVENT_LOG,
  FromCall,
  Input,
  keyManagers,
  Operation,
  PositionReplySchema,
  ReadGate,
  RemovalSchema,
  type Answer,
  type Call,
} from '@keyledger/edge';
import type { EventLog, Position } from '@keyledger/event-log';
import { deletionPhrases, type Keyring } from '@keyledger/secrets';
import { Controller, Inject } from '@nestjs/common';
import { AccountStreams } from './account-streams.js';
import { accountOf, Commands, credentialIn, pathId } from './commands.js';
import { DeleteCredentialInput } from './credential.inputs.js';
import { SecretDestruction } from './secret-destruction.js';
import { KEYRING } from './tokens.js';

const consequencesOf = (credential: Credential): readonly string[] => [
  'Every client that uses this credential loses access at once.',
  'Deletion cannot be undone, and the secret can never be shown again.',
  ...(credential.name === null ? [] : [`The name "${credential.name}" becomes free for another credential.`]),
  'Its history stays in the audit trail.',
];

/** Deleting a credential, and what one should know and type before. */
@Controller()
export class RemovalController {
  private readonly gate: ReadGate;

  constructor(
    private readonly commands: Commands,
    private readonly streams: AccountStreams,
    private readonly destruction: SecretDestruction,
    @Inject(CREDENTIAL_TYPES) private readonly types: ReadonlyMap<string, CredentialType>,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(EVENT_LOG) log: EventLog,
    acknowledged: AcknowledgedWrites,
  ) {
    // The log itself is what this read is made from, so it is as fresh as can be.
    const progress = {
      checkpoint: () => log.head(),
      waitForPosition: async (least: Position) => (await log.head()) >= least,
    };
    this.gate = new ReadGate(log.logId, progress, acknowledged);
  }

  @Operation({
    http: 'GET /v1/accounts/:accountId/credentials/:credentialId/removal',
    rpc: 'CredentialService/GetRemoval',
    summary: 'What deletion means, and the phrase that it asks for',
    allow: keyManagers,
    reply: RemovalSchema,
  })
  async removal(@FromCall() call: Call): Promise<Answer<contract.Removal>> {
    const position = await this.gate.ready(call, accountOf(call));
    const { state } = await this.streams.read(accountOf(call));
    const credential = credentialIn(state, pathId(call, 'credentialId'));
    if (credential.webhookSigner) {
      throw new Rejection('webhook-signer-in-use', 'This secret signs the webhooks. Let another one sign first.');
    }
    const asksPhrase = this.types.get(credential.credentialType)?.allows.delete === 'phrase';
    const phrases = asksPhrase ? this.phrasesFor(accountOf(call), credential, Date.now()) : undefined;
    const body = {
      phrase: phrases?.current ?? null,
      expiresAt: phrases?.expiresAt ?? null,
      consequences: consequencesOf(credential),
    };
    return { body, position, revision: credential.revision };
  }

  @Operation({
    http: 'DELETE /v1/accounts/:accountId/credentials/:credentialId',
    rpc: 'CredentialService/DeleteCredential',
    summary: 'Delete a credential for good',
    allow: keyManagers,
    input: DeleteCredentialInput,
    reply: PositionReplySchema,
  })
  async delete(
    @FromCall() call: Call,
    @Input() { confirmation }: DeleteCredentialInput,
  ): Promise<Answer<contract.PositionReply>> {
    const credentialId = pathId(call, 'credentialId');
    const { position } = await this.commands.run(call, (state, at) => ({
      type: 'DeleteCredential',
      credentialId,
      confirmation: confirmation ?? null,
      acceptedPhrases: this.acceptedPhrases(accountOf(call), credentialId, state, at),
    }));
    await this.destruction.destroy(accountOf(call), credentialId);
    return { body: { position }, position };
  }

  private acceptedPhrases(accountId: string, credentialId: string, state: AccountState, at: string): readonly string[] {
    const credential = state.phase === 'absent' ? undefined : credentialIn(state, credentialId);
    return credential === undefined ? [] : this.phrasesFor(accountId, credential, Date.parse(at)).accepted;
  }

  private phrasesFor(accountId: string, { credentialId, revision }: Credential, nowMs: number) {
    return deletionPhrases(this.keyring.deletionPhraseKey, { accountId, credentialId, revision }, nowMs);
  }
}
