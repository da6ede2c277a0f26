import { Text, TextInput } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { useWrite } from '../api/use-write.js';
import { ConfirmDialog } from '../common/confirm-dialog.js';
import { errorOf } from '../common/field-errors.js';
import { whichOf, type Credential } from './credential-queries.js';
import { changes, showChanged, type Change } from './credential-writes.js';
import { LastUses } from './last-uses.js';
import { WhichOne } from './which-one.js';

interface Words {
  readonly question: (which: string) => string;
  readonly follows: string;
  readonly yes: (noun: string) => string;
  readonly no: string;
  readonly isDangerous: boolean;
}

const wordsFor: Readonly<Record<Change, Words>> = {
  suspend: {
    question: (which) => `Suspend ${which}?`,
    follows: 'It is refused at once, everywhere, until you resume it. Nothing is deleted.',
    yes: (noun) => `Suspend ${noun}`,
    no: 'Leave it',
    isDangerous: false,
  },
  resume: {
    question: (which) => `Resume ${which}?`,
    follows: 'It is accepted again at once, everywhere.',
    yes: (noun) => `Resume ${noun}`,
    no: 'Leave it',
    isDangerous: false,
  },
  revoke: {
    question: (which) => `Revoke ${which}?`,
    follows:
      'Permanent, at once, everywhere: it cannot be undone, and its secret cannot be shown again. ' +
      'What was made with it stays.',
    yes: (noun) => `Revoke ${noun}`,
    no: 'Keep it',
    isDangerous: true,
  },
};

interface Props {
  readonly accountId: string;
  readonly credential: Credential;
  readonly change: Change;
  readonly noun: string;
  readonly onClose: () => void;
}

/** Asks before a credential is suspended, resumed or revoked. */
export const ChangeDialog = ({ accountId, credential, change, noun, onClose }: Props): ReactElement => {
  const { question, follows, yes, no, isDangerous } = wordsFor[change];
  const { credentialId } = credential;
  const [reason, setReason] = useState('');
  const write = useWrite(() => changes[change]({ accountId, credentialId }, reason.trim()), {
    onDone: (answer) => {
      showChanged(accountId, answer.credential);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={question(whichOf(credential, noun))}
      yes={yes(noun)}
      no={no}
      isDangerous={isDangerous}
      write={write}
    >
      <WhichOne credential={credential} />
      <Text>{follows}</Text>
      {change !== 'resume' && <LastUses credential={credential} />}
      {change === 'revoke' && (
        <TextInput
          label="Reason"
          description="Not needed. It is kept in the audit trail."
          autoComplete="off"
          value={reason}
          error={errorOf(write.problem, 'reason')}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
    </ConfirmDialog>
  );
};
