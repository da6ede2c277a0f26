import { AppShell, Box, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useEffect, type ReactElement } from 'react';
import { NavLink, Outlet, useLocation, useNavigate, useParams } from 'react-router';
import { accountQuery } from '../accounts/account-queries.js';
import { toProblem } from '../api/problem.js';
import { followFeed } from '../api/feed.js';
import { useRefusal } from '../api/permissions.js';
import { SecretDialog } from '../common/secret-dialog.js';
import { useCredentialTypes } from '../credentials/credential-queries.js';
import { hasOwnPage, pathOfType } from '../credentials/type-place.js';
import { UnshownSecret } from '../credentials/unshown-secret.js';
import { AccountSwitcher } from './account-switcher.js';
import { KeyboardHelp } from './keyboard-help.js';
import { listenToKeys, useShortcut } from './keyboard.js';
import { forgetAccount, noteAccount } from './last-accounts.js';
import { accountPlaces, installationPlaces, type Place } from './places.js';
import { PreferencesMenu } from './preferences-menu.js';
import { TopLine } from './top-line.js';

const RailLink = ({
  place,
  base,
  onGo,
}: {
  readonly place: Place;
  readonly base: string;
  readonly onGo: () => void;
}) => {
  const navigate = useNavigate();
  const target = place.path === '' ? base : `${base}/${place.path}`;
  const go = place.key === undefined ? undefined : (): void => void navigate(target);
  useShortcut(`g ${place.key}`, `Go to ${place.title}`, go);
  return (
    <NavLink className="rail-link" to={target} end={place.path === '' || place.path === 'accounts'} onClick={onGo}>
      {place.title}
    </NavLink>
  );
};

/** The pages of types that come from files of this installation stand behind those of the others. */
const usePlaces = (): readonly Place[] => {
  const further = (useCredentialTypes() ?? []).filter(({ type }) => !hasOwnPage(type));
  const after = accountPlaces.findIndex(({ path }) => path === pathOfType('api_secret')) + 1;
  return accountPlaces.toSpliced(
    after,
    0,
    ...further.map(({ type, title }): Place => ({ path: pathOfType(type), title })),
  );
};

const Rail = ({ onGo }: { readonly onGo: () => void }): ReactElement => {
  const { accountId } = useParams<'accountId'>();
  const places = usePlaces();
  const { data: account, error } = useQuery({ ...accountQuery(accountId ?? ''), enabled: accountId !== undefined });
  useEffect(() => {
    if (account !== undefined) noteAccount(account.accountId);
  }, [account]);
  useEffect(() => {
    // Of another person, or of another installation at this address.
    if (accountId !== undefined && error !== null && [403, 404].includes(toProblem(error).status)) {
      forgetAccount(accountId);
    }
  }, [accountId, error]);
  return (
    <nav aria-label="Pages">
      <AccountSwitcher account={accountId === undefined ? undefined : account} />
      {accountId !== undefined && (
        <Box mt="sm">
          {places.map((place) => (
            <RailLink key={place.path} place={place} base={`/accounts/${accountId}`} onGo={onGo} />
          ))}
        </Box>
      )}
      <div className="rail-title">Installation</div>
      {installationPlaces.map((place) => (
        <RailLink key={place.path} place={place} base="" onGo={onGo} />
      ))}
    </nav>
  );
};

const Header = ({ isOpen, toggle }: { readonly isOpen: boolean; readonly toggle: () => void }): ReactElement => (
  <Group h="100%" px="md" justify="space-between" wrap="nowrap">
    <Group gap="xs" wrap="nowrap">
      <Burger
        opened={isOpen}
        onClick={toggle}
        hiddenFrom="sm"
        size="sm"
        aria-label={isOpen ? 'Close the navigation' : 'Open the navigation'}
      />
      <Text fw={600}>Keyledger</Text>
    </Group>
    <PreferencesMenu />
  </Group>
);

const useFeed = (): void => {
  const isAllowed = useRefusal('Subscribe') === undefined;
  useEffect(() => (isAllowed ? followFeed() : undefined), [isAllowed]);
};

/** What stands around every page. */
export const Frame = (): ReactElement => {
  const [isOpen, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  useEffect(listenToKeys, []);
  useFeed();
  useEffect(close, [pathname, close]);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 240, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'md', sm: 'lg' }}
      transitionDuration={100}
    >
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <AppShell.Header component="div" role="region" aria-label="Keyledger">
        <Header isOpen={isOpen} toggle={toggle} />
      </AppShell.Header>
      <AppShell.Navbar p="sm" component="div" bg="var(--page-rail)">
        <Rail onGo={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <TopLine />
        <div className="page">
          <Suspense>
            <Outlet />
          </Suspense>
        </div>
      </AppShell.Main>
      <SecretDialog />
      <UnshownSecret />
      <KeyboardHelp />
    </AppShell>
  );
};
