import { Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Icon, type IconName } from './icons.js';

const looks = {
  active: { text: 'Active', icon: 'check', colour: 'var(--page-good)' },
  suspended: { text: 'Suspended', icon: 'pause', colour: 'var(--page-attention)' },
  revoked: { text: 'Revoked', icon: 'stop', colour: 'var(--mantine-color-dimmed)' },
  expired: { text: 'Expired', icon: 'clock', colour: 'var(--mantine-color-dimmed)' },
} as const satisfies Readonly<Record<string, { text: string; icon: IconName; colour: string }>>;

export type Status = keyof typeof looks;

/** Icon and text: a colour never speaks alone. What is not active is inactive, and says which. */
export const StatusBadge = ({ status }: { readonly status: Status }): ReactElement => {
  const { text, icon, colour } = looks[status];
  return (
    <Group gap={6} wrap="nowrap" component="span" display="inline-flex">
      <Text component="span" c={colour} display="inline-flex">
        <Icon name={icon} size={14} />
      </Text>
      <span>{status === 'active' ? text : `Inactive, ${text.toLowerCase()}`}</span>
    </Group>
  );
};
