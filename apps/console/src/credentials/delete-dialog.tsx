import type { ReactElement } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog.js';
import { whichOf, type Credential } from './credential-queries.js';
import { LastUses } from './last-uses.js';
import { useDeletion } from './use-deletion.js';
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
  const deletion = useDeletion({ accountId, credentialId: credential.credentialId }, onClose);
  return (
    <ConfirmDialog {...deletion} title={`${verb} ${whichOf(credential, noun)}?`} yes={`${verb} ${noun}`} no="Keep it">
      <WhichOne credential={credential} />
      <LastUses credential={credential} />
    </ConfirmDialog>
  );
};
