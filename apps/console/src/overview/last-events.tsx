import { Anchor, Button, Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link, useNavigate } from 'react-router';
import { AuditEntries } from '../audit/audit-entries.js';
import { trailAddress, type AuditItem } from '../audit/audit-queries.js';
import { nameOfEntry } from '../audit/entry-dialog.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Section } from '../common/section.js';
import type { List } from '../common/use-list.js';

const SHOWN = 6;

interface Props {
  readonly accountId: string;
  readonly refusal: string | undefined;
  readonly list: List<AuditItem>;
  readonly hasNewer: boolean;
  readonly onNewer: () => void;
}

const Entries = ({ accountId, list, hasNewer, onNewer }: Omit<Props, 'refusal'>): ReactElement => {
  const navigate = useNavigate();
  const onOpen = (entry: AuditItem): void => {
    const about = nameOfEntry(entry);
    void navigate(trailAddress(accountId, { dialog: 'entry', about }));
  };
  return (
    <>
      {hasNewer && (
        <Button variant="default" size="xs" mb="xs" onClick={onNewer}>
          Show newer entries
        </Button>
      )}
      {list.problem === undefined ? (
        <AuditEntries
          label="Last events"
          entries={list.items.slice(0, SHOWN)}
          isLoading={list.isLoading}
          onOpen={onOpen}
        />
      ) : (
        <ProblemNotice problem={list.problem} onRetry={list.readAgain} />
      )}
    </>
  );
};

/** What happened in the account last, for those who may read its audit trail. */
export const LastEvents = ({ refusal, ...props }: Props): ReactElement => (
  <Section
    id="last-events"
    title="Last events"
    {...(refusal === undefined ? { sentence: 'That you read them is recorded as well.' } : {})}
    action={
      refusal === undefined && (
        <Group>
          <Anchor component={Link} to={trailAddress(props.accountId)}>
            The whole audit trail
          </Anchor>
        </Group>
      )
    }
  >
    {refusal === undefined ? <Entries {...props} /> : <Text>{refusal}</Text>}
  </Section>
);
