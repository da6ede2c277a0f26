import { Checkbox, Group, Radio, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { api, dataOf } from '../api/client.js';
import { useWrite } from '../api/use-write.js';
import { ChangedMeanwhile } from '../audit/changed-meanwhile.js';
import { AllowedButton } from '../common/allowed-button.js';
import { useCredentialTypes } from '../credentials/credential-queries.js';
import { liveRefusal } from '../credentials/type-fields.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';
import type { Account } from './account-queries.js';
import { planTitles } from './plans.js';
import { changesOfAccount, useAccountForm } from './use-account-form.js';

type Plan = Account['plan'];

/** For which types there may be live keys with that plan, or why there may be none. */
const LiveKeys = ({ plan }: { readonly plan: Plan }): ReactElement | null => {
  const withModes = useCredentialTypes()?.filter(({ modes }) => modes !== null) ?? [];
  if (withModes.length === 0) return null;
  const refusal = liveRefusal({ plan });
  return (
    <div>
      {withModes.map(({ type, title, modes }) => (
        <Text key={type} c={refusal === undefined ? undefined : 'var(--page-attention)'}>
          {title}: live keys (<code>{modes?.live}_…</code>){' '}
          {refusal === undefined ? 'can be created' : 'cannot be created'} with this plan.
        </Text>
      ))}
      <Text c="dimmed">Live keys that there are stay as they are, whatever the plan.</Text>
    </div>
  );
};

/** Sets the plan that decides about live keys. */
export const PlanForm = ({ account }: { readonly account: Account }): ReactElement => {
  const form = useAccountForm<Plan>(account, 'account-plan', account.plan);
  const plan = form.value;
  const refusal = useNewRefusal('SetPlan');
  const isReadOnly = refusal !== undefined;
  const write = useWrite(() => dataOf(api.PUT('/v1/accounts/{accountId}/plan', { params: form.params, body: plan })), {
    onDone: form.onSaved,
  });
  const lookAgain = async (): Promise<void> => {
    await form.lookAgain();
    write.forget();
  };
  return (
    <Stack gap="sm" maw={560}>
      <Radio.Group
        label="Plan"
        value={plan.tier}
        onChange={(tier) => form.set({ tier })}
        {...(isReadOnly ? { 'aria-description': refusal } : {})}
      >
        <Stack gap="xs" mt="xs">
          {(['free', 'paid'] as const).map((tier) => (
            <Radio key={tier} value={tier} label={planTitles[tier]} disabled={isReadOnly} />
          ))}
        </Stack>
      </Radio.Group>
      <Checkbox
        label="A payment method is on file"
        checked={plan.paymentMethodOnFile}
        disabled={isReadOnly}
        onChange={(event) => form.set({ paymentMethodOnFile: event.currentTarget.checked })}
      />
      <LiveKeys plan={plan} />
      {write.problem !== undefined && (
        <ChangedMeanwhile
          changes={changesOfAccount(account)}
          problem={write.problem}
          onLookAgain={() => void lookAgain()}
        />
      )}
      <Group>
        <AllowedButton
          refusal={refusal}
          disabled={!isReadOnly && !form.isChanged}
          loading={write.isRunning}
          onClick={() => void write.run()}
        >
          Save plan
        </AllowedButton>
        <span role="status">{form.isSaved && 'Saved.'}</span>
      </Group>
    </Stack>
  );
};
