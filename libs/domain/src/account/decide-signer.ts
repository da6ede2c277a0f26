import type { CommandOf } from './account-commands.js';
import type { Credential, RegisteredAccount } from './account-state.js';
import { statusAt } from './credential-status.js';
import { credentialOf, requireKnownType, type Decision, type DecisionContext } from './decision.js';
import { Rejection } from '../rejection.js';

/** Why webhooks cannot be signed with this credential, or undefined. */
const obstacle = (credential: Credential, at: string): string | undefined => {
  if (!credential.maySign) return `its type "${credential.credentialType}" may not sign`;
  const status = statusAt(credential, at);
  if (status !== 'active') return `it is ${status}`;
  return credential.expiresAt === null ? undefined : 'it has an expiry';
};

export const setWebhookSigner = (
  command: CommandOf<'SetWebhookSigner'>,
  state: RegisteredAccount,
  context: DecisionContext,
): Decision => {
  const credential = credentialOf(state, command.credentialId);
  requireKnownType(credential, 'made the webhook signer', context);
  if (credential.webhookSigner) return [];
  const reason = obstacle(credential, context.at);
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
