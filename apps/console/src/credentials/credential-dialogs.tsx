import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { Dialog } from '../common/use-dialog.js';
import { useAccountId } from '../accounts/account-queries.js';
import { ChangeDialog } from './change-dialog.js';
import { CreateCredentialDialog } from './create-credential-dialog.js';
import { credentialQuery, useCredentialType } from './credential-queries.js';
import { DeleteDialog } from './delete-dialog.js';
import { RotateDialog } from './rotate-dialog.js';

interface Props {
  readonly dialog: Dialog;
  readonly type: string;
  /** What the type is called in a sentence: "credential". */
  readonly noun: string;
  /** In a question and on a button, where that is shorter: "key" for "API key". */
  readonly shortNoun?: string;
  /** "Create" where left out. */
  readonly createVerb?: string;
  /** "Delete" where left out. */
  readonly deleteVerb?: string;
  /** Where the page is about one application: its id. */
  readonly applicationId?: string;
}

/** The dialogs about credentials of a type, as the address names them. */
export const CredentialDialogs = ({
  dialog,
  type: typeName,
  noun,
  shortNoun = noun,
  createVerb,
  deleteVerb = 'Delete',
  applicationId,
}: Props): ReactElement | null => {
  const accountId = useAccountId();
  const type = useCredentialType(typeName);
  const { name, about, close: onClose } = dialog;
  const query = credentialQuery({ accountId, credentialId: about ?? '' });
  const { data: credential } = useQuery({ ...query, enabled: about !== null });
  if (type === undefined) return null;
  const create = (
    <CreateCredentialDialog {...{ type, noun, applicationId, onClose }} verb={createVerb} isOpen={name === 'create'} />
  );
  if (credential === undefined || about === null) return create;
  const props = { accountId, credential, noun: shortNoun, onClose };
  switch (name) {
    case 'rotate':
      return <RotateDialog {...props} type={type} />;
    case 'suspend':
    case 'resume':
    case 'revoke':
      return <ChangeDialog {...props} change={name} />;
    case 'delete':
      return <DeleteDialog {...props} verb={deleteVerb} />;
    default:
      return create;
  }
};
