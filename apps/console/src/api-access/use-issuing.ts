import { useState } from 'react';
import { isCreatedUnconfirmed, isSent } from '../api/form-key.js';
import { useStore } from '../api/store.js';
import { useWrite } from '../api/use-write.js';
import { shownSecret } from '../common/shown-secret.js';
import { useCredentialType, type Credential, type IssuedCredential } from '../credentials/credential-queries.js';
import { showIssued } from '../credentials/credential-writes.js';
import { TYPE, type ApiAccess } from './api-access-queries.js';
import { enableApiAccess, enableForm, refreshAuthToken, refreshForm } from './api-access-writes.js';

type Answer = Pick<IssuedCredential, 'position' | 'secretUnavailable'>;

/** Shows what was issued, or says why it cannot be shown any more. */
const useShowing = (accountId: string, form: string, isKnown: (form: string) => boolean, onClosed: () => void) => {
  const type = useCredentialType(TYPE);
  const [whyNot, setWhyNot] = useState<string>();
  const show = (answer: Answer, credential: Credential, secret: Record<string, string | null>, title: string): void => {
    if (type === undefined) return;
    showIssued({ ...answer, credential, secret }, { accountId, type, form, title, onClosed, onUnshown: setWhyNot });
  };
  const isSecretShown = useStore(shownSecret) !== null;
  /** Whether nobody has confirmed that the secret is saved. */
  const isUnconfirmed = !isSecretShown && isKnown(form);
  return { show, whyNot, isUnconfirmed, isReady: type !== undefined };
};

const nothing = (): void => undefined;

export const useEnabling = (accountId: string) => {
  const { show, ...rest } = useShowing(accountId, enableForm(accountId), isSent, nothing);
  const write = useWrite(() => enableApiAccess(accountId), {
    onDone: (answer) => {
      const { credential, authToken, privateSalt } = answer;
      show(answer, credential, { authToken, privateSalt }, 'API access enabled');
    },
  });
  return { write, ...rest };
};

interface Refreshing {
  readonly accountId: string;
  readonly access: ApiAccess;
  readonly credential: Credential | undefined;
  /** Once the secret is closed; before that nothing may leave the page. */
  readonly onClosed: () => void;
}

export const useRefreshing = ({ accountId, access, credential, onClosed }: Refreshing) => {
  // That it was sent is not enough: what was never done would be done by showing it once more, and nobody was asked.
  const { show, ...rest } = useShowing(accountId, refreshForm(accountId), isCreatedUnconfirmed, onClosed);
  const write = useWrite(() => refreshAuthToken(accountId, access), {
    onDone: (answer) => {
      if (credential !== undefined) show(answer, credential, { authToken: answer.authToken }, 'Auth token replaced');
    },
  });
  return { write, ...rest };
};
