import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useRefusal } from '../api/permissions.js';
import type { ApiProblem } from '../api/problem.js';
import { onlyWhenAsked, readTrail } from '../audit/audit-queries.js';
import { inWords } from '../audit/words.js';
import { Time } from '../common/times.js';
import type { CredentialPath } from './credential-queries.js';

interface Props {
  readonly path: CredentialPath;
  readonly problem: ApiProblem | undefined;
}

/** Where a write was refused because somebody else has changed the credential meanwhile: what, who and when. */
export const ChangedBy = ({ path, problem }: Props): ReactElement | null => {
  const { accountId, credentialId } = path;
  const mayAsk = useRefusal('ListAuditEvents', accountId) === undefined;
  const isAsked = mayAsk && problem?.status === 412;
  const { data } = useQuery({
    queryKey: ['credential-changed-by', accountId, credentialId, problem?.correlationId],
    queryFn: ({ signal }) => readTrail(accountId, { credentialId, limit: 1 }, signal),
    enabled: isAsked,
    ...onlyWhenAsked,
  });
  const last = data?.items[0];
  if (!isAsked || last === undefined) return null;
  return (
    <Text mt={4}>
      Last: {inWords(last.action)}, by <bdi className="wraps">{last.actor.id}</bdi>,{' '}
      <Time at={last.at} form="relative" />.
    </Text>
  );
};
