import type { NewCredential } from './account-commands.js';
import type { RegisteredAccount } from './account-state.js';
import { pick, requestedFacts, typeFacts, type CredentialCreated } from './events.js';
import type { CredentialType } from '../types/credential-type.js';
import type { Decision, DecisionContext } from './decision.js';
import { nameKey } from './evolve.js';
import { instantOf } from '../instants.js';
import { getKeyed, sizeOf } from '../keyed.js';
import { Rejection, type FieldError } from '../rejection.js';

const nameProblem = (name: string | null, { name: rule, type }: CredentialType): string | undefined => {
  if (name === null) return rule.required ? `is required for credentials of type "${type}"` : undefined;
  const length = Array.from(name).length;
  if (length < rule.minLength || length > rule.maxLength) {
    return `must have ${rule.minLength} to ${rule.maxLength} characters`;
  }
  if (rule.pattern === null || new RegExp(`^(?:${rule.pattern})$`, 'u').test(name)) return undefined;
  return formOf(rule.pattern, type);
};

/** A pattern in words, where it only says which characters there may be: `[A-Za-z0-9_-]+`. */
const formOf = (pattern: string, type: string): string => {
  const characters = /^\[([^\]\\^]+)\]\+$/.exec(pattern)?.[1];
  if (characters !== undefined) return `may hold only ${(characters.match(/.-.|./gu) ?? []).join(' ')}`;
  return `is not written as names of type "${type}" are: GET /v1/credential-types shows their pattern`;
};

/** Some fields exist for some types only, and are required there. */
const presenceProblem = (value: string | null, exists: boolean, type: string): string | undefined => {
  if ((value !== null) === exists) return undefined;
  return exists ? `is required for credentials of type "${type}"` : `does not exist for credentials of type "${type}"`;
};

const applicationProblem = (
  command: NewCredential,
  type: CredentialType,
  state: RegisteredAccount,
): string | undefined => {
  const { applicationId } = command;
  const problem = presenceProblem(applicationId, type.belongsToApplication, type.type);
  if (problem !== undefined || applicationId === null) return problem;
  return getKeyed(state.applications, applicationId) === undefined ? 'names no application of this account' : undefined;
};

/** What the type and the account say against the fields of the request, all at once. */
const requireValidFields = (
  command: NewCredential,
  type: CredentialType,
  state: RegisteredAccount,
  context: DecisionContext,
): void => {
  const problems: Readonly<Record<string, string | undefined>> = {
    name: nameProblem(command.name, type),
    mode: presenceProblem(command.mode, type.modes !== null, type.type),
    environment: presenceProblem(command.environment, type.belongsToApplication, type.type),
    applicationId: applicationProblem(command, type, state),
    expiresAt: command.expiresAt !== null && command.expiresAt <= context.at ? 'must be in the future' : undefined,
  };
  const errors: FieldError[] = Object.entries(problems).flatMap(([field, message]) =>
    message === undefined ? [] : [{ field, message }],
  );
  if (errors.length === 0) return;
  const sentences = errors.map(({ field, message }) => `${field} ${message}.`);
  throw new Rejection('invalid-request', sentences.join(' '), errors);
};

const requirePlan = (command: NewCredential, state: RegisteredAccount): void => {
  const { tier, paymentMethodOnFile } = state.facts.plan;
  if (command.mode !== 'live' || (tier === 'paid' && paymentMethodOnFile)) return;
  throw new Rejection(
    'plan-does-not-allow',
    'A live credential needs the paid plan and a payment method on file. Upgrade the account, or create one for test.',
  );
};

const requireFreeName = (command: NewCredential, state: RegisteredAccount): void => {
  const { credentialType, name } = command;
  if (name === null || getKeyed(state.names, nameKey(credentialType, name)) === undefined) return;
  throw new Rejection(
    'name-taken',
    `The account has a credential of type "${credentialType}" of this name. Choose another name, or delete that one.`,
    [{ field: 'name', message: 'is taken' }],
  );
};

/** Names and places in the limits are held until deletion: revoked and expired credentials count. */
export const requireRoom = (type: CredentialType, state: RegisteredAccount, context: DecisionContext): void => {
  const limits = [
    { held: getKeyed(state.undeletedByType, type.type) ?? 0, limit: type.limit, what: `type "${type.type}"` },
    { held: sizeOf(state.credentials), limit: context.maxCredentials, what: 'all types together' },
  ];
  for (const { held, limit, what } of limits) {
    if (limit === null || held < limit) continue;
    throw new Rejection(
      'limit-reached',
      `The limit for ${what} is ${limit}, and the account holds ${held}. Delete a credential that is not needed first.`,
    );
  }
};

/** The event carries every fact of the type that later folds need: `evolve` never reads type data. */
export const credentialCreated = (command: NewCredential, type: CredentialType, at: string): CredentialCreated => ({
  type: 'CredentialCreated',
  credentialId: command.credentialId,
  ...pick(command, requestedFacts),
  publicPart: command.publicPart,
  ...pick(type, typeFacts),
  version: 1,
  digest: command.secret.digest,
  maskedSecret: command.secret.maskedSecret,
  at,
});

const creatableType = (credentialType: string, context: DecisionContext): CredentialType => {
  const type = context.types.get(credentialType);
  if (type === undefined) {
    const message = 'names no credential type. GET /v1/credential-types lists them.';
    throw new Rejection('unknown-credential-type', `type ${message}`, [{ field: 'type', message }]);
  }
  if (type.issuedBy === 'create') return type;
  throw new Rejection(
    'not-supported-by-type',
    `A credential of type "${credentialType}" comes with API access: enable that instead ` +
      '(POST /v1/accounts/{accountId}/api-access, or EnableApiAccess).',
  );
};

/** The first credential that may sign webhooks signs them, so an account with such a credential is never without. */
export const createCredential = (
  command: NewCredential,
  state: RegisteredAccount,
  context: DecisionContext,
): Decision => {
  const type = creatableType(command.credentialType, context);
  const expiresAt = command.expiresAt === null ? null : instantOf('expiresAt', command.expiresAt);
  const credential: NewCredential = { ...command, expiresAt };
  requireValidFields(credential, type, state, context);
  requirePlan(credential, state);
  requireFreeName(credential, state);
  requireRoom(type, state, context);
  const { at } = context;
  const created = credentialCreated(credential, type, at);
  if (!type.maySign || expiresAt !== null || state.facts.signerId !== null) return [created];
  const { credentialId } = created;
  return [created, { type: 'WebhookSecretAssigned', credentialId, previousCredentialId: null, at }];
};
