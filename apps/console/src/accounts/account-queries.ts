import { keepPreviousData, queryOptions, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { components } from '../api/generated/schema.js';
import { api, dataOf } from '../api/client.js';

export type Account = components['schemas']['Account'];

export const accountQuery = (accountId: string) =>
  queryOptions({
    queryKey: ['account', accountId],
    queryFn: ({ signal }) => dataOf(api.GET('/v1/accounts/{accountId}', { params: { path: { accountId } }, signal })),
  });

/** The accounts that begin with what was typed, by name or external id, for the switcher. */
export const foundAccountsQuery = (q: string) =>
  queryOptions({
    queryKey: ['found-accounts', q],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/v1/accounts', { params: { query: { limit: 8, ...(q === '' ? {} : { q }) } }, signal })),
    placeholderData: keepPreviousData,
  });

/** Of the address. Only on pages of an account. */
export const useAccountId = (): string => useParams<'accountId'>().accountId ?? '';

export const useAccount = (): UseQueryResult<Account> => useQuery(accountQuery(useAccountId()));
