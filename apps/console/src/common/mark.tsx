import { Group, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { Icon, type IconName } from './icons.js';

const colours = {
  good: 'var(--page-good)',
  attention: 'var(--page-attention)',
  bad: 'var(--mantine-color-error)',
  quiet: 'var(--mantine-color-dimmed)',
} as const;

export interface Look {
  readonly icon: IconName;
  readonly tone: keyof typeof colours;
}

/** How something stands, in words beside a small drawing: a colour never speaks alone. */
export const Mark = ({ icon, tone, children }: Look & { readonly children: ReactNode }): ReactElement => (
  <Group gap={6} wrap="nowrap" component="span" display="inline-flex">
    <Text component="span" c={colours[tone]} display="inline-flex">
      <Icon name={icon} size={14} />
    </Text>
    <span>{children}</span>
  </Group>
);
