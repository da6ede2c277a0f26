import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { api, dataOf } from '../api/client.js';
import { useWrite } from '../api/use-write.js';
import { ConfirmDialog } from '../common/confirm-dialog.js';
import type { Credential } from '../credentials/credential-queries.js';
import { showChanged } from '../credentials/credential-writes.js';
import { SecretName } from './secret-name.js';

interface Props {
  readonly accountId: string;
  readonly credential: Credential;
  /** Which one signs now; undefined where none does. */
  readonly signer: Credential | undefined;
  readonly onClose: () => void;
}

const setSigner = (accountId: string, credentialId: string) =>
  dataOf(
    api.PUT('/v1/accounts/{accountId}/webhook-signer', { params: { path: { accountId } }, body: { credentialId } }),
  );

/** Asks before another secret signs the webhooks of the account. */
export const UseWithWebhooksDialog = ({ accountId, credential, signer, onClose }: Props): ReactElement => {
  const write = useWrite(() => setSigner(accountId, credential.credentialId), {
    onDone: (answer) => {
      if (signer !== undefined) showChanged(accountId, { ...signer, webhookSigner: false });
      showChanged(accountId, answer.credential);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Sign webhooks with this secret?"
      yes="Use with webhooks"
      no="Leave as it is"
      write={write}
    >
      <Text>
        From: {signer === undefined ? 'no secret' : <SecretName of={signer} />}
        <br />
        To: <SecretName of={credential} />
      </Text>
      <Text>
        New webhooks are signed with it from now on. Receivers need it first; start with a rotation if they cannot have
        both.
      </Text>
    </ConfirmDialog>
  );
};
