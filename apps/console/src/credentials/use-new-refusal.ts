import { useAccount, useAccountId } from '../accounts/account-queries.js';
import { useRefusal, type OperationId } from '../api/permissions.js';

/** Why nothing new can be made in the account now: the role, or that the account is suspended. */
export const useNewRefusal = (operation: OperationId): string | undefined => {
  const refusal = useRefusal(operation, useAccountId());
  const { data: account } = useAccount();
  return refusal ?? (account?.status === 'suspended' ? 'The account is suspended.' : undefined);
};
