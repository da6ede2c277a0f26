import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Write } from '../api/use-write.js';
import { useStore } from '../api/store.js';
import { ConfirmDialog } from '../common/confirm-dialog.js';
import { shownSecret } from '../common/shown-secret.js';
import type { Credential } from '../credentials/credential-queries.js';
import { LastUses } from '../credentials/last-uses.js';

interface Props {
  readonly credential: Credential | undefined;
  readonly write: Write<readonly []>;
  readonly onClose: () => void;
}

/** Asks before the auth token is replaced. */
export const RefreshDialog = ({ credential, write, onClose }: Props): ReactElement => {
  const isSecretShown = useStore(shownSecret) !== null;
  return (
    <ConfirmDialog
      isOpen={!isSecretShown}
      onClose={onClose}
      title="Replace the auth token?"
      yes="Replace token"
      no="Keep it"
      isDangerous
      write={write}
      isWaiting={credential === undefined}
    >
      <Text>The old one stops working at once. The private salt stays.</Text>
      {credential !== undefined && <LastUses credential={credential} />}
    </ConfirmDialog>
  );
};
