import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useWrite } from '../api/use-write.js';
import { ConfirmDialog } from '../common/confirm-dialog.js';
import type { Dialog } from '../common/use-dialog.js';
import { ChangedBy } from './changed-by.js';
import { whichOf, type Credential, type CredentialPath } from './credential-queries.js';
import { showChanged } from './credential-writes.js';
import { LastUses } from './last-uses.js';
import { OverlapEndDialog } from './overlap-end-dialog.js';
import { cancelRotation, finishRotation, type Receipt } from './rotation-writes.js';
import type { Version } from './versions.js';
import { WhichOne } from './which-one.js';

/** What was answered, for the page. */
export interface Done {
  readonly words: string;
  readonly position: string;
}

interface Props {
  readonly path: CredentialPath;
  readonly credential: Credential;
  /** The version that goes on beside the new one. */
  readonly old: Version;
  readonly dialog: Dialog;
  readonly onDone: (done: Done) => void;
}

type QuestionProps = Omit<Props, 'dialog' | 'old'> & { readonly onClose: () => void };

const receiptInWords = (verifiers: Receipt): string => {
  const known = verifiers.filter(({ guaranteed }) => guaranteed).length;
  if (verifiers.length === 0) return 'No verifier has reported.';
  if (known === verifiers.length) return 'Every verifier knows of it.';
  return `${known} of ${verifiers.length} verifiers know of it; the others have not said so yet.`;
};

const FinishDialog = ({ path, credential, onClose, onDone }: QuestionProps): ReactElement => {
  const write = useWrite(() => finishRotation(path, credential.revision), {
    onDone: ({ credential: finished, position, verifiers = [] }) => {
      showChanged(path.accountId, finished);
      onDone({ words: `The rotation is finished: the old secret has ended. ${receiptInWords(verifiers)}`, position });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={`Finish the rotation of ${whichOf(credential, 'credential')}?`}
      yes="Finish rotation"
      no="Keep both"
      isDangerous
      write={write}
    >
      <WhichOne credential={credential} />
      <Text>The old secret stops working at once, everywhere. The new one stays. This cannot be undone.</Text>
      <LastUses credential={credential} />
      <ChangedBy path={path} problem={write.problem} />
    </ConfirmDialog>
  );
};

const CancelDialog = ({ path, credential, onClose, onDone }: QuestionProps): ReactElement => {
  const write = useWrite(() => cancelRotation(path, credential.revision), {
    onDone: ({ position }) => {
      onDone({ words: 'The rotation is cancelled: the old secret is the current one again.', position });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={`Cancel the rotation of ${whichOf(credential, 'credential')}?`}
      yes="Cancel rotation"
      no="Keep both"
      isDangerous
      write={write}
    >
      <WhichOne credential={credential} />
      <Text>
        The new secret stops working at once, everywhere, and never works again. The old one is the current one again,
        without an end.
      </Text>
      <LastUses credential={credential} />
      <ChangedBy path={path} problem={write.problem} />
    </ConfirmDialog>
  );
};

/** The questions about a rotation that is under way, as the address names them. */
export const RotationDialogs = ({ dialog, old, ...rest }: Props): ReactElement | null => {
  const props = { ...rest, onClose: dialog.close };
  switch (dialog.name) {
    case 'finish-rotation':
      return <FinishDialog {...props} />;
    case 'overlap-end':
      return <OverlapEndDialog {...props} old={old} />;
    case 'cancel-rotation':
      return <CancelDialog {...props} />;
    default:
      return null;
  }
};
