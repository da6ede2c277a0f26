import type { AccountCommand, NewSecret } from './account-commands.js';
import type { RegisteredAccount } from './account-state.js';
import { getKeyed } from '../keyed.js';

const hasSecret = (state: RegisteredAccount, credentialId: string | undefined, secret: NewSecret): boolean => {
  const credential = credentialId === undefined ? undefined : getKeyed(state.credentials, credentialId);
  return credential?.versions.some(({ digest }) => digest.value === secret.digest.value) ?? false;
};

/**
 * Whether what the command would create is there already, by its id or its digest: it is then the same command a second
 * time (a retry that overtook the first attempt, a twin in another process), and must add nothing.
 */
export const isRepeated = (command: AccountCommand, state: RegisteredAccount): boolean => {
  switch (command.type) {
    case 'CreateCredential':
      return getKeyed(state.credentials, command.credentialId) !== undefined;
    case 'EnableApiAccess':
      return state.facts.apiAccess?.credentialId === command.credentialId;
    case 'RegisterApplication':
      return getKeyed(state.applications, command.applicationId) !== undefined;
    case 'RotateCredential':
      return hasSecret(state, command.credentialId, command.secret);
    case 'RefreshAuthToken':
      return hasSecret(state, state.facts.apiAccess?.credentialId, command.secret);
    default:
      return false;
  }
};
