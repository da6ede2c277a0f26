import { queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '../api/client.js';
import type { components } from '../api/generated/schema.js';

type Schemas = components['schemas'];
export type ApiAccess = Schemas['ApiAccess'];
export type WebhookEndpoint = Schemas['WebhookEndpoint'];

/** The credential of API access has this type. */
export const TYPE = 'account_token';

export const apiAccessQuery = (accountId: string) =>
  queryOptions({
    queryKey: ['api-access', accountId],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/v1/accounts/{accountId}/api-access', { params: { path: { accountId } }, signal })),
  });

/** Webhook endpoints of the account; of very many the first ones. */
export const webhookEndpointsQuery = (accountId: string) =>
  queryOptions({
    queryKey: ['webhook-endpoints-of', accountId],
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/v1/accounts/{accountId}/webhook-endpoints', {
          params: { path: { accountId }, query: { limit: 200 } },
          signal,
        }),
      ),
  });
