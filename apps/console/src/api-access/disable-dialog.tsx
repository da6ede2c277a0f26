import { List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useWrite } from '../api/use-write.js';
import { ConfirmDialog } from '../common/confirm-dialog.js';
import type { Credential } from '../credentials/credential-queries.js';
import { LastUses } from '../credentials/last-uses.js';
import { webhookEndpointsQuery, type ApiAccess } from './api-access-queries.js';
import { disableApiAccess } from './api-access-writes.js';

interface Props {
  readonly accountId: string;
  readonly access: ApiAccess;
  readonly credential: Credential | undefined;
  readonly onClose: () => void;
}

const Deleted = ({ access: { authTokenMasked, ipAllowlist } }: Pick<Props, 'access'>): ReactElement => (
  <List spacing={4}>
    <List.Item>
      the auth token <code>{authTokenMasked}</code>
    </List.Item>
    <List.Item>the private salt</List.Item>
    <List.Item className="wraps">
      the IP allow-list{ipAllowlist.length === 0 ? ', which is empty' : ': '}
      <code>{ipAllowlist.join(', ')}</code>
    </List.Item>
  </List>
);

/** Where webhooks stop, as far as there are any signed with the salt. */
const StoppedWebhooks = ({ accountId }: Pick<Props, 'accountId'>): ReactElement => {
  const { data } = useQuery(webhookEndpointsQuery(accountId));
  const urls = data?.items.filter(({ scheme, enabled }) => scheme === 'mac' && enabled).map(({ url }) => url) ?? [];
  return (
    <>
      <Text>
        Webhooks signed with <code>mac</code> stop{urls.length === 0 ? '.' : ', to these endpoints:'}
      </Text>
      {urls.length > 0 && (
        <List spacing={4}>
          {urls.map((url) => (
            <List.Item key={url} className="wraps">
              {url}
            </List.Item>
          ))}
        </List>
      )}
    </>
  );
};

/** Asks before API access is disabled, with all that it deletes. */
export const DisableDialog = ({ accountId, access, credential, onClose }: Props): ReactElement => {
  const write = useWrite(() => disableApiAccess(accountId), { onDone: onClose });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Disable API access?"
      yes="Disable API access"
      no="Keep it on"
      isDangerous
      write={write}
    >
      <Text>Deletes at once, and for good:</Text>
      <Deleted access={access} />
      <StoppedWebhooks accountId={accountId} />
      {credential !== undefined && <LastUses credential={credential} />}
      <Text>To enable it again makes a new token and a new salt.</Text>
    </ConfirmDialog>
  );
};
