import { Group } from '@mantine/core';
import type { ReactElement } from 'react';
import { useRefusal } from '../api/permissions.js';
import { toProblem } from '../api/problem.js';
import { AllowedButton } from '../common/allowed-button.js';
import { CopiedText } from '../common/copied-text.js';
import { Facts } from '../common/facts.js';
import { PageHead } from '../common/page-head.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Section } from '../common/section.js';
import { StatusBadge } from '../common/status-badge.js';
import { Time } from '../common/times.js';
import { useDialog } from '../common/use-dialog.js';
import { useAccount, type Account } from './account-queries.js';
import { NameForm } from './name-form.js';
import { PlanForm } from './plan-form.js';
import { SuspendDialog } from './suspend-dialog.js';

const Known = ({ account }: { readonly account: Account }): ReactElement => {
  const { accountId, externalId, createdAt } = account;
  return (
    <Facts
      facts={[
        { label: 'Account ID', value: <CopiedText text={accountId} what="account ID" /> },
        {
          label: 'External id',
          value: externalId === null ? '–' : <CopiedText text={externalId} what="external id" />,
        },
        { label: 'Registered', value: <Time at={createdAt} /> },
      ]}
    />
  );
};

const accessWords = {
  active: {
    change: 'suspend',
    operation: 'SuspendAccount',
    title: 'Suspend the account',
    sentence: 'Cuts the whole customer off: each of its credentials is refused, and nothing is deleted.',
    button: 'Suspend account…',
    colour: 'var(--mantine-color-error)',
  },
  suspended: {
    change: 'resume',
    operation: 'ResumeAccount',
    title: 'Resume the account',
    sentence: 'Each of its credentials is refused now, and nothing new can be made.',
    button: 'Resume account…',
    colour: undefined,
  },
} as const;

const Access = ({ account }: { readonly account: Account }): ReactElement => {
  const { accountId, status } = account;
  const dialog = useDialog();
  const { change, operation, title, sentence, button, colour } = accessWords[status];
  const refusal = useRefusal(operation, accountId);
  return (
    <Section id="access" title={title} sentence={sentence}>
      <Group gap="md">
        <StatusBadge status={status} />
        <AllowedButton
          refusal={refusal}
          variant="default"
          c={refusal === undefined ? colour : undefined}
          onClick={() => dialog.open(change)}
        >
          {button}
        </AllowedButton>
      </Group>
      {dialog.name === change && <SuspendDialog {...{ account, change }} onClose={dialog.close} />}
    </Section>
  );
};

export const Component = (): ReactElement | null => {
  const { data: account, error, refetch } = useAccount();
  if (account === undefined) {
    return error === null ? null : <ProblemNotice problem={toProblem(error)} onRetry={() => void refetch()} />;
  }
  return (
    <div key={account.accountId}>
      <PageHead title="Settings" sentence="What the account is called, what its plan is, and whether it has access." />
      <Section id="name" title="Name and ids" sentence="People see the name. The ids never change.">
        <Known account={account} />
        <NameForm account={account} />
      </Section>
      <Section id="plan" title="Plan" sentence="Decides whether live keys can be created.">
        <PlanForm account={account} />
      </Section>
      <Access account={account} />
    </div>
  );
};
