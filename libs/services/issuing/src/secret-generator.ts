import type { Credential, CredentialType, Mode } from '@keyledger/domain';
import { CREDENTIAL_TYPES } from '@keyledger/edge';
import type { Keyring } from '@keyledger/secrets';
import { Inject, Injectable } from '@nestjs/common';
import { newMaterial, noMaterial, rotatedMaterial, type SecretMaterial } from './secret-material.js';
import { KEYRING } from './tokens.js';

/** Fresh secret material, and the type that says what it looks like. Undefined: the rules refuse the command. */
interface Generated {
  readonly type: CredentialType | undefined;
  readonly material: SecretMaterial;
}

/** Makes secrets as the credential types in force say. */
@Injectable()
export class SecretGenerator {
  private readonly apiAccessType: CredentialType;

  constructor(
    @Inject(CREDENTIAL_TYPES) private readonly types: ReadonlyMap<string, CredentialType>,
    @Inject(KEYRING) private readonly keyring: Keyring,
  ) {
    const type = [...types.values()].find(({ issuedBy }) => issuedBy === 'api-access');
    if (type === undefined) throw new Error('No credential type is issued by enabling API access.');
    this.apiAccessType = type;
  }

  forNew(typeName: string, mode: Mode | null): Generated {
    const type = this.types.get(typeName);
    return { type, material: type === undefined ? noMaterial : newMaterial(type, mode, this.keyring.currentPepper) };
  }

  forApiAccess(): Generated {
    return this.forNew(this.apiAccessType.type, null);
  }

  forNext(credential: Credential | undefined): Generated {
    const type = credential === undefined ? undefined : this.types.get(credential.credentialType);
    if (credential === undefined || type === undefined) return { type, material: noMaterial };
    const { mode, publicPart } = credential;
    return { type, material: rotatedMaterial(type, mode, publicPart, this.keyring.currentPepper) };
  }
}
