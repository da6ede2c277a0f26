import { Anchor, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { toProblem } from '../api/problem.js';
import { auditColumns } from '../audit/audit-entries.js';
import { trailAddress } from '../audit/audit-queries.js';
import { ListTable } from '../common/list-table.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Section } from '../common/section.js';
import { useHistory, type Credential, type CredentialPath } from './credential-queries.js';

interface Props {
  readonly path: CredentialPath;
  readonly credential: Credential;
}

/** The last of what happened to it. */
export const CredentialHistory = ({ path, credential }: Props): ReactElement => {
  const { accountId, credentialId } = path;
  const { data, error, refusal, refetch } = useHistory(path, credential.revision);
  return (
    <Section
      id="history"
      title="History"
      sentence="The last of what happened to it. That you look at it is noted, too."
      action={
        refusal === undefined && (
          <Anchor component={Link} to={trailAddress(accountId, { credentialId })}>
            Full audit trail
          </Anchor>
        )
      }
    >
      {refusal !== undefined && <Text c="dimmed">{refusal}</Text>}
      {error !== null && <ProblemNotice problem={toProblem(error)} onRetry={() => void refetch()} />}
      {refusal === undefined && error === null && (
        <ListTable
          label="History"
          columns={auditColumns({ about: credentialId })}
          items={data?.items ?? []}
          keyOf={({ eventId }) => eventId}
          isLoading={data === undefined}
        />
      )}
    </Section>
  );
};
