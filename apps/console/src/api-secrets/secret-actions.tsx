import { ActionIcon, Group, Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import { useRefusal } from '../api/permissions.js';
import { Icon } from '../common/icons.js';
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
  const isAllowed = refusal === undefined;
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      <Tooltip label={isAllowed ? 'Remove' : `Remove: ${refusal}`}>
        <ActionIcon
          variant="subtle"
          color="red"
          c={isAllowed ? 'var(--mantine-color-error)' : undefined}
          size={32}
          data-disabled={isAllowed ? undefined : true}
          aria-disabled={isAllowed ? undefined : true}
          aria-label={`Remove ${nameOf(credential)}`}
          aria-description={refusal}
          onClick={isAllowed ? () => dialog.open('remove', credential.credentialId) : undefined}
        >
          <Icon name="trash" />
        </ActionIcon>
      </Tooltip>
      <CredentialMenu {...{ accountId, credential, type, dialog }} deleteVerb={null} />
    </Group>
  );
};
