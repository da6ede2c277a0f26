import type { CommandOf } from './account-commands.js';
import type { Credential } from './account-state.js';
import { changesBetween } from '../changes.js';
import { newestVersionNumber, overlapVersionAt, statusAt } from './credential-status.js';
import {
  credentialOf,
  requireAllowed,
  requireKnownType,
  requireNotEnded,
  requireNotSigner,
  type Decide,
  type DecisionContext,
} from './decision.js';
import { instantOf } from '../instants.js';
import { invalidField, Rejection } from '../rejection.js';

/** Expired is final, a signer must not stop signing by itself, and an overlap must not outlive the credential. */
const requireNewExpiry = (credential: Credential, expiresAt: string | null, at: string): void => {
  requireNotEnded(credential, at);
  if (expiresAt === null) return;
  requireNotSigner(credential);
  if (expiresAt <= at) throw invalidField('expiresAt', 'must be in the future');
  const overlapEndsAt = overlapVersionAt(credential, at)?.validUntil ?? null;
  if (overlapEndsAt === null || overlapEndsAt <= expiresAt) return;
  throw invalidField('expiresAt', `must not be before the overlap of the rotation ends, ${overlapEndsAt}`);
};

export const updateCredential: Decide<'UpdateCredential'> = (command, state, context) => {
  const credential = credentialOf(state, command.credentialId);
  requireKnownType(credential, 'changed', context);
  const { description, scopes } = command;
  const expiresAt =
    typeof command.expiresAt === 'string' ? instantOf('expiresAt', command.expiresAt) : command.expiresAt;
  const changes = changesBetween(credential, { description, scopes, expiresAt });
  if (Object.keys(changes).length === 0) return [];
  // An expired credential may still be described, a revoked one is closed.
  if (credential.status === 'revoked') requireNotEnded(credential, context.at);
  if (changes.expiresAt !== undefined) requireNewExpiry(credential, changes.expiresAt.to, context.at);
  return [{ type: 'CredentialChanged', credentialId: credential.credentialId, changes, at: context.at }];
};

export const acknowledgeSecret: Decide<'AcknowledgeSecret'> = (command, state, context) => {
  const credential = credentialOf(state, command.credentialId);
  requireKnownType(credential, 'acknowledged', context);
  const version = newestVersionNumber(credential);
  if (version === credential.acknowledgedVersion) return [];
  return [{ type: 'SecretAcknowledged', credentialId: credential.credentialId, version, at: context.at }];
};

export const suspendCredential: Decide<'SuspendCredential'> = (command, state, context) => {
  const credential = credentialOf(state, command.credentialId);
  requireAllowed(credential, 'suspend', context);
  // By the clock, as verifiers see it: in a stream that is ahead it may still be valid for them.
  requireNotEnded(credential, context.now);
  if (credential.status === 'suspended') return [];
  requireNotSigner(credential);
  return [{ type: 'CredentialSuspended', credentialId: credential.credentialId, at: context.at }];
};

export const resumeCredential: Decide<'ResumeCredential'> = (command, state, context) => {
  const credential = credentialOf(state, command.credentialId);
  requireAllowed(credential, 'suspend', context);
  requireNotEnded(credential, context.at);
  if (credential.status === 'active') return [];
  return [{ type: 'CredentialResumed', credentialId: credential.credentialId, at: context.at }];
};

/** An expired credential may still be revoked: the log then says that nobody should have it. */
export const revokeCredential: Decide<'RevokeCredential'> = (command, state, context) => {
  const credential = credentialOf(state, command.credentialId);
  requireAllowed(credential, 'revoke', context);
  if (credential.status === 'revoked') return [];
  requireNotSigner(credential);
  const { credentialId, reason } = command;
  return [{ type: 'CredentialRevoked', credentialId, reason, at: context.at }];
};

const requireEnded = (credential: Credential, at: string): void => {
  const status = statusAt(credential, at);
  if (status === 'revoked' || status === 'expired') return;
  throw new Rejection(
    'credential-still-valid',
    `The credential is ${status}. Only a revoked or expired credential of this type can be deleted: revoke it first.`,
  );
};

const requirePhrase = (command: CommandOf<'DeleteCredential'>): void => {
  if (command.confirmation !== null && command.acceptedPhrases.includes(command.confirmation)) return;
  const message = 'must be the phrase that GET removal supplies, typed back while it is valid';
  throw new Rejection('confirmation-mismatch', `confirmation ${message}`, [{ field: 'confirmation', message }]);
};

/** Refuses what could not be deleted whatever was typed back, and tells whether a phrase has to be. */
export const requireDeletable = (
  credential: Credential,
  context: Pick<DecisionContext, 'types' | 'at'>,
): { readonly asksPhrase: boolean } => {
  const allowed = requireAllowed(credential, 'delete', context);
  requireNotSigner(credential);
  if (allowed === 'ended') requireEnded(credential, context.at);
  return { asksPhrase: allowed === 'phrase' };
};

export const deleteCredential: Decide<'DeleteCredential'> = (command, state, context) => {
  const credential = credentialOf(state, command.credentialId);
  if (requireDeletable(credential, context).asksPhrase) requirePhrase(command);
  return [{ type: 'CredentialDeleted', credentialId: credential.credentialId, at: context.at }];
};

/** Why webhooks cannot be signed with this credential, or undefined. */
const signingObstacle = (credential: Credential, at: string): string | undefined => {
  if (!credential.maySign) return `its type "${credential.credentialType}" may not sign`;
  const status = statusAt(credential, at);
  if (status !== 'active') return `it is ${status}`;
  return credential.expiresAt === null ? undefined : 'it has an expiry';
};

export const setWebhookSigner: Decide<'SetWebhookSigner'> = (command, state, context) => {
  const credential = credentialOf(state, command.credentialId);
  requireKnownType(credential, 'made the webhook signer', context);
  if (credential.webhookSigner) return [];
  const reason = signingObstacle(credential, context.at);
  if (reason !== undefined) {
    throw new Rejection(
      'may-not-sign',
      `The credential cannot sign webhooks: ${reason}. Choose an active one without expiry whose type may sign.`,
    );
  }
  const { credentialId } = credential;
  const previousCredentialId = state.facts.signerId;
  return [{ type: 'WebhookSecretAssigned', credentialId, previousCredentialId, at: context.at }];
};
