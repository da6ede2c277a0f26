import { toId, type NewCredential } from '@keyledger/domain';
import { v7 as uuidV7 } from 'uuid';
import type { CreateCredentialInput } from './credential.inputs.js';
import type { SecretMaterial } from './secret-material.js';

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

/** The request with an id and a secret. */
export const newCredential = (request: CredentialRequest, { publicPart, secret }: SecretMaterial): NewCredential => ({
  ...request,
  credentialId: toId('credentialId', uuidV7()),
  publicPart,
  secret,
});
