import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, type ReactElement } from 'react';
import { RouterProvider } from 'react-router';
import { queryClient } from '../api/query-client.js';
import { useStore } from '../api/store.js';
import { shownSecret } from '../common/shown-secret.js';
import { EndedSession } from './ended-session.js';
import { router } from './routes.js';
import { session } from './session.js';
import { openSignIn, signInState } from './sign-in-state.js';
import { readableGreys, theme } from './theme.js';

/** Nothing of one person's session is shown to the next. */
const useCleanCache = (): void => {
  const subject = useStore(session)?.subject;
  useEffect(
    () => () => {
      queryClient.clear();
      shownSecret.set(null);
    },
    [subject],
  );
};

const Pages = (): ReactElement | null => {
  const { settings, problem } = useStore(signInState);
  useCleanCache();
  if (settings === undefined && problem === undefined) return null;
  return (
    <>
      <RouterProvider router={router} />
      <EndedSession />
    </>
  );
};

export const App = ({ nonce }: { readonly nonce: string }): ReactElement => {
  useEffect(() => void openSignIn(), []);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readableGreys}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queryClient}>
        <Pages />
      </QueryClientProvider>
    </MantineProvider>
  );
};
