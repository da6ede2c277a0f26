import { Button, Group, Stack, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useNavigate } from 'react-router';
import { api, dataOf } from '../api/client.js';
import { forgetFormKey, formKey } from '../api/form-key.js';
import { useWrite } from '../api/use-write.js';
import { DialogFrame } from '../common/dialog-frame.js';
import { errorOf } from '../common/field-errors.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { useDraft } from '../common/use-draft.js';

const FORM = 'register-account';

interface Draft {
  readonly name: string;
  readonly externalId: string;
}

const register = ({ name, externalId }: Draft) => {
  const body = { name, ...(externalId === '' ? {} : { externalId }) };
  const header = { 'Idempotency-Key': formKey(FORM, body) };
  return dataOf(api.POST('/v1/accounts', { params: { header }, body }));
};

const Form = ({ onClose }: { readonly onClose: () => void }): ReactElement => {
  const navigate = useNavigate();
  const [draft, change, forget] = useDraft<Draft>(FORM, { name: '', externalId: '' });
  const write = useWrite(register, {
    onDone: ({ account }) => {
      forgetFormKey(FORM);
      forget();
      void navigate(`/accounts/${account.accountId}`, { replace: true });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void write.run(draft);
      }}
    >
      <Stack gap="md">
        <TextInput
          label="Name"
          description="Shown to people, as in Acme Ltd."
          required
          maxLength={200}
          data-autofocus
          value={draft.name}
          error={errorOf(write.problem, 'name')}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TextInput
          label="External id"
          description="Your own id of the customer. It is unique, and never changes."
          maxLength={200}
          value={draft.externalId}
          error={errorOf(write.problem, 'externalId')}
          onChange={(event) => change({ externalId: event.currentTarget.value })}
        />
        {write.problem !== undefined && <ProblemNotice problem={write.problem} shownFields={['name', 'externalId']} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={write.isRunning} disabled={draft.name.trim() === ''}>
            Register account
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

export const RegisterAccountDialog = (props: { readonly isOpen: boolean; readonly onClose: () => void }) => (
  <DialogFrame isOpen={props.isOpen} onClose={props.onClose} title="Register an account">
    <Form onClose={props.onClose} />
  </DialogFrame>
);
