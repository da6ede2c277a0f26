import type { Credential, CredentialType } from '@keyledger/domain';
import { CREDENTIAL_TYPES } from '@keyledger/edge';
import { deletionPhrases, type DeletionPhrases, type Keyring } from '@keyledger/secrets';
import { Inject, Injectable } from '@nestjs/common';
import { KEYRING } from './tokens.js';

/** The phrases that are typed back to delete a credential. */
@Injectable()
export class RemovalPhrases {
  constructor(
    @Inject(CREDENTIAL_TYPES) private readonly types: ReadonlyMap<string, CredentialType>,
    @Inject(KEYRING) private readonly keyring: Keyring,
  ) {}

  /** Undefined where the type asks for none. */
  of(accountId: string, credential: Credential, nowMs: number): DeletionPhrases | undefined {
    if (this.types.get(credential.credentialType)?.allows.delete !== 'phrase') return undefined;
    const { credentialId, revision } = credential;
    return deletionPhrases(this.keyring.deletionPhraseKey, { accountId, credentialId, revision }, nowMs);
  }
}
