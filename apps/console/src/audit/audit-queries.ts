import { api, dataOf } from '../api/client.js';
import type { components, operations } from '../api/generated/schema.js';
import { useList, type List } from '../common/use-list.js';

export type AuditItem = components['schemas']['AuditItem'];
type AuditPage = components['schemas']['AuditPage'];

type Query = NonNullable<operations['ListAuditEvents']['parameters']['query']>;

/** What a trail is asked for. All filters that are given apply. */
export type TrailQuery = Omit<Query, 'cursor' | 'minPosition'>;

/** A page of the trail of an account, or of all; that it was read is recorded. */
export const readTrail = (
  accountId: string | undefined,
  query: Omit<Query, 'minPosition'>,
  signal: AbortSignal,
): Promise<AuditPage> =>
  accountId === undefined
    ? dataOf(api.GET('/v1/audit', { params: { query }, signal }))
    : dataOf(api.GET('/v1/accounts/{accountId}/audit', { params: { path: { accountId }, query }, signal }));

/** Each reading is recorded for ever, so none happens by itself: not on focus, not after a write, not by the feed. */
export const onlyWhenAsked = { staleTime: 'static', gcTime: 0 } as const;

interface Asking {
  /** Another one begins at the newest again. */
  readonly reading?: number;
  /** False where one may not read it. */
  readonly enabled?: boolean;
}

/** Newest first. */
export const useTrail = (
  accountId: string | undefined,
  query: TrailQuery,
  { reading = 0, enabled = true }: Asking = {},
): List<AuditItem> =>
  useList<AuditItem>(
    ['audit', accountId ?? 'all', query, reading],
    (cursor, signal) => readTrail(accountId, { ...query, ...(cursor && { cursor }) }, signal),
    { ...onlyWhenAsked, enabled },
  );

/** Address of the trail with these filters. */
export const trailAddress = (accountId: string | undefined, filters: Readonly<Record<string, string>> = {}): string => {
  const page = accountId === undefined ? '/audit' : `/accounts/${accountId}/audit`;
  return `${page}?${new URLSearchParams(filters).toString()}`.replace(/\?$/, '');
};
