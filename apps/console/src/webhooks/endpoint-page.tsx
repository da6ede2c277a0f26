import { Anchor, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'react-router';
import { toProblem } from '../api/problem.js';
import { AllowedButton } from '../common/allowed-button.js';
import { CopiedText } from '../common/copied-text.js';
import { Facts } from '../common/facts.js';
import { PageHead } from '../common/page-head.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { RowMenu } from '../common/row-menu.js';
import { Section } from '../common/section.js';
import { Time } from '../common/times.js';
import { useDialog, type Dialog } from '../common/use-dialog.js';
import { AttemptsChart } from './attempts-chart.js';
import { OffSince } from './endpoint-changed.js';
import { EndpointDialogs, useEndpointActions, useSendingRefusal } from './endpoint-dialogs.js';
import { EndpointMark } from './marks.js';
import { SignedBy } from './signing-facts.js';
import {
  endpointQuery,
  statisticsQuery,
  useEndpointPath,
  type EndpointPath,
  type EndpointStatistics,
  type WebhookEndpoint,
} from './webhook-queries.js';
import { aboutHowLong, counted, schemes } from './words.js';

interface Props {
  readonly path: EndpointPath;
  readonly endpoint: WebhookEndpoint;
}

const Actions = ({ endpoint, dialog }: Pick<Props, 'endpoint'> & { readonly dialog: Dialog }): ReactElement => {
  const pingRefusal = useSendingRefusal('TestEndpoint');
  const actions = useEndpointActions(dialog)(endpoint);
  return (
    <>
      <AllowedButton
        refusal={pingRefusal(endpoint)}
        variant="default"
        onClick={() => dialog.open('ping', endpoint.endpointId)}
      >
        Send a ping
      </AllowedButton>
      <RowMenu of={endpoint.url} actions={actions} />
    </>
  );
};

const State = ({ path, endpoint }: Props): ReactElement => (
  <>
    <EndpointMark endpoint={endpoint} />
    {!endpoint.enabled && <OffSince path={path} revision={endpoint.revision} />}
  </>
);

const Types = ({ types }: Pick<WebhookEndpoint, 'types'>): ReactNode =>
  types.length === 0 ? (
    'Everything, our own events too'
  ) : (
    <Group gap={4}>
      {types.map((type) => (
        <code key={type} className="wraps">
          {type}
        </code>
      ))}
    </Group>
  );

const Information = ({ path, endpoint }: Props): ReactElement => {
  const { endpointId, description, types, scheme, createdAt } = endpoint;
  const id = <CopiedText text={endpointId} what="endpoint ID" />;
  const signature = (
    <>
      {schemes[scheme]}. <SignedBy accountId={path.accountId} scheme={scheme} />
    </>
  );
  return (
    <Section id="information" title="About it">
      <Facts
        facts={[
          { label: 'State', value: <State {...{ path, endpoint }} /> },
          { label: 'Endpoint ID', value: id },
          { label: 'Description', value: <Text className="wraps lines-kept">{description ?? '–'}</Text> },
          { label: 'Asks for', value: <Types types={types} /> },
          { label: 'Signature', value: signature },
          { label: 'Registered', value: <Time at={createdAt} /> },
        ]}
      />
    </Section>
  );
};

const timeOr = (at: string | null): ReactNode => (at === null ? 'Never' : <Time at={at} form="relative" />);

const backlogInWords = ({ count, oldestAgeSeconds }: EndpointStatistics['backlog']): string => {
  if (count === 0) return 'Nothing waits.';
  const age = oldestAgeSeconds === null ? '' : `, the oldest for ${aboutHowLong(oldestAgeSeconds)}`;
  return `${counted(count, 'delivery waits', 'deliveries wait')}${age}.`;
};

const Deliveries = ({ path }: Pick<Props, 'path'>): ReactElement => {
  const { data, error, refetch } = useQuery({ ...statisticsQuery(path), refetchInterval: 10_000 });
  return (
    <Section
      id="deliveries"
      title="Deliveries"
      action={
        <Anchor component={Link} to={`/accounts/${path.accountId}/webhooks/messages?endpointId=${path.endpointId}`}>
          Messages to it
        </Anchor>
      }
    >
      {data === undefined && error !== null && (
        <ProblemNotice problem={toProblem(error)} onRetry={() => void refetch()} />
      )}
      {data !== undefined && (
        <>
          <Facts
            facts={[
              { label: 'Last success', value: timeOr(data.lastSuccessAt) },
              { label: 'Last failure', value: timeOr(data.lastFailureAt) },
              { label: 'Backlog', value: backlogInWords(data.backlog) },
            ]}
          />
          <AttemptsChart statistics={data} />
        </>
      )}
    </Section>
  );
};

export const Component = (): ReactElement | null => {
  const path = useEndpointPath();
  const dialog = useDialog();
  const { data: endpoint, error, refetch } = useQuery(endpointQuery(path));
  if (endpoint === undefined) {
    return error === null ? null : <ProblemNotice problem={toProblem(error)} onRetry={() => void refetch()} />;
  }
  return (
    <>
      <PageHead
        title={endpoint.url}
        sentence="A webhook endpoint of this account."
        actions={<Actions {...{ endpoint, dialog }} />}
      />
      <Information {...{ path, endpoint }} />
      <Deliveries path={path} />
      <EndpointDialogs dialog={dialog} />
    </>
  );
};
