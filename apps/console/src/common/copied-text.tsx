import { Group } from '@mantine/core';
import type { ReactElement } from 'react';
import { CopyButton } from './copy-button.js';

interface Props {
  readonly text: string;
  /** For who does not see it: "account ID". */
  readonly what: string;
}

/** An id, or what else people copy, with the button beside it. */
export const CopiedText = ({ text, what }: Props): ReactElement => (
  <Group gap={2} wrap="nowrap">
    <code className="wraps">{text}</code>
    <CopyButton text={text} what={what} />
  </Group>
);
