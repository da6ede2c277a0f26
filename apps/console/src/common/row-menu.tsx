import { ActionIcon, Menu, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Icon } from './icons.js';

export interface RowAction {
  readonly label: string;
  readonly run: () => void;
  /** Shown last, and red. */
  readonly isDangerous?: boolean;
  /** Why it cannot be done now; it is shown all the same. */
  readonly refusal?: string | undefined;
}

const Item = ({ label, run, isDangerous = false, refusal }: RowAction): ReactElement => (
  <Menu.Item
    color={isDangerous ? 'var(--mantine-color-error)' : undefined}
    disabled={refusal !== undefined}
    onClick={run}
  >
    {label}
    {refusal !== undefined && (
      <Text size="xs" maw={220}>
        {refusal}
      </Text>
    )}
  </Menu.Item>
);

interface Props {
  /** Name of what the row is about. */
  readonly of: string;
  readonly actions: readonly RowAction[];
}

/** What can be done with a row; what is dangerous comes last. */
export const RowMenu = ({ of, actions }: Props): ReactElement => {
  const harmless = actions.filter(({ isDangerous }) => isDangerous !== true);
  const dangerous = actions.filter(({ isDangerous }) => isDangerous === true);
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" c="dimmed" size={32} aria-label={`Actions for ${of}`}>
          <Icon name="more" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {harmless.map((action) => (
          <Item key={action.label} {...action} />
        ))}
        {harmless.length > 0 && dangerous.length > 0 && <Menu.Divider />}
        {dangerous.map((action) => (
          <Item key={action.label} {...action} />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
};
