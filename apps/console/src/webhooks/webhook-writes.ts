import { webhookEndpointsQuery } from '../api-access/api-access-queries.js';
import { api, dataOf } from '../api/client.js';
import { formKey } from '../api/form-key.js';
import type { components } from '../api/generated/schema.js';
import { queryClient } from '../api/query-client.js';
import { removeFromLists, replaceInLists } from '../common/use-list.js';
import {
  endpointQuery,
  endpointsKey,
  type EndpointPath,
  type MessagePath,
  type WebhookEndpoint,
} from './webhook-queries.js';

type RegisterBody = components['schemas']['RegisterEndpointInput'];
type UpdateBody = components['schemas']['UpdateEndpointInput'];

/** The same form and body a second time registers nothing more. */
export const registerEndpoint = (form: string, accountId: string, body: RegisterBody) => {
  const header = { 'Idempotency-Key': formKey(form, body) };
  return dataOf(
    api.POST('/v1/accounts/{accountId}/webhook-endpoints', { params: { path: { accountId }, header }, body }),
  );
};

/** Only as long as it is as the person has seen it. */
const ifUnchanged = (path: EndpointPath, revision: number) => ({
  params: { path: { ...path }, header: { 'If-Match': `"${revision}"` } },
});

export const updateEndpoint = (path: EndpointPath, revision: number, body: UpdateBody) =>
  dataOf(
    api.PATCH('/v1/accounts/{accountId}/webhook-endpoints/{endpointId}', { ...ifUnchanged(path, revision), body }),
  );

export const deleteEndpoint = (path: EndpointPath, revision: number) =>
  dataOf(api.DELETE('/v1/accounts/{accountId}/webhook-endpoints/{endpointId}', ifUnchanged(path, revision)));

export const pingEndpoint = (path: EndpointPath) =>
  dataOf(api.POST('/v1/accounts/{accountId}/webhook-endpoints/{endpointId}/test', { params: { path: { ...path } } }));

export const recoverEndpoint = (path: EndpointPath, since: string) =>
  dataOf(
    api.POST('/v1/accounts/{accountId}/webhook-endpoints/{endpointId}/recover', {
      params: { path: { ...path } },
      body: { since },
    }),
  );

/** To one endpoint, or to all that it went to. */
export const resendMessage = (path: MessagePath, endpointId: string | undefined) =>
  dataOf(
    api.POST('/v1/accounts/{accountId}/messages/{messageId}/resend', {
      params: { path: { ...path } },
      body: endpointId === undefined ? {} : { endpointId },
    }),
  );

export interface NewMessage {
  readonly type: string;
  /** JSON, which is sent to the byte as it is written here: an object would be written with other numbers. */
  readonly payload: string;
}

export const sendMessage = (form: string, accountId: string, message: NewMessage) => {
  const params = { path: { accountId }, header: { 'Idempotency-Key': formKey(form, message) } };
  const bodySerializer = ({ type }: { readonly type: string }): string =>
    `{"type":${JSON.stringify(type)},"payload":${message.payload}}`;
  const body = { type: message.type, payload: null };
  return dataOf(api.POST('/v1/accounts/{accountId}/messages', { params, body, bodySerializer }));
};

/** Shows the answer of a write wherever the endpoint is. */
export const showEndpoint = (accountId: string, endpoint: WebhookEndpoint): void => {
  const { endpointId } = endpoint;
  queryClient.setQueryData(endpointQuery({ accountId, endpointId }).queryKey, endpoint);
  replaceInLists(
    endpointsKey(accountId),
    (each) => each.endpointId === endpointId,
    () => endpoint,
  );
};

export const showEndpointDeleted = ({ accountId, endpointId }: EndpointPath): void => {
  removeFromLists<WebhookEndpoint>(endpointsKey(accountId), (each) => each.endpointId === endpointId);
  void queryClient.invalidateQueries({ queryKey: webhookEndpointsQuery(accountId).queryKey });
};
