import { Anchor, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { toProblem } from '../api/problem.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Section } from '../common/section.js';
import { useHistory, type Credential, type CredentialPath } from './credential-queries.js';

interface Props {
  readonly path: CredentialPath;
  readonly credential: Credential;
}

/** The last of what happened to it. */
export const CredentialHistory = ({ path, credential }: Props): ReactElement => {
  const { data, error, refusal, refetch } = useHistory(path, credential.revision);
  return (
    <Section
      id="history"
      title="History"
      sentence="The last of what happened to it. Looking at it is noted."
      action={
        refusal === undefined && (
          <Anchor component={Link} to={`/accounts/${path.accountId}/audit?credentialId=${path.credentialId}`}>
            Full audit trail
          </Anchor>
        )
      }
    >
      {refusal !== undefined && <Text c="dimmed">{refusal}</Text>}
      {error !== null && <ProblemNotice problem={toProblem(error)} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <ul>
          {data.items.map(({ eventId, action }) => (
            <li key={eventId}>{action}</li>
          ))}
        </ul>
      )}
    </Section>
  );
};
