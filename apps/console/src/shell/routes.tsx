import { useEffect, useState, type ReactElement } from 'react';
import { createBrowserRouter, Navigate, useNavigate } from 'react-router';
import { useStore } from '../api/store.js';
import { Frame } from './frame.js';
import { lastAccounts } from './last-accounts.js';
import { NotFoundPage, PageFailed } from './page-failures.js';
import { session } from './session.js';
import { SignInPage } from './sign-in-page.js';
import { finishSignIn, signInState } from './sign-in-state.js';

/** The page that was asked for stays in the address while one signs in. */
const SignedIn = (): ReactElement => (useStore(session) === null ? <SignInPage /> : <Frame />);

const Start = (): ReactElement => {
  const [last] = useStore(lastAccounts);
  return <Navigate to={last === undefined ? '/accounts' : `/accounts/${last}`} replace />;
};

/** Where a sign-in link leads: the code was exchanged before anything was shown. */
const AfterLink = (): ReactElement => (useStore(session) === null ? <SignInPage /> : <Navigate to="/" replace />);

/** Where the identity provider sends people back to. */
const AfterProvider = (): ReactElement => {
  const navigate = useNavigate();
  const { settings } = useStore(signInState);
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    if (settings === undefined) return;
    void finishSignIn().then((place) => (place === null ? setFailed(true) : navigate(place, { replace: true })));
  }, [settings, navigate]);
  return hasFailed ? <SignInPage /> : <></>;
};

export const router = createBrowserRouter(
  [
    { path: '/sign-in', element: <AfterLink /> },
    { path: '/signed-in', element: <AfterProvider /> },
    {
      element: <SignedIn />,
      errorElement: <PageFailed />,
      children: [
        { index: true, element: <Start /> },
        { path: 'accounts', lazy: () => import('../accounts/accounts-page.js') },
        { path: 'accounts/:accountId', lazy: () => import('../overview/overview-page.js') },
        { path: 'accounts/:accountId/audit', lazy: () => import('../audit/audit-page.js') },
        { path: 'accounts/:accountId/settings', lazy: () => import('../accounts/settings-page.js') },
        { path: 'audit', lazy: () => import('../audit/audit-page.js') },
        {
          path: 'accounts/:accountId/client-credentials',
          lazy: () => import('../client-credentials/client-credentials-page.js'),
        },
        { path: 'accounts/:accountId/api-access', lazy: () => import('../api-access/api-access-page.js') },
        { path: 'accounts/:accountId/api-keys', lazy: () => import('../api-keys/api-keys-page.js') },
        { path: 'accounts/:accountId/apps', lazy: () => import('../applications/applications-page.js') },
        { path: 'accounts/:accountId/apps/new', lazy: () => import('../applications/new-application-page.js') },
        {
          path: 'accounts/:accountId/apps/:applicationId',
          lazy: () => import('../applications/application-page.js'),
        },
        {
          path: 'accounts/:accountId/credentials/:credentialId',
          lazy: () => import('../credentials/credential-page.js'),
        },
        { path: 'accounts/:accountId/types/:type', lazy: () => import('../credentials/type-page.js') },
        { path: 'accounts/:accountId/api-secrets', lazy: () => import('../api-secrets/api-secrets-page.js') },
        { path: 'accounts/:accountId/webhooks', lazy: () => import('../webhooks/endpoints-page.js') },
        { path: 'accounts/:accountId/webhooks/messages', lazy: () => import('../webhooks/messages-page.js') },
        {
          path: 'accounts/:accountId/webhooks/endpoints/:endpointId',
          lazy: () => import('../webhooks/endpoint-page.js'),
        },
        {
          path: 'accounts/:accountId/webhooks/messages/:messageId',
          lazy: () => import('../webhooks/message-page.js'),
        },
        { path: 'endpoints', lazy: () => import('../catalogue/catalogue-page.js') },
        { path: 'installation', lazy: () => import('../installation/installation-page.js') },
        { path: '*', element: <NotFoundPage /> },
      ],
    },
  ],
  { basename: '/console' },
);
