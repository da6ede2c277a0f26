import type { CredentialType, Mode, NewSecret } from '@keyledger/domain';
import {
  digestSecret,
  generatePublicId,
  generateToken,
  generateWebhookSecret,
  mask,
  type Pepper,
} from '@keyledger/secrets';

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
export const rotatedMaterial = (
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
export const newMaterial = (type: CredentialType, mode: Mode | null, pepper: Pepper): SecretMaterial => {
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
