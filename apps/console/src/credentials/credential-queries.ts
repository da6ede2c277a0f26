import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../api/client.js';
import { useRefusal } from '../api/permissions.js';
import { onlyWhenAsked, readTrail } from '../audit/audit-queries.js';
import type { components } from '../api/generated/schema.js';

type Schemas = components['schemas'];
export type Credential = Schemas['Credential'];
export type CredentialType = Schemas['CredentialType'];
export type IssuedCredential = Schemas['IssuedCredentialReply'];

/** Lists of credentials of an account, whatever their filters. */
export const credentialsKey = (accountId: string) => ['credentials', accountId] as const;

const typesQuery = queryOptions({
  queryKey: ['credential-types'],
  queryFn: ({ signal }) => dataOf(api.GET('/v1/credential-types', { signal })),
  staleTime: 5 * 60_000,
});

/** All types, in the order of the API. Undefined until they are known. */
export const useCredentialTypes = (): readonly CredentialType[] | undefined => useQuery(typesQuery).data?.items;

/** The policy of a type: its rules, its limits, its advice. Undefined until it is known. */
export const useCredentialType = (type: string): CredentialType | undefined =>
  useCredentialTypes()?.find((each) => each.type === type);

/** Path parameters of one credential. */
export interface CredentialPath {
  readonly accountId: string;
  readonly credentialId: string;
}

export const credentialQuery = (path: CredentialPath) =>
  queryOptions({
    queryKey: ['credential', path.accountId, path.credentialId],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/v1/accounts/{accountId}/credentials/{credentialId}', { params: { path: { ...path } }, signal })),
  });

/**
 * The last of what happened to it, the newest first. Each reading is recorded for ever, so it is read again only when
 * it is of another revision, or null where it is gone.
 */
const historyQuery = ({ accountId, credentialId }: CredentialPath, revision: number | null) =>
  queryOptions({
    queryKey: ['credential-history', accountId, credentialId, revision],
    queryFn: ({ signal }) => readTrail(accountId, { credentialId, limit: 10 }, signal),
    ...onlyWhenAsked,
    placeholderData: keepPreviousData,
  });

/** The history, where the role may read it; else why not. */
export const useHistory = (path: CredentialPath, revision: number | null) => {
  const refusal = useRefusal('ListAuditEvents', path.accountId);
  return { refusal, ...useQuery({ ...historyQuery(path, revision), enabled: refusal === undefined }) };
};

/** What removing it means, and the phrase to type where its type asks for one. */
export const removalQuery = (path: CredentialPath) =>
  queryOptions({
    queryKey: ['removal', path.accountId, path.credentialId],
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/v1/accounts/{accountId}/credentials/{credentialId}/removal', {
          params: { path: { ...path } },
          signal,
        }),
      ),
    // The phrase is for this moment.
    gcTime: 0,
    staleTime: 0,
  });

/** What people call it: its name, else its description, else what is seen of its secret. */
export const nameOf = ({ name, description, maskedSecret }: Credential): string => name ?? description ?? maskedSecret;

/** As a question names it: by its name, which no other one has, else "this key". */
export const whichOf = ({ name }: Credential, noun: string): string => (name === null ? `this ${noun}` : `“${name}”`);
