import type { Credential } from '../credentials/credential-queries.js';

/** Pages of types that have one of their own. */
const pages: Readonly<Record<string, string>> = {
  client_credentials: 'client-credentials',
  account_token: 'api-access',
  api_key: 'api-keys',
  app_key_pair: 'apps',
  api_secret: 'api-secrets',
};

/** Below the account: the page that lists those of a type; undefined where it has none. */
export const pageOfType = (type: string): string | undefined => pages[type];

/** Below the account. */
export const pageOfCredential = ({ credentialId }: Pick<Credential, 'credentialId'>): string =>
  `credentials/${credentialId}`;

/** Below the account: where a dialog about the credential opens. */
export const dialogOf = ({ type, applicationId, credentialId }: Credential, dialog: string): string => {
  const list = pages[type];
  const page = applicationId === null ? list : `apps/${applicationId}`;
  return page === undefined ? pageOfCredential({ credentialId }) : `${page}?dialog=${dialog}&about=${credentialId}`;
};
