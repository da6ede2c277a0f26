import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useRefusal } from '../api/permissions.js';
import type { ApiProblem } from '../api/problem.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Time } from '../common/times.js';
import { onlyWhenAsked, readTrail, type AuditItem, type TrailQuery } from './audit-queries.js';

/** Which changes of others may be why. */
export interface Changes {
  readonly accountId: string;
  readonly action: AuditItem['action'][];
  readonly applicationId?: string;
}

const Who = ({ accountId, ...filters }: Changes): ReactElement | null => {
  const query: TrailQuery = { ...filters, limit: 1 };
  const { data } = useQuery({
    queryKey: ['audit-last', accountId, query],
    queryFn: ({ signal }) => readTrail(accountId, query, signal),
    ...onlyWhenAsked,
  });
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
  readonly changes: Changes;
  readonly problem: ApiProblem;
  readonly shownFields?: readonly string[];
  readonly onLookAgain: () => void;
}

/** A refused change: where somebody else has changed it meanwhile, who, and what. */
export const ChangedMeanwhile = ({ changes, problem, shownFields = [], onLookAgain }: Props): ReactElement => {
  const mayAsk = useRefusal('ListAuditEvents', changes.accountId) === undefined;
  const isConflict = problem.status === 412 || problem.status === 409;
  return (
    <ProblemNotice problem={problem} shownFields={shownFields} {...(isConflict ? { onRetry: onLookAgain } : {})}>
      {problem.status === 412 && mayAsk && <Who {...changes} />}
    </ProblemNotice>
  );
};
