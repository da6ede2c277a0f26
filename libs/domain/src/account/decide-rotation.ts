import type { Credential, CredentialVersion, RegisteredAccount } from './account-state.js';
import { currentVersion, newestVersionNumber, overlapVersionAt } from './credential-status.js';
import { credentialOf, requireAllowed, requireNotEnded, type Decide, type DecisionContext } from './decision.js';
import { instantOf, plusSeconds } from '../instants.js';
import { invalidField, Rejection } from '../rejection.js';

/** Seven days. */
const LONGEST_OVERLAP_SECONDS = 604_800;

const rotatable = (state: RegisteredAccount, credentialId: string, context: DecisionContext): Credential => {
  const credential = credentialOf(state, credentialId);
  requireAllowed(credential, 'rotate', context);
  requireNotEnded(credential, context.at);
  return credential;
};

interface Rotation {
  readonly credential: Credential;
  readonly current: CredentialVersion;
  readonly previous: CredentialVersion;
  readonly overlapEndsAt: string;
}

/** The rotation of a credential whose overlap has not ended at the time of the command. */
const rotationOf = (state: RegisteredAccount, credentialId: string, context: DecisionContext): Rotation => {
  const credential = rotatable(state, credentialId, context);
  const previous = overlapVersionAt(credential, context.at);
  const current = currentVersion(credential);
  if (typeof previous?.validUntil === 'string' && current !== undefined) {
    return { credential, current, previous, overlapEndsAt: previous.validUntil };
  }
  throw new Rejection('no-rotation-in-progress', 'The credential is not in a rotation: only one version is valid.');
};

/** An overlap must not outlive the credential. */
const requireBeforeExpiry = (field: string, overlapEndsAt: string, credential: Credential): void => {
  if (credential.expiresAt === null || overlapEndsAt <= credential.expiresAt) return;
  throw invalidField(field, `must end the overlap by the expiry of the credential, ${credential.expiresAt}`);
};

export const rotateCredential: Decide<'RotateCredential'> = (command, state, context) => {
  const { overlapSeconds } = command;
  const { digest, maskedSecret } = command.secret;
  const { at } = context;
  const credential = rotatable(state, command.credentialId, context);
  if (overlapVersionAt(credential, at) !== undefined) {
    throw new Rejection(
      'rotation-in-progress',
      'Two versions of the credential are valid already. Finish or cancel its rotation before the next one.',
    );
  }
  if (!Number.isInteger(overlapSeconds) || overlapSeconds < 0 || overlapSeconds > LONGEST_OVERLAP_SECONDS) {
    throw invalidField('overlapSeconds', `must be a whole number from 0 to ${LONGEST_OVERLAP_SECONDS}`);
  }
  const overlapEndsAt = plusSeconds(at, overlapSeconds);
  requireBeforeExpiry('overlapSeconds', overlapEndsAt, credential);
  const version = newestVersionNumber(credential) + 1;
  const { credentialId } = credential;
  return [{ type: 'CredentialRotated', credentialId, version, digest, maskedSecret, overlapEndsAt, at }];
};

export const changeRotation: Decide<'ChangeRotation'> = (command, state, context) => {
  const { at } = context;
  const { credential, current, overlapEndsAt: from } = rotationOf(state, command.credentialId, context);
  const to = instantOf('overlapEndsAt', command.overlapEndsAt);
  if (to === from) return [];
  if (to <= at)
    throw invalidField('overlapEndsAt', 'must be in the future; to end the overlap now, finish the rotation');
  const latest = plusSeconds(current.createdAt, LONGEST_OVERLAP_SECONDS);
  if (to > latest) throw invalidField('overlapEndsAt', `must be within seven days of the rotation, by ${latest}`);
  requireBeforeExpiry('overlapEndsAt', to, credential);
  const { credentialId } = credential;
  return [{ type: 'RotationExtended', credentialId, changes: { overlapEndsAt: { from, to } }, at }];
};

export const finishRotation: Decide<'FinishRotation'> = (command, state, context) => {
  // By the clock, as verifiers see it: in a stream that is ahead they may still take the old version.
  const { credential, previous } = rotationOf(state, command.credentialId, { ...context, at: context.now });
  const { credentialId } = credential;
  return [{ type: 'RotationFinished', credentialId, endedVersion: previous.version, at: context.at }];
};

export const cancelRotation: Decide<'CancelRotation'> = (command, state, context) => {
  const { credential, current, previous } = rotationOf(state, command.credentialId, context);
  const { credentialId } = credential;
  const versions = { endedVersion: current.version, restoredVersion: previous.version };
  return [{ type: 'RotationCancelled', credentialId, ...versions, at: context.at }];
};
