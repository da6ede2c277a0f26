import { useStore } from './store.js';
import { session, type Session } from '../shell/session.js';
import operationRoles from './generated/operation-roles.json' with { type: 'json' };

export type OperationId = keyof typeof operationRoles;

const listOf = (roles: readonly string[]): string => {
  const words = roles.map((role) => role.replaceAll('-', ' '));
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${String(words.at(-1))}`;
};

const rolesFor = (operation: OperationId): readonly string[] => {
  const roles: string | readonly string[] | null = operationRoles[operation];
  return roles === null || typeof roles === 'string' ? [] : roles;
};

/** Why this session may not do that; undefined where it may. The server decides: this only says so beforehand. */
const refusalOf = ({ roles, accounts }: Session, operation: OperationId, accountId?: string): string | undefined => {
  const allowed = rolesFor(operation);
  const isForAll = allowed.length === 0;
  if (!isForAll && !allowed.some((role) => roles.includes(role))) return `Needs the role ${listOf(allowed)}.`;
  const coversAccount =
    accountId === undefined || accounts === '*' || roles.includes('operator') || accounts.includes(accountId);
  return coversAccount ? undefined : 'Your session is for other accounts.';
};

/** Why the person may not use that operation, in words; undefined where it may. */
export const useRefusal = (operation: OperationId, accountId?: string): string | undefined => {
  const current = useStore(session);
  return current === null ? 'Sign in first.' : refusalOf(current, operation, accountId);
};
