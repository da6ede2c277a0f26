import type { Account } from './account-queries.js';

/** What people call the plans. */
export const planTitles: Readonly<Record<Account['plan']['tier'], string>> = { free: 'Free', paid: 'Paid' };
