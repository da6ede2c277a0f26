import { Modal, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useStore } from '../api/store.js';
import { hasEnded } from './session.js';
import { SignInWays } from './sign-in-page.js';

/** Lies over the page that one was working on, so that nothing typed is lost. */
export const EndedSession = (): ReactElement => (
  <Modal
    opened={useStore(hasEnded)}
    onClose={() => undefined}
    closeOnEscape={false}
    closeOnClickOutside={false}
    withCloseButton={false}
    title="Your session has ended"
    zIndex={500}
  >
    <Stack gap="md">
      <Text>Sign in to go on. What you have typed is kept.</Text>
      <SignInWays />
    </Stack>
  </Modal>
);
