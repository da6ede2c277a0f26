import { api, dataOf } from '../api/client.js';
import { forgetFormKey, formKey } from '../api/form-key.js';
import { toProblem } from '../api/problem.js';
import type { ApiAccess } from './api-access-queries.js';

/** Keeps the key of a form until it is refused: as long as it may have been done, a repeat shows what was issued. */
const keyed = async <R>(form: string, send: () => Promise<R>): Promise<R> => {
  try {
    return await send();
  } catch (error) {
    const { status, isPassing } = toProblem(error);
    if (!isPassing && status >= 400 && status < 500) forgetFormKey(form);
    throw error;
  }
};

const ifMatch = ({ revision }: ApiAccess) => ({ 'If-Match': `"${revision}"` });

export const enableForm = (accountId: string): string => `enable-api-access.${accountId}`;

/** Issues token and salt; the same form a second time issues nothing, and answers with the same ones. */
export const enableApiAccess = (accountId: string) => {
  const form = enableForm(accountId);
  const header = { 'Idempotency-Key': formKey(form, {}) };
  return keyed(form, () =>
    dataOf(api.POST('/v1/accounts/{accountId}/api-access', { params: { path: { accountId }, header } })),
  );
};

export const refreshForm = (accountId: string): string => `refresh-auth-token.${accountId}`;

/** Replaces the token as it was seen; the same form a second time answers with the same one. */
export const refreshAuthToken = (accountId: string, access: ApiAccess) => {
  const form = refreshForm(accountId);
  const header = { 'Idempotency-Key': formKey(form, {}), ...ifMatch(access) };
  const params = { path: { accountId }, header };
  return keyed(form, () => dataOf(api.POST('/v1/accounts/{accountId}/api-access/auth-token/refresh', { params })));
};

/** Each call is an entry in the audit trail. */
export const revealAuthToken = (accountId: string) =>
  dataOf(api.POST('/v1/accounts/{accountId}/api-access/auth-token/reveal', { params: { path: { accountId } } }));

/** What is off already stays so. */
export const disableApiAccess = (accountId: string) =>
  dataOf(api.DELETE('/v1/accounts/{accountId}/api-access', { params: { path: { accountId } } }));

/** Refused where anything of API access has changed since it was read. */
export const setIpAllowlist = (accountId: string, access: ApiAccess, cidrs: string[]) =>
  dataOf(
    api.PUT('/v1/accounts/{accountId}/ip-allowlist', {
      params: { path: { accountId }, header: ifMatch(access) },
      body: { cidrs },
    }),
  );
