import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { toProblem } from '../api/problem.js';
import { useWrite } from '../api/use-write.js';
import { ConfirmDialog } from '../common/confirm-dialog.js';
import { lookAgain, removalQuery, type Credential } from '../credentials/credential-queries.js';
import { deleteCredential, showDeleted } from '../credentials/credential-writes.js';
import { LastUses } from '../credentials/last-uses.js';
import { SecretName } from './secret-name.js';

interface Props {
  readonly accountId: string;
  readonly credential: Credential;
  readonly onClose: () => void;
}

/** Asks before a secret is removed, by the phrase that the API supplies. */
export const RemoveDialog = ({ accountId, credential, onClose }: Props): ReactElement => {
  const path = { accountId, credentialId: credential.credentialId };
  const removal = useQuery(removalQuery(path));
  const write = useWrite((confirmation: string) => deleteCredential(path, confirmation), {
    onDone: () => {
      showDeleted(path);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Remove this API secret?"
      consequences={removal.data?.consequences ?? []}
      phrase={removal.data?.phrase ?? null}
      yes="Remove secret"
      no="Keep it"
      isDangerous
      isRunning={write.isRunning || removal.isPending}
      problem={write.problem ?? (removal.error === null ? undefined : toProblem(removal.error))}
      onLookAgain={() => lookAgain(onClose)}
      onConfirm={(confirmation) => void write.run(confirmation)}
    >
      <SecretName of={credential} />
      <LastUses credential={credential} />
      <Text>Cannot be undone. Type the words below.</Text>
    </ConfirmDialog>
  );
};
