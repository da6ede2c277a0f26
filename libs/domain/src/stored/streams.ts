import { idSource } from '../ids.js';

/** Names of the streams in the log. `prefix` is the installation's `streamPrefix`, so that several can share a log. */

const ACCOUNT = 'account-';
const ACCOUNT_ID = idSource('accountId');

/** Source of the regular expression, without anchors and prefix, of all the names below. */
export const streamNames = `catalogue|${ACCOUNT}${ACCOUNT_ID}|audit-access-(?:${ACCOUNT_ID}|all)`;

export const accountStream = (prefix: string, accountId: string): string => `${prefix}${ACCOUNT}${accountId}`;

/** The account whose stream it is; undefined for a stream of another kind, or of another installation. */
export const accountIdOf = (prefix: string, streamId: string): string | undefined => {
  const start = `${prefix}${ACCOUNT}`;
  return streamId.startsWith(start) ? streamId.slice(start.length) : undefined;
};

export const catalogueStream = (prefix: string): string => `${prefix}catalogue`;

/** Who has read the audit trail of an account, or that of the whole installation (null). */
export const auditAccessStream = (prefix: string, accountId: string | null): string =>
  `${prefix}audit-access-${accountId ?? 'all'}`;
