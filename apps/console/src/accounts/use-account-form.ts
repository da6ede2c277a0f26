import { useState } from 'react';
import { queryClient } from '../api/query-client.js';
import type { Changes } from '../audit/changed-meanwhile.js';
import { useDraft } from '../common/use-draft.js';
import { accountQuery, type Account } from './account-queries.js';

interface Draft<T> {
  /** What was changed; null until something is. Of all else the form shows what is so now. */
  readonly typed: Partial<T> | null;
  /** Of the account when one began. */
  readonly revision: number;
}

/** A part of an account in a form: changed only as long as nobody else has changed the account since one began. */
export const useAccountForm = <T extends object>(account: Account, form: string, current: T) => {
  const { accountId } = account;
  const nothing: Draft<T> = { typed: null, revision: 0 };
  const [{ typed, revision }, change, forget] = useDraft<Draft<T>>(`${form}.${accountId}`, nothing);
  const [isSaved, setSaved] = useState(false);
  const begunAt = typed === null ? account.revision : revision;
  const lookAgain = async (): Promise<void> => {
    const latest = await queryClient.fetchQuery({ ...accountQuery(accountId), staleTime: 0 });
    change({ revision: latest.revision });
  };
  return {
    value: { ...current, ...typed },
    isChanged: typed !== null,
    isSaved: isSaved && typed === null,
    set: (part: Partial<T>) => change({ typed: { ...typed, ...part }, revision: begunAt }),
    params: { path: { accountId }, header: { 'If-Match': `"${begunAt}"` } },
    lookAgain,
    /** Shows the answer of the write at once. */
    onSaved: (answer: { readonly account: Account }): void => {
      showAccount(answer.account);
      forget();
      setSaved(true);
    },
  };
};

/** Shows the answer of a write at once. */
export const showAccount = (account: Account): void =>
  void queryClient.setQueryData(accountQuery(account.accountId).queryKey, account);

/** What others may have changed of it meanwhile. */
export const changesOfAccount = ({ accountId }: Account): Changes => ({
  accountId,
  action: ['AccountChanged', 'PlanChanged', 'AccountSuspended', 'AccountResumed'],
});
