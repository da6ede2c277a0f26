import { NativeSelect, Radio, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useAccount, useAccountId, type Account } from '../accounts/account-queries.js';
import { api, dataOf } from '../api/client.js';
import type { Credential, CredentialType } from './credential-queries.js';

export type Mode = NonNullable<Credential['mode']>;
export type Environment = NonNullable<Credential['environment']>;

export const modes: Readonly<Record<Mode, { readonly label: string; readonly meaning: string }>> = {
  test: {
    label: 'Test',
    meaning: 'To build and try out. Its requests are marked as tests: nothing real comes of them.',
  },
  live: { label: 'Live', meaning: 'For production alone. What is done with it is real.' },
};

export const environments = [
  { value: 'development', label: 'Development' },
  { value: 'staging', label: 'Staging' },
  { value: 'production', label: 'Production' },
] as const satisfies readonly { readonly value: Environment; readonly label: string }[];

/** Why the account may have no live key now, by its plan; undefined where it may. The server decides. */
export const liveRefusal = ({ plan }: Pick<Account, 'plan'>): string | undefined => {
  const lacks = [
    ...(plan.tier === 'paid' ? [] : ['the paid plan']),
    ...(plan.paymentMethodOnFile ? [] : ['a payment method on file']),
  ];
  return lacks.length === 0 ? undefined : `Needs ${lacks.join(' and ')}: an operator can upgrade this account.`;
};

export const useLiveRefusal = (): string | undefined => {
  const { data: account } = useAccount();
  return account === undefined ? undefined : liveRefusal(account);
};

interface FieldProps<T> {
  readonly value: T;
  readonly onChange: (value: T) => void;
  /** Of the server. */
  readonly error: string | undefined;
}

interface ModeProps extends FieldProps<Mode> {
  readonly prefixes: NonNullable<CredentialType['modes']>;
}

const Meaning = ({ mode, refusal }: { readonly mode: Mode; readonly refusal: string | undefined }): ReactElement => (
  <>
    {modes[mode].meaning}
    {refusal !== undefined && (
      <Text component="span" display="block" c="var(--page-attention)" inherit>
        {refusal}
      </Text>
    )}
  </>
);

/** Test or live, with what each means; live with the reason where the plan does not allow it. */
export const ModeField = ({ value, onChange, error, prefixes }: ModeProps): ReactElement => {
  const refusals = { test: undefined, live: useLiveRefusal() };
  return (
    <Radio.Group
      label="Mode"
      description="Decides the mode of every request that is made with it, for good."
      value={value}
      error={error}
      onChange={(chosen) => onChange(chosen)}
    >
      <Stack gap="xs" mt="xs">
        {(['test', 'live'] as const).map((mode) => (
          <Radio
            key={mode}
            value={mode}
            disabled={refusals[mode] !== undefined}
            label={
              <>
                {modes[mode].label} <Text component="code" c="dimmed">{`${prefixes[mode]}_…`}</Text>
              </>
            }
            description={<Meaning mode={mode} refusal={refusals[mode]} />}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
};

interface EnvironmentProps extends FieldProps<Environment> {
  readonly label?: string;
  readonly description?: string;
}

export const EnvironmentField = ({
  value,
  onChange,
  error,
  label = 'Environment',
  description = 'Each has keys of its own, so that each can be revoked alone.',
}: EnvironmentProps): ReactElement => (
  <Radio.Group
    label={label}
    description={description}
    value={value}
    error={error}
    onChange={(chosen) => onChange(chosen)}
  >
    <Stack gap="xs" mt="xs">
      {environments.map((each) => (
        <Radio key={each.value} value={each.value} label={each.label} />
      ))}
    </Stack>
  </Radio.Group>
);

/** For a type whose credentials belong to an application, where the page is not about one. */
export const ApplicationField = ({ value, onChange, error }: FieldProps<string>): ReactElement => {
  const accountId = useAccountId();
  const { data } = useQuery({
    queryKey: ['applications', accountId, 'by-name'],
    queryFn: ({ signal }) => {
      const params = { path: { accountId }, query: { sort: 'name' as const, limit: 200 } };
      return dataOf(api.GET('/v1/accounts/{accountId}/applications', { params, signal }));
    },
  });
  const known = data?.items.map(({ applicationId, title }) => ({ value: applicationId, label: title })) ?? [];
  return (
    <NativeSelect
      label="Application"
      required
      value={value}
      error={error}
      data={[{ value: '', label: 'Choose an application' }, ...known]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
};
