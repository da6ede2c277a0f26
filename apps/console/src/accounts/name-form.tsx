import { Group, Stack, Text, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { api, dataOf } from '../api/client.js';
import { useWrite } from '../api/use-write.js';
import { ChangedMeanwhile } from '../audit/changed-meanwhile.js';
import { AllowedButton } from '../common/allowed-button.js';
import { errorOf } from '../common/field-errors.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';
import type { Account } from './account-queries.js';
import { changesOfAccount, useAccountForm } from './use-account-form.js';

/** Renames the account. */
export const NameForm = ({ account }: { readonly account: Account }): ReactElement => {
  const form = useAccountForm(account, 'account-name', { name: account.name });
  const { name } = form.value;
  const refusal = useNewRefusal('UpdateAccount');
  const write = useWrite(() => dataOf(api.PATCH('/v1/accounts/{accountId}', { params: form.params, body: { name } })), {
    onDone: form.onSaved,
  });
  const lookAgain = async (): Promise<void> => {
    await form.lookAgain();
    write.forget();
  };
  const isReady = form.isChanged && name.trim() !== '' && refusal === undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void write.run();
      }}
    >
      <Stack gap="sm" maw={480} mt="sm">
        <TextInput
          label="Name"
          required
          maxLength={200}
          autoComplete="off"
          readOnly={refusal !== undefined}
          value={name}
          error={errorOf(write.problem, 'name')}
          onChange={(event) => form.set({ name: event.currentTarget.value })}
        />
        {form.isChanged && name !== account.name && <Text c="dimmed">Now it is “{account.name}”.</Text>}
        {write.problem !== undefined && (
          <ChangedMeanwhile
            changes={changesOfAccount(account)}
            problem={write.problem}
            shownFields={['name']}
            onLookAgain={() => void lookAgain()}
          />
        )}
        <Group>
          <AllowedButton
            refusal={refusal}
            disabled={refusal === undefined && !isReady}
            loading={write.isRunning}
            onClick={() => void write.run()}
          >
            Save name
          </AllowedButton>
          <span role="status">{form.isSaved && 'Saved.'}</span>
        </Group>
      </Stack>
    </form>
  );
};
