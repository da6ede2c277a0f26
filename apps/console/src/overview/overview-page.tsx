import { Anchor, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Link } from 'react-router';
import { useAccount, useAccountId, type Account } from '../accounts/account-queries.js';
import { planTitles } from '../accounts/plans.js';
import { useRefusal } from '../api/permissions.js';
import { toProblem } from '../api/problem.js';
import { useTrail } from '../audit/audit-queries.js';
import { useNewer } from '../audit/use-newer.js';
import { useTrailRefusal } from '../audit/use-trail-refusal.js';
import { CopiedText } from '../common/copied-text.js';
import { PageHead } from '../common/page-head.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Section } from '../common/section.js';
import { StatusBadge } from '../common/status-badge.js';
import { useCredentialTypes } from '../credentials/credential-queries.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';
import { AttentionList, type Matter } from './attention-list.js';
import { mattersOf, needsSigner, troubledEndpoints } from './attention.js';
import { InForce } from './in-force.js';
import { LastEvents } from './last-events.js';
import { credentialMatters, endpointMatter, signerMatter } from './matters.js';
import { endpointStatesQuery, hasSignerQuery, MOST_STATISTICS, someCredentialsQuery } from './overview-queries.js';

/** Entries that are looked at for secrets which nobody has confirmed to have saved. */
const LOOKED_AT = 200;

const Head = ({ account }: { readonly account: Account }): ReactElement => {
  const { accountId, name, externalId, plan, status } = account;
  return (
    <>
      <PageHead title={name} sentence="What is in force, what needs attention, and what happened last." />
      {status === 'suspended' && (
        <Text mb="md" c="var(--page-attention)">
          This account is suspended: each of its credentials is refused until it is resumed, in the{' '}
          <Anchor component={Link} to={`/accounts/${accountId}/settings`} inherit>
            settings
          </Anchor>
          .
        </Text>
      )}
      <Group gap="4px 24px" mb="xl" role="group" aria-label="Account">
        <StatusBadge status={status} />
        <span>{planTitles[plan.tier]} plan</span>
        {externalId !== null && <span className="wraps">External id {externalId}</span>}
        <CopiedText text={accountId} what="account ID" />
      </Group>
    </>
  );
};

/** What is known of an account, from a bounded number of requests. */
const useOverview = (accountId: string) => {
  const [reading, setReading] = useState(0);
  const some = useQuery(someCredentialsQuery(accountId));
  const states = useQuery(endpointStatesQuery(accountId));
  const types = useCredentialTypes();
  const asksForSigner = types !== undefined && states.data !== undefined && needsSigner(states.data);
  const signer = useQuery({ ...hasSignerQuery(accountId, types ?? []), enabled: asksForSigner });
  const trailRefusal = useTrailRefusal(accountId);
  const trail = useTrail(accountId, { limit: LOOKED_AT }, { reading, enabled: trailRefusal === undefined });
  const hasNewer = useNewer(accountId, reading);
  const onNewer = (): void => setReading((before) => before + 1);
  const lastEvents = { refusal: trailRefusal, list: trail, hasNewer, onNewer };
  return { some, states, types, trail, lastEvents, lacksSigner: asksForSigner && signer.data === false };
};

type Known = ReturnType<typeof useOverview>;

const useMatters = (accountId: string, { some, states, types = [], trail, lacksSigner }: Known): readonly Matter[] => {
  const leads = {
    accountId,
    rotate: useNewRefusal('RotateCredential'),
    revoke: useRefusal('RevokeCredential', accountId),
  };
  const { credentials = [] } = some.data ?? {};
  const endpoints = states.data ?? [];
  return [
    ...endpointMatter(accountId, troubledEndpoints(endpoints)),
    ...signerMatter(accountId, lacksSigner),
    ...credentialMatters(mattersOf({ credentials, types, entries: trail.items }, Date.now()), leads),
  ];
};

/** What is not looked at, so that an empty list does not say more than it knows. */
const notLookedAt = ({ states, lastEvents }: Known): readonly string[] => {
  const on = states.data?.filter(({ endpoint }) => endpoint.enabled).length ?? 0;
  return [
    ...(on > MOST_STATISTICS ? [`Whether more than ${MOST_STATISTICS} webhook endpoints fail is not looked at.`] : []),
    lastEvents.refusal === undefined
      ? `Whether somebody has confirmed to have saved a secret is told for the last ${LOOKED_AT} events.`
      : 'Whether somebody has confirmed to have saved a secret is in the audit trail, which your role does not read.',
  ];
};

const Attention = ({ accountId, overview }: { readonly accountId: string; readonly overview: Known }) => {
  const matters = useMatters(accountId, overview);
  const { some, states } = overview;
  const error = some.error ?? states.error;
  const isKnown = some.data !== undefined && states.data !== undefined;
  const retry = (): void => void Promise.all([some.refetch(), states.refetch()]);
  return (
    <Section id="attention" title="Needs attention">
      {error !== null && <ProblemNotice problem={toProblem(error)} onRetry={retry} />}
      {isKnown && matters.length === 0 && <Text>Nothing does.</Text>}
      <AttentionList matters={matters} />
      {isKnown &&
        notLookedAt(overview).map((each) => (
          <Text key={each} mt="xs" size="xs" c="dimmed">
            {each}
          </Text>
        ))}
    </Section>
  );
};

const Overview = ({ accountId }: { readonly accountId: string }): ReactElement | null => {
  const { data: account, error, refetch } = useAccount();
  const overview = useOverview(accountId);
  if (account === undefined) {
    return error === null ? null : <ProblemNotice problem={toProblem(error)} onRetry={() => void refetch()} />;
  }
  const { some, types = [], lastEvents } = overview;
  const { credentials = [], isComplete = true } = some.data ?? {};
  const isLoading = some.data === undefined && some.error === null;
  return (
    <>
      <Head account={account} />
      <Attention {...{ accountId, overview }} />
      <Section id="in-force" title="What is in force">
        <InForce {...{ accountId, types, credentials, isComplete, isLoading }} />
      </Section>
      <LastEvents {...{ accountId, ...lastEvents }} />
    </>
  );
};

export const Component = (): ReactElement => {
  const accountId = useAccountId();
  return <Overview key={accountId} accountId={accountId} />;
};
