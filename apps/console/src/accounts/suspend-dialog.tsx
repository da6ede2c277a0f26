import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { api, dataOf } from '../api/client.js';
import { useWrite } from '../api/use-write.js';
import { ConfirmDialog } from '../common/confirm-dialog.js';
import type { Account } from './account-queries.js';
import { showAccount } from './use-account-form.js';

const wordsFor = {
  suspend: {
    verb: 'Suspend',
    follows: 'Every credential of it is refused until you resume it. Nothing is deleted.',
    send: (accountId: string) =>
      dataOf(api.POST('/v1/accounts/{accountId}/suspend', { params: { path: { accountId } } })),
  },
  resume: {
    verb: 'Resume',
    follows: 'Its credentials are accepted again at once, but for those that are inactive themselves.',
    send: (accountId: string) =>
      dataOf(api.POST('/v1/accounts/{accountId}/resume', { params: { path: { accountId } } })),
  },
} as const;

interface Props {
  readonly account: Account;
  readonly change: keyof typeof wordsFor;
  readonly onClose: () => void;
}

/** Asks before a whole customer is cut off, or let in again. */
export const SuspendDialog = ({ account, change, onClose }: Props): ReactElement => {
  const { verb, follows, send } = wordsFor[change];
  const write = useWrite(() => send(account.accountId), {
    onDone: (answer) => {
      showAccount(answer.account);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={`${verb} ${account.name}?`}
      yes={`${verb} account`}
      no="Leave it"
      isDangerous={change === 'suspend'}
      write={write}
    >
      <Text>{follows}</Text>
    </ConfirmDialog>
  );
};
