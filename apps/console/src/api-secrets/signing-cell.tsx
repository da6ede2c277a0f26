import { Group } from '@mantine/core';
import type { ReactElement } from 'react';
import { useRefusal } from '../api/permissions.js';
import { AllowedButton } from '../common/allowed-button.js';
import { Icon } from '../common/icons.js';
import type { Dialog } from '../common/use-dialog.js';
import type { Credential } from '../credentials/credential-queries.js';

const signingRefusal = ({ status, expiresAt }: Credential): string | undefined => {
  if (status !== 'active') return 'Only an active secret can sign.';
  return expiresAt === null ? undefined : 'A secret that expires cannot sign.';
};

interface Props {
  readonly accountId: string;
  readonly credential: Credential;
  readonly dialog: Dialog;
}

/** That it signs the webhooks of the account, or the way to let it. */
export const SigningCell = ({ accountId, credential, dialog }: Props): ReactElement => {
  const refusal = useRefusal('SetWebhookSigner', accountId);
  if (credential.webhookSigner) {
    return (
      <Group component="span" display="inline-flex" gap={6} wrap="nowrap" className="signer-badge">
        <Icon name="check" size={14} />
        Signs webhooks
      </Group>
    );
  }
  return (
    <AllowedButton
      size="xs"
      variant="default"
      refusal={refusal ?? signingRefusal(credential)}
      onClick={() => dialog.open('sign', credential.credentialId)}
    >
      Use with webhooks
    </AllowedButton>
  );
};
