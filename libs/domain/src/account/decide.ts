import type { AccountCommand, CommandOf, CommandType, NewSecret } from './account-commands.js';
import type { AccountState, RegisteredAccount } from './account-state.js';
import { registerAccount, resumeAccount, setPlan, suspendAccount, updateAccount } from './decide-account.js';
import {
  disableApiAccess,
  enableApiAccess,
  refreshAuthToken,
  revealAuthToken,
  setIpAllowlist,
} from './decide-api-access.js';
import {
  deleteApplication,
  registerApplication,
  setApplicationEndpoints,
  updateApplication,
} from './decide-application.js';
import { createCredential } from './decide-creation.js';
import {
  acknowledgeSecret,
  deleteCredential,
  resumeCredential,
  revokeCredential,
  setWebhookSigner,
  suspendCredential,
  updateCredential,
} from './decide-credential.js';
import { cancelRotation, changeRotation, finishRotation, rotateCredential } from './decide-rotation.js';
import {
  deleteWebhookEndpoint,
  disableWebhookEndpoint,
  registerWebhookEndpoint,
  updateWebhookEndpoint,
} from './decide-webhook-endpoint.js';
import {
  applicationOf,
  credentialOf,
  webhookEndpointOf,
  type Decide,
  type Decision,
  type DecisionContext,
} from './decision.js';
import { getKeyed } from '../keyed.js';
import { Rejection } from '../rejection.js';

type LaterCommand = Exclude<AccountCommand, { type: 'RegisterAccount' }>;

/** What still works while an account is suspended: taking access away, and the operator's way back. */
const WHILE_SUSPENDED: ReadonlySet<CommandType> = new Set<CommandType>([
  'SuspendAccount',
  'ResumeAccount',
  'DisableApiAccess',
  'SuspendCredential',
  'RevokeCredential',
  'DeleteCredential',
  'DisableWebhookEndpoint',
  'DeleteWebhookEndpoint',
]);

const ENDS_ACCESS: ReadonlySet<CommandType> = new Set<CommandType>([
  'SuspendAccount',
  'DisableApiAccess',
  'DeleteApplication',
  'SuspendCredential',
  'RevokeCredential',
  'DeleteCredential',
  'FinishRotation',
  'DisableWebhookEndpoint',
  'DeleteWebhookEndpoint',
]);

/** Whether the command does nothing but take access away: it must work however wrong the times in the stream are. */
export const takesAccessAway = ({ type }: AccountCommand): boolean => ENDS_ACCESS.has(type);

const hasSecret = (state: RegisteredAccount, credentialId: string | undefined, secret: NewSecret): boolean => {
  const credential = credentialId === undefined ? undefined : getKeyed(state.credentials, credentialId);
  return credential?.versions.some(({ digest }) => digest.value === secret.digest.value) ?? false;
};

/**
 * Whether what the command would create is there already, by its id or its digest: it is then the same command a second
 * time (a retry that overtook the first attempt, a twin in another process), and must add nothing.
 */
const isRepeated = (command: AccountCommand, state: RegisteredAccount): boolean => {
  switch (command.type) {
    case 'CreateCredential':
      return getKeyed(state.credentials, command.credentialId) !== undefined;
    case 'EnableApiAccess':
      return state.facts.apiAccess?.credentialId === command.credentialId;
    case 'RegisterApplication':
      return getKeyed(state.applications, command.applicationId) !== undefined;
    case 'RegisterWebhookEndpoint':
      return getKeyed(state.webhookEndpoints, command.endpointId) !== undefined;
    case 'RotateCredential':
      return hasSecret(state, command.credentialId, command.secret);
    case 'RefreshAuthToken':
      return hasSecret(state, state.facts.apiAccess?.credentialId, command.secret);
    default:
      return false;
  }
};

