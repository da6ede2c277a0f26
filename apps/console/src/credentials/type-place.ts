import type { Credential } from './credential-queries.js';

/** The pages of the types that have one, below the account. */
const pages: Readonly<Record<string, string>> = {
  client_credentials: 'client-credentials',
  account_token: 'api-access',
  api_key: 'api-keys',
  app_key_pair: 'apps',
  api_secret: 'api-secrets',
};

/** Where credentials of the type are found; undefined for one without a page of its own. */
export const pageOfType = (accountId: string, type: string): string | undefined => {
  const page = pages[type];
  return page && `/accounts/${accountId}/${page}`;
};

/** Where credentials like this one are listed; undefined for a type without a page of its own. */
export const placeOfType = (accountId: string, { type, applicationId }: Credential): string | undefined => {
  const page = pageOfType(accountId, type);
  return applicationId === null ? page : `/accounts/${accountId}/apps/${applicationId}`;
};
