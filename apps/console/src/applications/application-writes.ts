import { api, dataOf } from '../api/client.js';
import { formKey } from '../api/form-key.js';
import type { components } from '../api/generated/schema.js';
import { queryClient } from '../api/query-client.js';
import { removeFromLists } from '../common/use-list.js';
import {
  applicationQuery,
  applicationsKey,
  type Application,
  type ApplicationPath,
  type ApplicationSummary,
} from './application-queries.js';

type RegisterBody = components['schemas']['RegisterApplicationInput'];
type ChangeBody = components['schemas']['UpdateApplicationInput'];

/** Registers one with its first key pair; the same form and body a second time makes nothing new. */
export const registerApplication = (form: string, accountId: string, body: RegisterBody) => {
  const header = { 'Idempotency-Key': formKey(form, body) };
  return dataOf(api.POST('/v1/accounts/{accountId}/applications', { params: { path: { accountId }, header }, body }));
};

/** Only as long as it is as the person has seen it. */
const ifUnchanged = (path: ApplicationPath, revision: number) => ({
  params: { path: { ...path }, header: { 'If-Match': `"${revision}"` } },
});

export const updateApplication = (path: ApplicationPath, revision: number, body: ChangeBody) =>
  dataOf(api.PATCH('/v1/accounts/{accountId}/applications/{applicationId}', { ...ifUnchanged(path, revision), body }));

export const setEndpoints = (path: ApplicationPath, revision: number, endpointIds: string[]) =>
  dataOf(
    api.PUT('/v1/accounts/{accountId}/applications/{applicationId}/endpoints', {
      ...ifUnchanged(path, revision),
      body: { endpointIds },
    }),
  );

export const deleteApplication = (path: ApplicationPath, revision: number) =>
  dataOf(api.DELETE('/v1/accounts/{accountId}/applications/{applicationId}', ifUnchanged(path, revision)));

/** Shows the answer of a write on its page at once. */
export const showApplication = (path: ApplicationPath, application: Application): void =>
  void queryClient.setQueryData(applicationQuery(path).queryKey, application);

export const showDeleted = ({ accountId, applicationId }: ApplicationPath): void =>
  removeFromLists<ApplicationSummary>(applicationsKey(accountId), (each) => each.applicationId === applicationId);
