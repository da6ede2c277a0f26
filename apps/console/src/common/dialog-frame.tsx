import { Modal, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';

interface Props {
  /** Open where left out: most are only there while they are. */
  readonly isOpen?: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly size?: number | 'lg';
  readonly children: ReactNode;
}

/** What lies over a page. Escape, a click outside and the cross close it. */
export const DialogFrame = ({ isOpen = true, onClose, title, size, children }: Props): ReactElement => (
  <Modal
    opened={isOpen}
    onClose={onClose}
    title={<Text fw={600}>{title}</Text>}
    closeButtonProps={{ 'aria-label': 'Close' }}
    {...(size === undefined ? {} : { size })}
  >
    {children}
  </Modal>
);
