import type { CommandOf, CommandType } from './account-commands.js';
import type { AccountEvent } from './events.js';
import type { Application, Credential, RegisteredAccount, WebhookEndpoint } from './account-state.js';
import { statusAt } from './credential-status.js';
import type { CredentialType } from '../types/credential-type.js';
import { getKeyed } from '../keyed.js';
import { Rejection } from '../rejection.js';

/** What the rules know beside the account itself. Everything that is not pure comes in here or with the command. */
export interface DecisionContext {
  /** The time of the command, never earlier than the last event of the account's stream. */
  readonly at: string;
  /** The time by the clock of the command: earlier than `at` where the stream is ahead of it. */
  readonly now: string;
  readonly types: ReadonlyMap<string, CredentialType>;
  /** The endpoints of the catalogue that an application may connect. */
  readonly knownEndpointIds: ReadonlySet<string>;
  /** How many undeleted credentials an account may hold in all. */
  readonly maxCredentials: number;
  /** How many applications an account may hold. */
  readonly maxApplications: number;
}

/** The events that make a command true, in order; none if it is true already. */
export type Decision = readonly AccountEvent[];

/** The rules of one command. Throws a Rejection where they refuse it. */
export type Decide<T extends CommandType> = (
  command: CommandOf<T>,
  state: RegisteredAccount,
  context: DecisionContext,
) => Decision;

export const credentialOf = (state: RegisteredAccount, credentialId: string): Credential => {
  const credential = getKeyed(state.credentials, credentialId);
  if (credential !== undefined) return credential;
  throw new Rejection('not-found', 'This account has no such credential. List its credentials to find the right id.');
};

export const applicationOf = (state: RegisteredAccount, applicationId: string): Application => {
  const application = getKeyed(state.applications, applicationId);
  if (application !== undefined) return application;
  throw new Rejection('not-found', 'This account has no such application. List its applications to find the right id.');
};

export const webhookEndpointOf = (state: RegisteredAccount, endpointId: string): WebhookEndpoint => {
  const endpoint = getKeyed(state.webhookEndpoints, endpointId);
  if (endpoint !== undefined) return endpoint;
  throw new Rejection('not-found', 'This account has no such webhook endpoint. List them to find the right id.');
};

const notSupported = (credentialType: string, action: string): Rejection =>
  new Rejection(
    'not-supported-by-type',
    `A credential of type "${credentialType}" cannot be ${action}. GET /v1/credential-types tells what types allow.`,
  );

type Allowances = CredentialType['allows'];

/** A type that is gone from configuration lets nothing begin, but access can still be taken away. */
const TYPE_GONE: Allowances = { suspend: true, revoke: true, rotate: false, delete: 'ended' };

const PAST_PARTICIPLES: Readonly<Record<keyof Allowances, string>> = {
  suspend: 'suspended or resumed',
  revoke: 'revoked',
  rotate: 'rotated',
  delete: 'deleted',
};

/** What the type of `credential` says about `action`, which it does not forbid. */
export const requireAllowed = <A extends keyof Allowances>(
  credential: Credential,
  action: A,
  context: Pick<DecisionContext, 'types'>,
): Allowances[A] => {
  const allowance = (context.types.get(credential.credentialType)?.allows ?? TYPE_GONE)[action];
  if (allowance !== false && allowance !== 'never') return allowance;
  throw notSupported(credential.credentialType, PAST_PARTICIPLES[action]);
};

export const requireKnownType = (credential: Credential, action: string, context: DecisionContext): void => {
  if (!context.types.has(credential.credentialType)) throw notSupported(credential.credentialType, action);
};

/** Revoked and expired are final: nothing gives such a credential new life. */
export const requireNotEnded = (credential: Credential, at: string): void => {
  const status = statusAt(credential, at);
  if (status === 'revoked') {
    throw new Rejection('credential-revoked', 'The credential is revoked, which is final. Create a new one instead.');
  }
  if (status === 'expired') {
    throw new Rejection('credential-expired', 'The credential has expired, which is final. Create a new one instead.');
  }
};

export const requireNotSigner = (credential: Credential): void => {
  if (!credential.webhookSigner) return;
  throw new Rejection(
    'webhook-signer-in-use',
    'This credential signs the webhooks of the account. Let another one sign them first (PUT webhook-signer).',
  );
};
