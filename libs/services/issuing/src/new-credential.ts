import type { CredentialType, NewCredential } from '@keyledger/domain';
import type { Pepper } from '@keyledger/secrets';
import { v7 as uuidV7 } from 'uuid';
import type { CreateCredentialInput } from './credential.inputs.js';
import { newMaterial, noMaterial, type SecretMaterial } from './secret-material.js';

/** A request for a credential in one form, whichever door and with whatever left out: what a repeat must equal. */
export type CredentialRequest = Omit<NewCredential, 'credentialId' | 'publicPart' | 'secret'>;

export const requestOf = (input: CreateCredentialInput): CredentialRequest => ({
  credentialType: input.type,
  name: input.name ?? null,
  description: input.description ?? null,
  mode: input.mode ?? null,
  environment: input.environment ?? null,
  applicationId: input.applicationId ?? null,
  scopes: [...new Set(input.scopes ?? [])],
  expiresAt: input.expiresAt ?? null,
});

/** The request with an id and a secret. The rules refuse an unknown type, whose secret is a stand-in. */
export const newCredential = (
  request: CredentialRequest,
  type: CredentialType | undefined,
  pepper: Pepper,
): { readonly credential: NewCredential; readonly material: SecretMaterial } => {
  const material = type === undefined ? noMaterial : newMaterial(type, request.mode, pepper);
  const { publicPart, secret } = material;
  return { credential: { ...request, credentialId: `cred_${uuidV7()}`, publicPart, secret }, material };
};
