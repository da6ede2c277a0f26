import type { Credential } from './credential-queries.js';

/** Types with a page of their own, below the account. All others are drawn by their data. */
const pages: Readonly<Record<string, string>> = {
  client_credentials: 'client-credentials',
  account_token: 'api-access',
  api_key: 'api-keys',
  app_key_pair: 'apps',
  api_secret: 'api-secrets',
};

export const hasOwnPage = (type: string): boolean => type in pages;

/** Below the account. */
export const pathOfType = (type: string): string => pages[type] ?? `types/${type}`;

/** Where credentials of the type are found. */
export const pageOfType = (accountId: string, type: string): string => `/accounts/${accountId}/${pathOfType(type)}`;

/** Where credentials like this one are listed. */
export const placeOfType = (accountId: string, { type, applicationId }: Credential): string =>
  applicationId === null || !hasOwnPage(type)
    ? pageOfType(accountId, type)
    : `/accounts/${accountId}/apps/${applicationId}`;
