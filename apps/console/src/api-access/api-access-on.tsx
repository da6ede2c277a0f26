import { Box, List } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Facts } from '../common/facts.js';
import { Section } from '../common/section.js';
import { StatusBadge } from '../common/status-badge.js';
import { Time } from '../common/times.js';
import type { Dialog } from '../common/use-dialog.js';
import { ChangeDialog } from '../credentials/change-dialog.js';
import { CredentialLink } from '../credentials/credential-link.js';
import { credentialQuery, type Credential } from '../credentials/credential-queries.js';
import type { ApiAccess } from './api-access-queries.js';
import { AuthToken } from './auth-token.js';
import { DisableDialog } from './disable-dialog.js';
import { IpAllowlist } from './ip-allowlist.js';
import { RefreshDialog } from './refresh-dialog.js';
import { UnconfirmedNotice } from './unconfirmed-notice.js';
import { useRefreshing } from './use-issuing.js';

interface Props {
  readonly accountId: string;
  readonly access: ApiAccess;
  readonly dialog: Dialog;
}

interface InformationProps {
  readonly access: ApiAccess;
  readonly credential: Credential | undefined;
}

const timeOr = (at: string | null, words: string): ReactElement => (at === null ? <>{words}</> : <Time at={at} />);

const Information = ({ access, credential }: InformationProps): ReactElement => (
  <Facts
    facts={[
      { label: 'Status', value: credential === undefined ? '…' : <StatusBadge status={credential.status} /> },
      { label: 'Enabled', value: timeOr(access.enabledAt, '–') },
      { label: 'Token replaced', value: timeOr(access.authTokenRefreshedAt, 'Never') },
      { label: 'Last used', value: credential === undefined ? '…' : timeOr(credential.lastUsedAt, 'Never') },
      {
        label: 'More',
        value: credential !== undefined && <CredentialLink of={credential}>Usage and history</CredentialLink>,
      },
    ]}
  />
);

const PrivateSalt = (): ReactElement => (
  <Section
    id="private-salt"
    title="Private salt"
    sentence={
      'Receivers of webhooks check with it that a call comes from us. ' +
      'It was shown when API access was enabled, and is never shown again.'
    }
  >
    <div className="secret-part salt" role="group" aria-label="Private salt">
      <code>whsec_••••••••••••••••</code>
    </div>
    <List spacing={4} mt="sm" maw={680}>
      <List.Item>
        A webhook signed with it has the header <code>mac</code>: the HMAC-SHA256 of <code>id.timestamp.body</code>, in
        lower-case hex. Id and timestamp are in <code>webhook-id</code> and <code>webhook-timestamp</code>.
      </List.Item>
      <List.Item>
        The key is what comes after <code>whsec_</code>, decoded from base64.
      </List.Item>
      <List.Item>It changes only when API access is disabled and enabled again.</List.Item>
    </List>
  </Section>
);

interface DialogsProps extends Props {
  readonly credential: Credential | undefined;
  readonly refreshing: ReturnType<typeof useRefreshing>;
}

const Dialogs = ({ accountId, access, dialog, credential, refreshing }: DialogsProps): ReactElement | null => {
  const { name, close: onClose } = dialog;
  switch (name) {
    case 'refresh':
      return <RefreshDialog {...{ credential, onClose }} write={refreshing.write} />;
    case 'disable':
      return <DisableDialog {...{ accountId, access, credential, onClose }} />;
    case 'suspend':
    case 'resume':
      return credential === undefined ? null : (
        <ChangeDialog {...{ accountId, credential, onClose }} change={name} noun="auth token" />
      );
    default:
      return null;
  }
};

/** API access that is on: token, salt, and from where it may be used. */
export const ApiAccessOn = ({ accountId, access, dialog }: Props): ReactElement => {
  const path = { accountId, credentialId: access.credentialId ?? '' };
  const { data: credential } = useQuery(credentialQuery(path));
  const refreshing = useRefreshing({
    ...{ accountId, access, credential },
    // Shown once more after a reload, it has no dialog below it.
    onClosed: () => dialog.name === 'refresh' && dialog.close(),
  });
  const { authTokenMasked, authTokenRefreshedAt } = access;
  return (
    <>
      <Section
        id="auth-token"
        title="Auth token"
        sentence={
          <>
            Sent in the header <code>X-Auth-Token</code> of each call. Replace it at once if it may have leaked.
          </>
        }
      >
        <UnconfirmedNotice title="The auth token was replaced a moment ago" issuing={refreshing} />
        <AuthToken
          key={`${authTokenMasked} ${authTokenRefreshedAt}`}
          accountId={accountId}
          masked={authTokenMasked ?? ''}
          onRefresh={() => dialog.open('refresh')}
        />
        <Box mt="md">
          <Information {...{ access, credential }} />
        </Box>
      </Section>
      <PrivateSalt />
      <IpAllowlist {...{ accountId, access }} />
      <Dialogs {...{ accountId, access, dialog, credential, refreshing }} />
    </>
  );
};
