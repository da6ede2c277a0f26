import { Group, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';

interface Props {
  readonly name: ReactNode;
  /** Below the name: an id or a public part. */
  readonly id: string;
  readonly copy?: ReactNode;
}

/** Name first, and what identifies it below, in one column. */
export const NameAndId = ({ name, id, copy }: Props): ReactElement => (
  <div>
    <div className="wraps">{name}</div>
    <Group gap={2} wrap="nowrap">
      <Text component="code" c="dimmed" className="wraps mono">
        {id}
      </Text>
      {copy}
    </Group>
  </div>
);
