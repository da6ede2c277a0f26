import { Anchor, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link, useNavigate } from 'react-router';
import { toProblem } from '../api/problem.js';
import { AuditEntries } from '../audit/audit-entries.js';
import { trailAddress, type AuditItem } from '../audit/audit-queries.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Section } from '../common/section.js';
import { useHistory, type Credential, type CredentialPath } from './credential-queries.js';
import { entryAddress } from './entry-address.js';

interface Props {
  readonly path: CredentialPath;
  readonly credential: Credential;
}

/** The last of what happened to it. */
export const CredentialHistory = ({ path, credential }: Props): ReactElement => {
  const { accountId, credentialId } = path;
  const navigate = useNavigate();
  const open = (entry: AuditItem): void => void navigate(entryAddress(path, entry));
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
        <AuditEntries
          label="History"
          entries={data?.items ?? []}
          about={credentialId}
          onOpen={open}
          isLoading={data === undefined}
        />
      )}
    </Section>
  );
};
