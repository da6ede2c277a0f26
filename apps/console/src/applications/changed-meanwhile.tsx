import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, dataOf } from '../api/client.js';
import { useRefusal } from '../api/permissions.js';
import type { ApiProblem } from '../api/problem.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Time } from '../common/times.js';
import type { ApplicationPath } from './application-queries.js';

const changesQuery = ({ accountId, applicationId }: ApplicationPath) => ({
  queryKey: ['application-changes', accountId, applicationId],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => {
    const action: ('ApplicationChanged' | 'ApplicationEndpointsChanged')[] = [
      'ApplicationChanged',
      'ApplicationEndpointsChanged',
    ];
    const params = { path: { accountId }, query: { applicationId, action, limit: 1 } };
    return dataOf(api.GET('/v1/accounts/{accountId}/audit', { params, signal }));
  },
  gcTime: 0,
});

const Who = ({ path }: { readonly path: ApplicationPath }): ReactElement | null => {
  const { data } = useQuery(changesQuery(path));
  const [last] = data?.items ?? [];
  if (last === undefined) return null;
  return (
    <Text mt={4}>
      <span className="wraps">{last.actor.id}</span> changed {last.changes.map(({ field }) => field).join(', ')}{' '}
      <Time at={last.at} form="relative" />.
    </Text>
  );
};

interface Props {
  readonly path: ApplicationPath;
  readonly problem: ApiProblem;
  readonly shownFields?: readonly string[];
  readonly onLookAgain: () => void;
}

/** A refused change of an application: where somebody else has changed it meanwhile, who, and what. */
export const ChangedMeanwhile = ({ path, problem, shownFields = [], onLookAgain }: Props): ReactElement => {
  const mayAsk = useRefusal('ListAuditEvents', path.accountId) === undefined;
  const isConflict = problem.status === 412 || problem.status === 409;
  return (
    <ProblemNotice problem={problem} shownFields={shownFields} {...(isConflict ? { onRetry: onLookAgain } : {})}>
      {problem.status === 412 && mayAsk && <Who path={path} />}
    </ProblemNotice>
  );
};
