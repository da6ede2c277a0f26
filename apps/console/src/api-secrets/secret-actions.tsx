import { Group } from '@mantine/core';
import type { ReactElement } from 'react';
import { useRefusal } from '../api/permissions.js';
import { AllowedIcon } from '../common/allowed-icon.js';
import type { Dialog } from '../common/use-dialog.js';
import { CredentialMenu, signerRefusal } from '../credentials/credential-menu.js';
import { nameOf, type Credential, type CredentialType } from '../credentials/credential-queries.js';

interface Props {
  readonly accountId: string;
  readonly credential: Credential;
  readonly type: CredentialType | undefined;
  readonly dialog: Dialog;
}

/** Removing by the red button; everything else by the menu beside it. */
export const SecretActions = ({ accountId, credential, type, dialog }: Props): ReactElement => {
  const refusal = useRefusal('DeleteCredential', accountId) ?? signerRefusal(credential);
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      <AllowedIcon
        icon="trash"
        label={`Remove ${nameOf(credential)}`}
        hint="Remove"
        refusal={refusal}
        isDangerous
        onClick={() => dialog.open('remove', credential.credentialId)}
      />
      <CredentialMenu {...{ accountId, credential, type, dialog }} deleteVerb={null} />
    </Group>
  );
};
