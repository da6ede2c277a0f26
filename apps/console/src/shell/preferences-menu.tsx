import { ActionIcon, Menu, Text, useMantineColorScheme } from '@mantine/core';
import type { ReactElement } from 'react';
import { useStore } from '../api/store.js';
import { Icon } from '../common/icons.js';
import { setShowsUtc, showsUtc } from '../common/times.js';
import { session } from './session.js';
import { signOut } from './sign-in-state.js';

const schemes = { auto: 'As the system', light: 'Light', dark: 'Dark' } as const;
const order = ['auto', 'light', 'dark'] as const;

const isSpoken = (chosen: boolean): ReactElement | null => (chosen ? <Icon name="check" /> : null);

/** Who is signed in, how things look, and the way out. */
export const PreferencesMenu = (): ReactElement => {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const current = useStore(session);
  const utc = useStore(showsUtc);
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="You and this console">
          <Icon name="more" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="xs" className="wraps" maw={240}>
            Signed in as {current?.subject} ({current?.roles.join(', ')})
          </Text>
        </Menu.Label>
        <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
        <Menu.Divider />
        <Menu.Label>Theme</Menu.Label>
        {order.map((scheme) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={colorScheme === scheme}
            rightSection={isSpoken(colorScheme === scheme)}
            onClick={() => setColorScheme(scheme)}
          >
            {schemes[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          role="menuitemcheckbox"
          aria-checked={utc}
          rightSection={isSpoken(utc)}
          onClick={() => setShowsUtc(!utc)}
        >
          Times in UTC
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
