import { Store } from '../api/store.js';

const PLACE = 'keyledger.last-accounts';
const MOST = 5;

const read = (): readonly string[] => {
  const kept: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '[]');
  return Array.isArray(kept) ? kept.filter((each) => typeof each === 'string') : [];
};

/** Ids of the accounts that were looked at last, latest first: for the switcher. */
export const lastAccounts = new Store<readonly string[]>(read());

const keep = (ids: readonly string[]): void => {
  localStorage.setItem(PLACE, JSON.stringify(ids));
  lastAccounts.set(ids);
};

export const noteAccount = (accountId: string): void => {
  const known = lastAccounts.get();
  if (known[0] !== accountId) keep([accountId, ...known.filter((each) => each !== accountId)].slice(0, MOST));
};

export const forgetAccount = (accountId: string): void => keep(lastAccounts.get().filter((each) => each !== accountId));
