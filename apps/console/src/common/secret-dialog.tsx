import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useEffect, type ReactElement } from 'react';
import { useBlocker } from 'react-router';
import { useStore } from '../api/store.js';
import { useWrite } from '../api/use-write.js';
import { download } from './download.js';
import { Icon } from './icons.js';
import { ProblemNotice } from './problem-notice.js';
import { SecretParts } from './secret-parts.js';
import { envFileOf, shownSecret, type ShownSecret } from './shown-secret.js';

/** A reload or a closed tab would lose it: the browser asks before. */
const useWarning = (): void => {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, []);
};

const close = ({ onClosed }: ShownSecret): void => {
  shownSecret.set(null);
  onClosed();
};

const Body = ({ secret }: { readonly secret: ShownSecret }): ReactElement => {
  useWarning();
  const { run, isRunning, problem } = useWrite(secret.acknowledge, { onDone: () => close(secret) });
  return (
    <Stack gap="md">
      <List spacing={4}>
        {secret.advice.map((each) => (
          <List.Item key={each}>{each}</List.Item>
        ))}
      </List>
      <SecretParts parts={secret.parts} />
      <Group>
        <Button
          variant="default"
          leftSection={<Icon name="download" />}
          onClick={() => download(`${secret.name}.env`, envFileOf(secret.parts))}
        >
          Download as .env
        </Button>
      </Group>
      {problem !== undefined && (
        <ProblemNotice problem={problem}>
          <Text mt={4}>That you have saved it was not noted. Try it again, or close this all the same.</Text>
          <Button size="xs" variant="default" mt="xs" onClick={() => close(secret)}>
            Close without noting it
          </Button>
        </ProblemNotice>
      )}
      <Button fullWidth loading={isRunning} onClick={() => void run()}>
        I have saved the credentials securely
      </Button>
    </Stack>
  );
};

/** Shows a secret once. There is one way out: to say that it was saved. */
export const SecretDialog = (): ReactElement => {
  const secret = useStore(shownSecret);
  // Back, and whatever else would leave the page.
  useBlocker(() => shownSecret.get() !== null);
  return (
    <Modal
      opened={secret !== null}
      onClose={() => undefined}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
      keepMounted={false}
      size={560}
      title={<Text fw={600}>{secret?.title}</Text>}
      // Its content is gone with the secret, and not only after it has faded.
      transitionProps={{ duration: 0 }}
    >
      {secret !== null && <Body secret={secret} />}
    </Modal>
  );
};
