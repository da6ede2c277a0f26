import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useNavigate } from 'react-router';
import { useWrite } from '../api/use-write.js';
import { ConfirmDialog } from '../common/confirm-dialog.js';
import type { Application, ApplicationPath } from './application-queries.js';
import { deleteApplication, showDeleted } from './application-writes.js';

interface Props {
  readonly path: ApplicationPath;
  readonly application: Application;
  readonly onClose: () => void;
}

/** Asks before an application is deleted; one that still has key pairs the API keeps, and says so. */
export const DeleteApplicationDialog = ({ path, application, onClose }: Props): ReactElement => {
  const navigate = useNavigate();
  const write = useWrite(() => deleteApplication(path, application.revision), {
    onDone: () => {
      showDeleted(path);
      void navigate(`/accounts/${path.accountId}/apps`, { replace: true });
    },
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={`Delete “${application.title}”?`}
      yes="Delete app"
      no="Keep it"
      isDangerous
      write={write}
    >
      <Text>Its details and its connected endpoints go with it. Its history stays. This cannot be undone.</Text>
    </ConfirmDialog>
  );
};
