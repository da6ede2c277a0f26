import { Group, Stack, Text, Title } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';

interface Props {
  readonly title: string;
  /** One sentence about what is here. */
  readonly sentence?: string;
  /** At most two buttons. */
  readonly actions?: ReactNode;
}

export const PageHead = ({ title, sentence, actions }: Props): ReactElement => (
  <Group justify="space-between" align="flex-start" mb="lg" gap="md">
    <title>{`${title} · Keyledger`}</title>
    <Stack gap={4} maw={680}>
      <Title order={1} lineClamp={3} className="wraps">
        {title}
      </Title>
      {sentence !== undefined && <Text c="dimmed">{sentence}</Text>}
    </Stack>
    {actions !== undefined && <Group gap="xs">{actions}</Group>}
  </Group>
);
