import type * as contract from '@keyledger/contract';
import { getKeyed, requireDeletable, type AccountState, type Credential, type CredentialType } from '@keyledger/domain';
import {
  Answer,
  type Call,
  FromCall,
  Input,
  keyManagers,
  Operation,
  pathId,
  PositionReplyWithReceiptSchema,
  RemovalSchema,
  Text,
  CREDENTIAL_TYPES,
} from '@keyledger/edge';
import { Controller, Inject, Injectable } from '@nestjs/common';
import { AccountStreams } from './account-streams.js';
import { accountOf, Commands, credentialIn } from './commands.js';
import { SealedSecrets } from './sealed-secrets.js';
import { deletionPhrases, type DeletionPhrases, type Keyring } from '@keyledger/secrets';
import { KEYRING } from './secret-generator.js';

class DeleteCredentialInput {
  @Text({
    max: 200,
    optional: true,
    nullable: true,
    description: 'The phrase of GET …/removal, where the type asks for it.',
  })
  confirmation?: string | null;
}

/** The phrases that are typed back to delete a credential. */
@Injectable()
export class RemovalPhrases {
  constructor(
    @Inject(CREDENTIAL_TYPES) private readonly types: ReadonlyMap<string, CredentialType>,
    @Inject(KEYRING) private readonly keyring: Keyring,
  ) {}

  /** Undefined where the type asks for none. Throws the Rejection of a deletion that no phrase would help. */
  forRemoval(accountId: string, credential: Credential, now: Date): DeletionPhrases | undefined {
    const { types } = this;
    requireDeletable(credential, { types, at: now.toISOString() });
    return this.of(accountId, credential, now.getTime());
  }

  /** Undefined where the type asks for none. */
  of(accountId: string, credential: Credential, nowMs: number): DeletionPhrases | undefined {
    if (this.types.get(credential.credentialType)?.allows.delete !== 'phrase') return undefined;
    const { credentialId, revision } = credential;
    return deletionPhrases(this.keyring.deletionPhraseKey, { accountId, credentialId, revision }, nowMs);
  }
}

const consequencesOf = (credential: Credential): readonly string[] => [
  'Every client that uses this credential loses access at once.',
  'Deletion cannot be undone, and the secret can never be shown again.',
  ...(credential.name === null ? [] : [`The name "${credential.name}" becomes free for another credential.`]),
  'Its history stays in the audit trail.',
];

/** Deleting a credential, and what one should know and type before. */
@Controller()
export class RemovalController {
  constructor(
    private readonly commands: Commands,
    private readonly streams: AccountStreams,
    private readonly sealed: SealedSecrets,
    private readonly phrases: RemovalPhrases,
  ) {}

  @Operation({
    http: 'GET /v1/accounts/:accountId/credentials/:credentialId/removal',
    rpc: 'CredentialService/GetRemoval',
    summary: 'What deletion means, and the phrase that it asks for',
    allow: keyManagers,
    reply: RemovalSchema,
    refuses: ['webhook-signer-in-use', 'not-supported-by-type', 'credential-still-valid'],
  })
  async removal(@FromCall() call: Call): Promise<Answer<contract.Removal>> {
    const { state, position } = await this.streams.readFor(call, accountOf(call));
    const credential = credentialIn(state, pathId(call, 'credentialId'));
    const now = new Date();
    const phrases = this.phrases.forRemoval(accountOf(call), credential, now);
    const body = {
      phrase: phrases?.current ?? null,
      expiresAt: phrases?.expiresAt ?? null,
      consequences: consequencesOf(credential),
    };
    return new Answer(body, position, credential.revision);
  }

  @Operation({
    http: 'DELETE /v1/accounts/:accountId/credentials/:credentialId',
    rpc: 'CredentialService/DeleteCredential',
    summary: 'Delete a credential for good',
    allow: keyManagers,
    input: DeleteCredentialInput,
    reply: PositionReplyWithReceiptSchema,
    unversioned: true,
    refuses: ['not-supported-by-type', 'webhook-signer-in-use', 'credential-still-valid', 'confirmation-mismatch'],
    waits: true,
  })
  async delete(
    @FromCall() call: Call,
    @Input() { confirmation }: DeleteCredentialInput,
  ): Promise<Answer<contract.WithReceipt<contract.PositionReply>>> {
    const credentialId = pathId(call, 'credentialId');
    const { position } = await this.commands.run(call, (state, now) => ({
      type: 'DeleteCredential',
      credentialId,
      confirmation: confirmation ?? null,
      acceptedPhrases: this.acceptedPhrases(accountOf(call), credentialId, state, now),
    }));
    await this.sealed.destroy(accountOf(call), credentialId);
    return this.commands.answer(call, new Answer({ position }, position));
  }

  private acceptedPhrases(
    accountId: string,
    credentialId: string,
    state: AccountState,
    now: string,
  ): readonly string[] {
    const credential = state.phase === 'absent' ? undefined : getKeyed(state.credentials, credentialId);
    return credential === undefined ? [] : (this.phrases.of(accountId, credential, Date.parse(now))?.accepted ?? []);
  }
}
