import { queryOptions, useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { useAccountId } from '../accounts/account-queries.js';
import { webhookEndpointsQuery } from '../api-access/api-access-queries.js';
import { api, dataOf } from '../api/client.js';
import type { components } from '../api/generated/schema.js';
import { useRefusal } from '../api/permissions.js';

type Schemas = components['schemas'];
export type WebhookEndpoint = Schemas['WebhookEndpoint'];
export type EndpointStatistics = Schemas['EndpointStatistics'];
export type Message = Schemas['Message'];
export type MessageSummary = Schemas['MessageSummary'];
export type Delivery = Schemas['Delivery'];
export type DeliveryAttempt = Schemas['DeliveryAttempt'];

/** Path parameters of one endpoint. */
export interface EndpointPath {
  readonly accountId: string;
  readonly endpointId: string;
}

/** Path parameters of one message. */
export interface MessagePath {
  readonly accountId: string;
  readonly messageId: string;
}

/** Lists of endpoints of an account, whatever their filters. */
export const endpointsKey = (accountId: string) => ['webhook-endpoints', accountId] as const;

export const messagesKey = (accountId: string) => ['messages', accountId] as const;

export const endpointQuery = (path: EndpointPath) =>
  queryOptions({
    queryKey: ['webhook-endpoint', path.accountId, path.endpointId],
    queryFn: ({ signal }) => {
      const params = { path: { ...path } };
      return dataOf(api.GET('/v1/accounts/{accountId}/webhook-endpoints/{endpointId}', { params, signal }));
    },
  });

export const statisticsQuery = (path: EndpointPath) =>
  queryOptions({
    queryKey: ['webhook-statistics', path.accountId, path.endpointId],
    queryFn: ({ signal }) => {
      const params = { path: { ...path } };
      return dataOf(api.GET('/v1/accounts/{accountId}/webhook-endpoints/{endpointId}/statistics', { params, signal }));
    },
  });

const FOLLOWED_EVERY_MS = 2_000;

const isUnderWay = ({ deliveries }: Message): boolean => deliveries.some(({ state }) => state === 'pending');

/** Read again by itself as long as something of it is still to come. */
export const messageQuery = (path: MessagePath) =>
  queryOptions({
    queryKey: ['message', path.accountId, path.messageId],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/v1/accounts/{accountId}/messages/{messageId}', { params: { path: { ...path } }, signal })),
    refetchInterval: ({ state }) =>
      state.data !== undefined && isUnderWay(state.data) && state.error === null ? FOLLOWED_EVERY_MS : false,
  });

/** Of the address. Only on the page of one endpoint. */
export const useEndpointPath = (): EndpointPath => ({
  accountId: useAccountId(),
  endpointId: useParams<'endpointId'>().endpointId ?? '',
});

/** Of the address. Only on the page of one message. */
export const useMessagePath = (): MessagePath => ({
  accountId: useAccountId(),
  messageId: useParams<'messageId'>().messageId ?? '',
});

/** All endpoints of the account, which are never many. None for who may not read them. */
export const useEndpoints = (accountId: string): readonly WebhookEndpoint[] => {
  const isAllowed = useRefusal('ListEndpoints', accountId) === undefined;
  return useQuery({ ...webhookEndpointsQuery(accountId), enabled: isAllowed }).data?.items ?? [];
};

/** The API secrets of the account, one of which may be the signer. */
export const secretsQuery = (accountId: string) =>
  queryOptions({
    queryKey: ['webhook-signer', accountId],
    queryFn: ({ signal }) => {
      const params = { path: { accountId }, query: { type: 'api_secret', limit: 200 } };
      return dataOf(api.GET('/v1/accounts/{accountId}/credentials', { params, signal }));
    },
  });
