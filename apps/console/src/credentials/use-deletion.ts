import { useQuery } from '@tanstack/react-query';
import { toProblem } from '../api/problem.js';
import { useWrite } from '../api/use-write.js';
import { removalQuery, type CredentialPath } from './credential-queries.js';
import { deleteCredential, showDeleted } from './credential-writes.js';

/** What a question before a deletion needs: what follows from it, the phrase to type if there is one, and the way. */
export const useDeletion = (path: CredentialPath, onClose: () => void) => {
  const removal = useQuery(removalQuery(path));
  const write = useWrite((confirmation: string) => deleteCredential(path, confirmation), {
    onDone: () => {
      showDeleted(path);
      onClose();
    },
  });
  return {
    isOpen: true,
    isDangerous: true,
    onClose,
    consequences: removal.data?.consequences ?? [],
    phrase: removal.data?.phrase ?? null,
    write: { ...write, problem: write.problem ?? (removal.error === null ? undefined : toProblem(removal.error)) },
    isWaiting: removal.data === undefined,
  };
};
