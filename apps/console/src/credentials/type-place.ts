import type { Credential } from './credential-queries.js';

/** The pages of the types that have one, below the account. */
const pages: Readonly<Record<string, string>> = {
  client_credentials: 'client-credentials',
  account_token: 'api-access',
  api_key: 'api-keys',
  api_secret: 'api-secrets',
};

/** Where credentials like this one are listed; undefined for a type without a page of its own. */
export const placeOfType = (accountId: string, { type, applicationId }: Credential): string | undefined => {
  const page = applicationId === null ? pages[type] : `apps/${applicationId}`;
  return page === undefined ? undefined : `/accounts/${accountId}/${page}`;
};
