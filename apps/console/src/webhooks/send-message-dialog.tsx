import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { useNavigate } from 'react-router';
import { forgetFormKey } from '../api/form-key.js';
import { useWrite } from '../api/use-write.js';
import { DialogFrame } from '../common/dialog-frame.js';
import { errorOf } from '../common/field-errors.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { useDraft } from '../common/use-draft.js';
import { mistakeInJson } from './json-text.js';
import { sendMessage, type NewMessage } from './webhook-writes.js';

interface Props {
  readonly accountId: string;
  readonly onClose: () => void;
}

const TYPE = /^[\w-]+(?:\.[\w-]+)*$/;

interface FieldProps {
  readonly value: string;
  /** Of the server. */
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

const TypeField = ({ value, error, onChange }: FieldProps): ReactElement => {
  const [wasLeft, setLeft] = useState(false);
  const isTold = wasLeft && value !== '' && !TYPE.test(value);
  return (
    <TextInput
      label="Type"
      description="What it is about, as in order.paid. Endpoints ask for types."
      required
      maxLength={128}
      autoComplete="off"
      spellCheck={false}
      data-autofocus
      value={value}
      error={isTold ? 'Parts of letters, digits, _ and -, with dots between' : error}
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={() => setLeft(true)}
    />
  );
};

const PayloadField = ({ value, error, onChange }: FieldProps): ReactElement => {
  const [isTyping, setTyping] = useState(false);
  const mistake = value.trim() === '' || isTyping ? undefined : mistakeInJson(value);
  return (
    <Textarea
      label="Payload"
      description="Any JSON. It is sent to the byte as you write it, stored, and shown to others: no secrets."
      required
      classNames={{ input: 'mono' }}
      autosize
      minRows={6}
      maxRows={16}
      spellCheck={false}
      value={value}
      error={mistake === undefined ? error : `No JSON: ${mistake}`}
      onChange={(event) => {
        setTyping(true);
        onChange(event.currentTarget.value);
      }}
      onBlur={() => setTyping(false)}
    />
  );
};

const Form = ({ accountId, onClose }: Props): ReactElement => {
  const navigate = useNavigate();
  const form = `message.${accountId}`;
  const [draft, change, forget] = useDraft<NewMessage>(form, { type: '', payload: '' });
  const message = { type: draft.type.trim(), payload: draft.payload.trim() };
  const write = useWrite(() => sendMessage(form, accountId, message), {
    onDone: ({ messageId }) => {
      forgetFormKey(form);
      forget();
      void navigate(`/accounts/${accountId}/webhooks/messages/${messageId}`, { replace: true });
    },
  });
  const { problem } = write;
  const isReady = TYPE.test(message.type) && mistakeInJson(message.payload) === undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void write.run();
      }}
    >
      <Stack gap="md">
        <TypeField value={draft.type} error={errorOf(problem, 'type')} onChange={(type) => change({ type })} />
        <PayloadField
          value={draft.payload}
          error={errorOf(problem, 'payload')}
          onChange={(payload) => change({ payload })}
        />
        {problem !== undefined && <ProblemNotice problem={problem} shownFields={['type', 'payload']} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Send none
          </Button>
          <Button type="submit" loading={write.isRunning} disabled={!isReady}>
            Send message
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

export const SendMessageDialog = (props: Props): ReactElement => (
  <DialogFrame onClose={props.onClose} size={560} title="Send a message">
    <Form {...props} />
  </DialogFrame>
);
