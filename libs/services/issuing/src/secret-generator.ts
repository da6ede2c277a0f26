import {
  type Credential,
  type CredentialType,
  type Mode,
  type NewSecret,
  toId,
  type NewCredential,
  type RequestedFacts,
} from '@keyledger/domain';
import { CREDENTIAL_TYPES } from '@keyledger/edge';
import {
  type Keyring,
  digestSecret,
  generatePublicId,
  generateToken,
  generateWebhookSecret,
  mask,
  type Pepper,
} from '@keyledger/secrets';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidV7 } from 'uuid';
import type { CreateCredentialInput } from './credentials.controller.js';

/** A field of `shown` that has to be kept sealed; `reference` finds it again from what events hold. */
export interface RetainedPart {
  readonly part: string;
  readonly reference: string;
}

/** Freshly generated secret parts: what the reply shows, what events may know, what is kept sealed. */
export interface SecretMaterial {
  readonly publicPart: string | null;
  /** The secret fields of the reply, by the names of the type. */
  readonly shown: Readonly<Record<string, string>>;
  readonly secret: NewSecret;
  readonly maskedSalt: string;
  readonly retained: readonly RetainedPart[];
}

/** A salt has no digest in events: one belongs to each credential, and lives as long. */
export const SALT_REFERENCE = 'salt';

const generateSecret = (type: CredentialType, mode: Mode | null): string => {
  if (type.secretPart.format === 'webhook') return generateWebhookSecret();
  return generateToken(mode !== null && type.modes !== null ? type.modes[mode] : type.secretPart.prefix);
};

/** A new secret for an existing credential: its public part stays. */
const rotatedMaterial = (
  type: CredentialType,
  mode: Mode | null,
  publicPart: string | null,
  pepper: Pepper,
): SecretMaterial => {
  const text = generateSecret(type, mode);
  const digest = digestSecret(text, pepper);
  const { field } = type.secretPart;
  return {
    publicPart,
    shown: { [field]: text },
    secret: { digest, maskedSecret: mask(text) },
    maskedSalt: '',
    retained: type.retained ? [{ part: field, reference: digest.value }] : [],
  };
};

/** Everything for a new credential of the type. */
const newMaterial = (type: CredentialType, mode: Mode | null, pepper: Pepper): SecretMaterial => {
  const publicPart = type.publicPart === null ? null : generatePublicId(type.publicPart.prefix);
  const material = rotatedMaterial(type, mode, publicPart, pepper);
  if (type.saltField === null) return material;
  const salt = generateWebhookSecret();
  return {
    ...material,
    shown: { ...material.shown, [type.saltField]: salt },
    maskedSalt: mask(salt),
    retained: [...material.retained, { part: type.saltField, reference: SALT_REFERENCE }],
  };
};

/** Stands in where the type is unknown: the rules refuse such a command, so it is never stored or shown. */
export const noMaterial: SecretMaterial = {
  publicPart: null,
  shown: {},
  secret: { digest: { value: '', pepperVersion: 0 }, maskedSecret: '' },
  maskedSalt: '',
  retained: [],
};

/** The request in one form, whichever door and with whatever left out: what a repeat must equal. */
export const requestOf = (input: CreateCredentialInput): RequestedFacts => ({
  credentialType: input.type,
  name: input.name ?? null,
  description: input.description ?? null,
  mode: input.mode ?? null,
  environment: input.environment ?? null,
  applicationId: input.applicationId ?? null,
  scopes: [...new Set(input.scopes ?? [])],
  expiresAt: input.expiresAt ?? null,
});

/** The request with an id and a secret. */
export const newCredential = (request: RequestedFacts, { publicPart, secret }: SecretMaterial): NewCredential => ({
  ...request,
  credentialId: toId('credentialId', uuidV7()),
  publicPart,
  secret,
});

/** Injection token of the installation's keys. */
export const KEYRING = Symbol('keyring');

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
