import { useRefusal } from '../api/permissions.js';
import { useStore } from '../api/store.js';
import { session } from '../shell/session.js';

/** Why one may not read the trail of the account, or of all accounts; undefined where one may. */
export const useTrailRefusal = (accountId: string | undefined): string | undefined => {
  const ofOne = useRefusal('ListAuditEvents', accountId);
  const ofAll = useRefusal('ListAuditEventsOfAllAccounts');
  const { roles = [], accounts = [] } = useStore(session) ?? {};
  if (accountId !== undefined) return ofOne;
  const seesAll = accounts === '*' || roles.includes('operator');
  return ofAll ?? (seesAll ? undefined : 'Your session is for some accounts. Look at the audit trail of one of them.');
};
