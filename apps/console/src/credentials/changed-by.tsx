import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, dataOf } from '../api/client.js';
import { useRefusal } from '../api/permissions.js';
import type { ApiProblem } from '../api/problem.js';
import { Time } from '../common/times.js';
import type { CredentialPath } from './credential-queries.js';

interface Props {
  readonly path: CredentialPath;
  readonly problem: ApiProblem | undefined;
}

const lastQuery = ({ accountId, credentialId }: CredentialPath) => ({
  queryKey: ['credential-changed-by', accountId, credentialId],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => {
    const params = { path: { accountId }, query: { credentialId, limit: 1 } };
    return dataOf(api.GET('/v1/accounts/{accountId}/audit', { params, signal }));
  },
  gcTime: 0,
});

/** Where a write was refused because somebody else has changed the credential meanwhile: who, what and when. */
export const ChangedBy = ({ path, problem }: Props): ReactElement | null => {
  const mayAsk = useRefusal('ListAuditEvents', path.accountId) === undefined;
  const isAsked = mayAsk && problem?.status === 412;
  const { data } = useQuery({ ...lastQuery(path), enabled: isAsked });
  const last = data?.items[0];
  if (!isAsked || last === undefined) return null;
  return (
    <Text mt={4}>
      Last: <code>{last.action}</code> by <span className="wraps">{last.actor.id}</span>{' '}
      <Time at={last.at} form="relative" />.
    </Text>
  );
};
