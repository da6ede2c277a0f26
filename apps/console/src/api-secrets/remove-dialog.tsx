import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog.js';
import type { Credential } from '../credentials/credential-queries.js';
import { LastUses } from '../credentials/last-uses.js';
import { useDeletion } from '../credentials/use-deletion.js';
import { SecretName } from './secret-name.js';

interface Props {
  readonly accountId: string;
  readonly credential: Credential;
  readonly onClose: () => void;
}

/** Asks before a secret is removed, by the phrase that the API supplies. */
export const RemoveDialog = ({ accountId, credential, onClose }: Props): ReactElement => {
  const deletion = useDeletion({ accountId, credentialId: credential.credentialId }, onClose);
  return (
    <ConfirmDialog {...deletion} title="Remove this API secret?" yes="Remove secret" no="Keep it">
      <SecretName of={credential} />
      <LastUses credential={credential} />
      <Text>Cannot be undone. Type the words below.</Text>
    </ConfirmDialog>
  );
};
