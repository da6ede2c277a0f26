import type { ReactElement } from 'react';
import type { ApiProblem } from '../api/problem.js';
import { ProblemNotice } from '../common/problem-notice.js';
import type { AuditItem } from './audit-queries.js';
import { LastChange } from './last-change.js';

/** Which changes of others may be why. */
export interface Changes {
  readonly accountId: string;
  readonly action: AuditItem['action'][];
  readonly applicationId?: string;
}

interface Props {
  readonly changes: Changes;
  readonly problem: ApiProblem;
  readonly shownFields?: readonly string[];
  readonly onLookAgain: () => void;
}

/** A refused change: where somebody else has changed it meanwhile, who, and what. */
export const ChangedMeanwhile = ({ changes, problem, shownFields = [], onLookAgain }: Props): ReactElement => {
  const { accountId, ...query } = changes;
  const isConflict = problem.status === 412 || problem.status === 409;
  return (
    <ProblemNotice problem={problem} shownFields={shownFields} {...(isConflict ? { onRetry: onLookAgain } : {})}>
      {problem.status === 412 && <LastChange accountId={accountId} query={query} reading={problem.correlationId} />}
    </ProblemNotice>
  );
};
