import { queryOptions, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { useAccountId } from '../accounts/account-queries.js';
import { api, dataOf } from '../api/client.js';
import type { components } from '../api/generated/schema.js';
import type { Changes } from '../audit/changed-meanwhile.js';

type Schemas = components['schemas'];
export type Application = Schemas['Application'];
export type ApplicationSummary = Schemas['ApplicationSummary'];
export type ApiEndpoint = Schemas['ApiEndpoint'];

/** Its key pairs have this type. */
export const KEY_PAIR = 'app_key_pair';

/** Path parameters of one application. */
export interface ApplicationPath {
  readonly accountId: string;
  readonly applicationId: string;
}

/** Lists of applications of an account, whatever their filters. */
export const applicationsKey = (accountId: string) => ['applications', accountId] as const;

export const applicationQuery = (path: ApplicationPath) =>
  queryOptions({
    queryKey: ['application', path.accountId, path.applicationId],
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/v1/accounts/{accountId}/applications/{applicationId}', { params: { path: { ...path } }, signal }),
      ),
  });

/** Of the address. Only on the page of one application. */
export const useApplicationPath = (): ApplicationPath => ({
  accountId: useAccountId(),
  applicationId: useParams<'applicationId'>().applicationId ?? '',
});

/** What others may have changed of it meanwhile. */
export const changesOfApplication = ({ accountId, applicationId }: ApplicationPath): Changes => ({
  accountId,
  applicationId,
  action: ['ApplicationChanged', 'ApplicationEndpointsChanged'],
});

export const catalogueQuery = queryOptions({
  queryKey: ['api-endpoints'],
  queryFn: ({ signal }) => dataOf(api.GET('/v1/api-endpoints', { signal })),
});

/** The endpoints of the API that there are. */
export const useCatalogue = (): UseQueryResult<Schemas['ApiEndpointCatalogue']> => useQuery(catalogueQuery);
