import { List, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useAccountId } from '../accounts/account-queries.js';
import { useRefusal } from '../api/permissions.js';
import { toProblem } from '../api/problem.js';
import { lookAgain } from '../api/query-client.js';
import { AllowedButton } from '../common/allowed-button.js';
import { PageHead } from '../common/page-head.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { useDialog, type Dialog } from '../common/use-dialog.js';
import { CredentialMenu } from '../credentials/credential-menu.js';
import { credentialQuery, useCredentialType } from '../credentials/credential-queries.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';
import { ApiAccessOn } from './api-access-on.js';
import { apiAccessQuery, TYPE, type ApiAccess } from './api-access-queries.js';
import { UnconfirmedNotice } from './unconfirmed-notice.js';
import { useEnabling } from './use-issuing.js';

interface OffProps {
  readonly enabling: ReturnType<typeof useEnabling>;
}

const Off = ({ enabling: { write, isReady } }: OffProps): ReactElement => {
  const advice = useCredentialType(TYPE)?.advice ?? [];
  const refusal = useNewRefusal('EnableApiAccess');
  return (
    <Stack align="flex-start" maw={680}>
      <Text fw={600}>API access is off.</Text>
      <Text>
        It lets the systems of this account call your API with one auth token. With the private salt that comes with it
        they check that webhooks come from you.
      </Text>
      <AllowedButton refusal={refusal} loading={write.isRunning || !isReady} onClick={() => void write.run()}>
        Enable API
      </AllowedButton>
      {write.problem !== undefined && <ProblemNotice problem={write.problem} onRetry={() => lookAgain(write.forget)} />}
      <List spacing={4}>
        {advice.map((each) => (
          <List.Item key={each}>{each}</List.Item>
        ))}
      </List>
    </Stack>
  );
};

interface ActionsProps {
  readonly accountId: string;
  readonly access: ApiAccess;
  readonly dialog: Dialog;
}

const Actions = ({ accountId, access, dialog }: ActionsProps): ReactElement => {
  const type = useCredentialType(TYPE);
  const { data: credential } = useQuery(credentialQuery({ accountId, credentialId: access.credentialId ?? '' }));
  const refusal = useRefusal('DisableApiAccess', accountId);
  return (
    <>
      <AllowedButton
        variant="default"
        c={refusal === undefined ? 'var(--mantine-color-error)' : undefined}
        refusal={refusal}
        onClick={() => dialog.open('disable')}
      >
        Disable API
      </AllowedButton>
      {credential !== undefined && <CredentialMenu {...{ accountId, credential, type, dialog }} />}
    </>
  );
};

interface ContentProps extends ActionsProps {
  readonly enabling: ReturnType<typeof useEnabling>;
}

const Content = ({ enabling, ...props }: ContentProps): ReactElement =>
  props.access.enabled ? (
    <>
      <UnconfirmedNotice title="API access was enabled a moment ago" issuing={enabling} />
      <ApiAccessOn {...props} />
    </>
  ) : (
    <Off enabling={enabling} />
  );

export const Component = (): ReactElement => {
  const accountId = useAccountId();
  const dialog = useDialog();
  const { data: access, error, refetch } = useQuery(apiAccessQuery(accountId));
  const enabling = useEnabling(accountId);
  return (
    <>
      <PageHead
        title="API access"
        sentence="One auth token and one private salt for the whole account, on or off together."
        actions={access?.enabled === true && <Actions {...{ accountId, access, dialog }} />}
      />
      {access === undefined && error !== null && (
        <ProblemNotice problem={toProblem(error)} onRetry={() => void refetch()} />
      )}
      {access !== undefined && <Content {...{ accountId, access, dialog, enabling }} />}
    </>
  );
};
