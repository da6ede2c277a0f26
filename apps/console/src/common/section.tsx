import { Box, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';

interface Props {
  /** In the address: `#keys`. */
  readonly id: string;
  readonly title: string;
  readonly sentence?: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the page of one thing. */
export const Section = ({ id, title, sentence, action, children }: Props): ReactElement => (
  <Box component="section" id={id} mb="xl" aria-label={title}>
    <Group justify="space-between" align="flex-start" mb="sm" gap="sm">
      <Stack gap={4} maw={680}>
        <Title order={2}>{title}</Title>
        {sentence !== undefined && <Text c="dimmed">{sentence}</Text>}
      </Stack>
      {action}
    </Group>
    {children}
  </Box>
);
