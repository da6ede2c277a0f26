import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { toProblem } from '../api/problem.js';
import { useWrite } from '../api/use-write.js';
import { ConfirmDialog } from '../common/confirm-dialog.js';
import { lookAgain, removalQuery, whichOf, type Credential } from './credential-queries.js';
import { deleteCredential, showDeleted } from './credential-writes.js';
import { LastUses } from './last-uses.js';
import { WhichOne } from './which-one.js';

interface Props {
  readonly accountId: string;
  readonly credential: Credential;
  readonly noun: string;
  /** "Delete", or "Remove" for what is called so. */
  readonly verb: string;
  readonly onClose: () => void;
}

/** Asks before a credential is deleted, with what the API says that follows, and its phrase where one is asked for. */
export const DeleteDialog = ({ accountId, credential, noun, verb, onClose }: Props): ReactElement => {
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
      title={`${verb} ${whichOf(credential, noun)}?`}
      consequences={removal.data?.consequences ?? []}
      phrase={removal.data?.phrase ?? null}
      yes={`${verb} ${noun}`}
      no="Keep it"
      isDangerous
      isRunning={write.isRunning || removal.data === undefined}
      problem={write.problem ?? (removal.error === null ? undefined : toProblem(removal.error))}
      onConfirm={(confirmation) => void write.run(confirmation)}
      onLookAgain={() => lookAgain(onClose)}
    >
      <WhichOne credential={credential} />
      <LastUses credential={credential} />
    </ConfirmDialog>
  );
};
