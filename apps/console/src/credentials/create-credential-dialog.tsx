import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import type { ReactElement } from 'react';
import { isCreatedUnconfirmed } from '../api/form-key.js';
import { useStore } from '../api/store.js';
import { useWrite } from '../api/use-write.js';
import { useAccountId } from '../accounts/account-queries.js';
import { errorOf } from '../common/field-errors.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { shownSecret } from '../common/shown-secret.js';
import { useDraft } from '../common/use-draft.js';
import type { CredentialType } from './credential-queries.js';
import { createCredential, showIssued } from './credential-writes.js';
import { isGoodName, NameField } from './name-field.js';

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly type: CredentialType;
  /** What the type is called in a sentence: "credential". */
  readonly noun: string;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const empty = { name: '', description: '' };

const bodyOf = (type: string, { name, description }: typeof empty) => ({
  type,
  ...(name === '' ? {} : { name }),
  ...(description === '' ? {} : { description }),
});

const Form = ({ type, noun, onClose }: Props): ReactElement => {
  const accountId = useAccountId();
  const form = `create.${accountId}.${type.type}`;
  const [draft, change, forget] = useDraft(form, empty);
  const send = (): ReturnType<typeof createCredential> => createCredential(form, accountId, bodyOf(type.type, draft));
  const onClosed = (): void => {
    forget();
    onClose();
  };
  const write = useWrite(send, {
    onDone: (issued) => {
      const isShown = showIssued(issued, { accountId, type, form, title: `${capital(noun)} created`, onClosed });
      if (!isShown) onClosed();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isGoodName(draft.name, type)) void write.run();
      }}
    >
      <Stack gap="md">
        {isCreatedUnconfirmed(form) && (
          <Alert color="yellow" variant="outline" title={`This ${noun} was created a moment ago`}>
            That its secret is saved was never confirmed. The same form shows it once more, within ten minutes.
          </Alert>
        )}
        <NameField
          type={type}
          value={draft.name}
          error={write.problem?.code === 'name-taken' ? write.problem.title : errorOf(write.problem, 'name')}
          onChange={(name) => change({ name })}
        />
        <Textarea
          label="Description"
          description="For people. Not needed."
          maxLength={500}
          autosize
          minRows={2}
          value={draft.description}
          error={errorOf(write.problem, 'description')}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        {write.problem !== undefined && <ProblemNotice problem={write.problem} shownFields={['name', 'description']} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={write.isRunning} disabled={!isGoodName(draft.name, type)}>
            Create {noun}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

/** The form of a type, and then its secret. It stays open below the secret: after a reload the same form shows it. */
export const CreateCredentialDialog = (props: Props): ReactElement => {
  const isSecretShown = useStore(shownSecret) !== null;
  return (
    <Modal
      opened={props.isOpen && !isSecretShown}
      onClose={props.onClose}
      title={<Text fw={600}>Create a {props.noun}</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Form {...props} />
    </Modal>
  );
};
