import { Alert, Button, Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { LastChange } from '../audit/last-change.js';

const Blocks = ({ label, all }: { readonly label: string; readonly all: readonly string[] }): ReactElement | null =>
  all.length === 0 ? null : (
    <Text className="wraps">
      {label}: <code>{all.join(', ')}</code>
    </Text>
  );

interface Props {
  readonly accountId: string;
  readonly before: readonly string[];
  readonly saved: readonly string[];
  /** Goes on with what was typed. */
  readonly onKeep: () => void;
  /** Goes on with the list that is there now. */
  readonly onDrop: () => void;
}

/** The list was changed elsewhere while it was edited here: what, by whom, and the two ways on. */
export const ListChanged = ({ accountId, before, saved, onKeep, onDrop }: Props): ReactElement => (
  <Alert role="alert" color="yellow" variant="outline" title="The list has changed meanwhile">
    <Blocks label="Added" all={saved.filter((each) => !before.includes(each))} />
    <Blocks label="Removed" all={before.filter((each) => !saved.includes(each))} />
    <LastChange accountId={accountId} query={{ action: ['IpAllowlistChanged'] }} reading={saved.join()} />
    <Group gap="xs" mt="xs">
      <Button size="xs" variant="default" onClick={onDrop}>
        Look again
      </Button>
      <Button size="xs" variant="default" onClick={onKeep}>
        Go on with what I typed
      </Button>
    </Group>
  </Alert>
);
