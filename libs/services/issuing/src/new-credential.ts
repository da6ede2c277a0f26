import { toId, type NewCredential, type RequestedFacts } from '@keyledger/domain';
import { v7 as uuidV7 } from 'uuid';
import type { CreateCredentialInput } from './credential.inputs.js';
import type { SecretMaterial } from './secret-material.js';

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
