import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useRefusal } from '../api/permissions.js';
import { toProblem } from '../api/problem.js';
import { AdviceList } from '../common/advice-list.js';
import { AllowedButton } from '../common/allowed-button.js';
import { CopiedText } from '../common/copied-text.js';
import { Facts } from '../common/facts.js';
import { PageHead } from '../common/page-head.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { RowMenu } from '../common/row-menu.js';
import { Section } from '../common/section.js';
import { Time } from '../common/times.js';
import { useDialog, type Dialog } from '../common/use-dialog.js';
import { CredentialDialogs } from '../credentials/credential-dialogs.js';
import { useCredentialType } from '../credentials/credential-queries.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';
import {
  applicationQuery,
  KEY_PAIR,
  useApplicationPath,
  type Application,
  type ApplicationPath,
} from './application-queries.js';
import { ConnectedEndpoints } from './connected-endpoints.js';
import { DeleteApplicationDialog } from './delete-application-dialog.js';
import { DetailsDialog } from './details-dialog.js';
import { EndpointsDialog } from './endpoints-dialog.js';
import { KeyPairs } from './key-pairs.js';

interface Props {
  readonly path: ApplicationPath;
  readonly application: Application;
  readonly dialog: Dialog;
}

const Actions = ({ path, application, dialog }: Props): ReactElement => {
  const removal = {
    label: 'Delete app…',
    run: () => dialog.open('delete-app'),
    isDangerous: true,
    refusal: useRefusal('DeleteApplication', path.accountId),
  };
  return (
    <>
      <AllowedButton
        refusal={useNewRefusal('UpdateApplication')}
        variant="default"
        onClick={() => dialog.open('details')}
      >
        Change details
      </AllowedButton>
      <RowMenu of={application.title} actions={[removal]} />
    </>
  );
};

const Information = ({ application }: Pick<Props, 'application'>): ReactElement => {
  const { applicationId, description, createdAt } = application;
  const id = <CopiedText text={applicationId} what="app ID" />;
  return (
    <Section id="information" title="App information">
      <Facts
        facts={[
          { label: 'App ID', value: id },
          { label: 'Description', value: <Text className="wraps lines-kept">{description ?? '–'}</Text> },
          { label: 'Created', value: <Time at={createdAt} /> },
        ]}
      />
    </Section>
  );
};

const Dialogs = ({ path, application, dialog }: Props): ReactElement => {
  const props = { path, application, onClose: dialog.close };
  switch (dialog.name) {
    case 'details':
      return <DetailsDialog {...props} />;
    case 'endpoints':
      return <EndpointsDialog {...props} />;
    case 'delete-app':
      return <DeleteApplicationDialog {...props} />;
    default:
      return (
        <CredentialDialogs
          dialog={dialog}
          type={KEY_PAIR}
          noun="key pair"
          createVerb="Generate"
          applicationId={path.applicationId}
        />
      );
  }
};

export const Component = (): ReactElement | null => {
  const path = useApplicationPath();
  const dialog = useDialog();
  const type = useCredentialType(KEY_PAIR);
  const { data: application, error, refetch } = useQuery(applicationQuery(path));
  if (application === undefined) {
    return error === null ? null : <ProblemNotice problem={toProblem(error)} onRetry={() => void refetch()} />;
  }
  return (
    <>
      <PageHead title={application.title} actions={<Actions {...{ path, application, dialog }} />} />
      <Information application={application} />
      <KeyPairs {...{ path, type, dialog }} />
      <ConnectedEndpoints {...{ application, dialog }} />
      <AdviceList title="Keeping keys safe" advice={type?.advice ?? []} />
      <Dialogs {...{ path, application, dialog }} />
    </>
  );
};