/** Revision of the resource that the command is about, undefined where it creates it. Throws if there is none. */
const revisionOf = (command: LaterCommand, state: RegisteredAccount): number | undefined => {
  switch (command.type) {
    case 'RegisterApplication':
    case 'CreateCredential':
    case 'RegisterWebhookEndpoint':
      return undefined;
    case 'UpdateAccount':
    case 'SuspendAccount':
    case 'ResumeAccount':
    case 'SetPlan':
      return state.facts.revision;
    case 'EnableApiAccess':
    case 'DisableApiAccess':
    case 'RefreshAuthToken':
    case 'RevealAuthToken':
    case 'SetIpAllowlist':
      return state.facts.apiAccessRevision;
    case 'UpdateApplication':
    case 'SetApplicationEndpoints':
    case 'DeleteApplication':
      return applicationOf(state, command.applicationId).revision;
    case 'UpdateWebhookEndpoint':
    case 'DisableWebhookEndpoint':
    case 'DeleteWebhookEndpoint':
      return webhookEndpointOf(state, command.endpointId).revision;
    default:
      return credentialOf(state, command.credentialId).revision;
  }
};

/** The rules that all commands share, in their order: existence, then `If-Match`, then the account's suspension. */
const admit = (command: LaterCommand, state: RegisteredAccount): void => {
  const revision = revisionOf(command, state);
  const { expectedRevisions } = command;
  if (expectedRevisions !== undefined && !expectedRevisions.some((expected) => expected === revision)) {
    throw new Rejection('revision-mismatch', 'The resource is not as you last saw it. Read it again, then repeat.');
  }
  if (state.facts.status === 'suspended' && !WHILE_SUSPENDED.has(command.type)) {
    throw new Rejection('account-suspended', 'The account is suspended. An operator has to resume it first.');
  }
};

/** The rules of each command, beside those that all share. */
const rules: { readonly [T in LaterCommand['type']]: Decide<T> } = {
  UpdateAccount: updateAccount,
  SuspendAccount: suspendAccount,
  ResumeAccount: resumeAccount,
  SetPlan: setPlan,
  EnableApiAccess: enableApiAccess,
  DisableApiAccess: disableApiAccess,
  RefreshAuthToken: refreshAuthToken,
  RevealAuthToken: revealAuthToken,
  SetIpAllowlist: setIpAllowlist,
  RegisterApplication: registerApplication,
  UpdateApplication: updateApplication,
  SetApplicationEndpoints: setApplicationEndpoints,
  DeleteApplication: deleteApplication,
  CreateCredential: createCredential,
  UpdateCredential: updateCredential,
  AcknowledgeSecret: acknowledgeSecret,
  SuspendCredential: suspendCredential,
  ResumeCredential: resumeCredential,
  RevokeCredential: revokeCredential,
  DeleteCredential: deleteCredential,
  SetWebhookSigner: setWebhookSigner,
  RotateCredential: rotateCredential,
  ChangeRotation: changeRotation,
  FinishRotation: finishRotation,
  CancelRotation: cancelRotation,
  RegisterWebhookEndpoint: registerWebhookEndpoint,
  UpdateWebhookEndpoint: updateWebhookEndpoint,
  DisableWebhookEndpoint: disableWebhookEndpoint,
  DeleteWebhookEndpoint: deleteWebhookEndpoint,
};

/** Generic, so that the compiler pairs each command with its own rules. */
const decideLater = <T extends LaterCommand['type']>(
  command: CommandOf<T>,
  state: RegisteredAccount,
  context: DecisionContext,
): Decision => rules[command.type](command, state, context);

/**
 * What happens if `command` is given to an account in `state`: the events to append, none if the command is true
 * already. Throws a Rejection if the rules refuse it. `context.at` must not be earlier than `state.lastAt`.
 */
export const decide = (command: AccountCommand, state: AccountState, context: DecisionContext): Decision => {
  if (command.type === 'RegisterAccount') return registerAccount(command, state, context);
  if (state.phase === 'absent') {
    throw new Rejection('not-found', 'There is no such account. List the accounts to find the right id.');
  }
  if (isRepeated(command, state)) return [];
  admit(command, state);
  return decideLater(command, state, context);
};
