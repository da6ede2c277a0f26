import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Link, useParams } from 'react-router';
import { useAccountId } from '../accounts/account-queries.js';
import { toProblem } from '../api/problem.js';
import { AllowedButton } from '../common/allowed-button.js';
import { PageHead } from '../common/page-head.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { useDialog, type Dialog } from '../common/use-dialog.js';
import { useLate } from '../common/use-late.js';
import { CredentialDialogs } from './credential-dialogs.js';
import { CredentialFacts } from './credential-facts.js';
import { CredentialGone } from './credential-gone.js';
import { CredentialHistory } from './credential-history.js';
import { CredentialMenu, rotateRefusal } from './credential-menu.js';
import {
  credentialQuery,
  nameOf,
  useCredentialType,
  type Credential,
  type CredentialPath,
  type CredentialType,
} from './credential-queries.js';
import { CredentialUsage } from './credential-usage.js';
import { Rotation } from './rotation.js';
import { useNewRefusal } from './use-new-refusal.js';
import { isEnded, overlapVersion } from './versions.js';
import { VersionsTimeline } from './versions-timeline.js';
import { WouldThisPass } from './would-this-pass.js';

/** While two secrets are valid one waits for the old one to fall silent: so often it is looked whether it has. */
const LOOKED_AT_MS = 15_000;

const lookAgainIn = (credential: Credential | undefined): number | false =>
  credential !== undefined && overlapVersion(credential) !== undefined ? LOOKED_AT_MS : false;

interface Props {
  readonly path: CredentialPath;
  readonly credential: Credential;
  readonly type: CredentialType | undefined;
  readonly dialog: Dialog;
}

/** What is mostly done next. What is done about a rotation stands beside it, everything else is in the menu. */
const NextStep = ({ path, credential, type, dialog }: Props): ReactElement | null => {
  const rotate = useNewRefusal('RotateCredential');
  if (type?.issuedBy === 'api-access') {
    return (
      <Button component={Link} to={`/accounts/${path.accountId}/api-access`} variant="default">
        Go to API access
      </Button>
    );
  }
  const isUnderWay = overlapVersion(credential) !== undefined && !isEnded(credential);
  if (type?.allows.rotate !== true || isUnderWay) return null;
  return (
    <AllowedButton
      refusal={rotate ?? rotateRefusal(credential)}
      onClick={() => dialog.open('rotate', credential.credentialId)}
    >
      Rotate secret
    </AllowedButton>
  );
};

const Content = (props: Props): ReactElement => {
  const { path, credential, type, dialog } = props;
  const { accountId } = path;
  return (
    <>
      <PageHead
        title={nameOf(credential)}
        actions={
          <>
            <NextStep {...props} />
            <CredentialMenu {...{ accountId, credential, type, dialog }} />
          </>
        }
      />
      <CredentialFacts {...{ path, credential, type }} />
      {type !== undefined && <Rotation {...{ path, credential, type, dialog }} />}
      <VersionsTimeline credential={credential} />
      <CredentialUsage path={path} />
      {type !== undefined && <WouldThisPass {...{ path, credential, type }} />}
      <CredentialHistory {...{ path, credential }} />
      <CredentialDialogs dialog={dialog} type={credential.type} noun="credential" />
    </>
  );
};

const Loading = (): ReactElement | null =>
  useLate(true) ? (
    <div aria-busy="true">
      <div className="grey-row" />
    </div>
  ) : null;

/** Of the address. */
const useCredentialPath = (): CredentialPath => ({
  accountId: useAccountId(),
  credentialId: useParams<'credentialId'>().credentialId ?? '',
});

export const Component = (): ReactElement => {
  const path = useCredentialPath();
  const dialog = useDialog();
  const { data, error, refetch } = useQuery({
    ...credentialQuery(path),
    refetchInterval: ({ state }) => lookAgainIn(state.data),
  });
  const type = useCredentialType(data?.type ?? '');
  const problem = error === null ? undefined : toProblem(error);
  if (problem?.status === 404) return <CredentialGone path={path} />;
  if (data !== undefined) return <Content key={path.credentialId} {...{ path, type, dialog }} credential={data} />;
  return problem === undefined ? <Loading /> : <ProblemNotice problem={problem} onRetry={() => void refetch()} />;
};
