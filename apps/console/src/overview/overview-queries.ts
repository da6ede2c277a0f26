import { queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '../api/client.js';
import type { components } from '../api/generated/schema.js';
import type { Credential, CredentialType } from '../credentials/credential-queries.js';

export type WebhookEndpoint = components['schemas']['WebhookEndpoint'];
type EndpointStatistics = components['schemas']['EndpointStatistics'];

const PAGE = 200;
const MOST_PAGES = 3;
/** Of an account with many credentials so many are looked at from each end: what is new, and what is old. */
export const FROM_EACH_END = PAGE * MOST_PAGES;
/** Of so many endpoints it is asked how they do. */
export const MOST_STATISTICS = 10;

interface SomeCredentials {
  readonly credentials: readonly Credential[];
  /** False where there are more between the newest and the oldest. */
  readonly isComplete: boolean;
}

const readFromOneEnd = async (
  accountId: string,
  sort: 'createdAt' | '-createdAt',
  signal: AbortSignal,
): Promise<SomeCredentials> => {
  const credentials: Credential[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES && (page === 0 || cursor !== null); page += 1) {
    const query: { sort: typeof sort; limit: number; cursor?: string } = {
      sort,
      limit: PAGE,
      ...(cursor && { cursor }),
    };
    const params = { path: { accountId }, query };
    const answer = await dataOf(api.GET('/v1/accounts/{accountId}/credentials', { params, signal }));
    credentials.push(...answer.items);
    cursor = answer.nextCursor;
  }
  return { credentials, isComplete: cursor === null };
};

/** All credentials of the account, or the newest and the oldest of many: six requests at most. */
export const someCredentialsQuery = (accountId: string) =>
  queryOptions({
    queryKey: ['overview-credentials', accountId],
    queryFn: async ({ signal }): Promise<SomeCredentials> => {
      const newest = await readFromOneEnd(accountId, '-createdAt', signal);
      if (newest.isComplete) return newest;
      const oldest = await readFromOneEnd(accountId, 'createdAt', signal);
      const both = [...newest.credentials, ...oldest.credentials];
      const credentials = [...new Map(both.map((each) => [each.credentialId, each])).values()];
      // Where both ends meet, nothing lies between them.
      return { credentials, isComplete: credentials.length < both.length };
    },
  });

export interface EndpointState {
  readonly endpoint: WebhookEndpoint;
  /** Undefined where it was not asked for. */
  readonly statistics: EndpointStatistics | undefined;
}

/** The webhook endpoints, of which there are not many, and how the first of those that are on do. */
export const endpointStatesQuery = (accountId: string) =>
  queryOptions({
    queryKey: ['overview-endpoints', accountId],
    queryFn: async ({ signal }): Promise<readonly EndpointState[]> => {
      const params = { path: { accountId }, query: { limit: PAGE } };
      const { items } = await dataOf(api.GET('/v1/accounts/{accountId}/webhook-endpoints', { params, signal }));
      const asked = new Set(items.filter(({ enabled }) => enabled).slice(0, MOST_STATISTICS));
      const statisticsOf = ({ endpointId }: WebhookEndpoint): Promise<EndpointStatistics> =>
        dataOf(
          api.GET('/v1/accounts/{accountId}/webhook-endpoints/{endpointId}/statistics', {
            params: { path: { accountId, endpointId } },
            signal,
          }),
        );
      return Promise.all(
        items.map(async (endpoint) => ({
          endpoint,
          statistics: asked.has(endpoint) ? await statisticsOf(endpoint) : undefined,
        })),
      );
    },
  });

/** Whether a secret of the account signs what is sent to its endpoints. Of types that may sign there are few. */
export const hasSignerQuery = (accountId: string, types: readonly CredentialType[]) => {
  const signing = types.filter(({ maySign }) => maySign).map(({ type }) => type);
  return queryOptions({
    queryKey: ['overview-signer', accountId, signing],
    queryFn: async ({ signal }) => {
      const pages = await Promise.all(
        signing.map((type) => {
          const params = { path: { accountId }, query: { type, status: 'active' as const, limit: PAGE } };
          return dataOf(api.GET('/v1/accounts/{accountId}/credentials', { params, signal }));
        }),
      );
      return pages.some(({ items }) => items.some(({ webhookSigner }) => webhookSigner));
    },
  });
};
