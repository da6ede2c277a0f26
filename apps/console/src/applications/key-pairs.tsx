import { Group, Stack, Switch, Text, Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import { api, dataOf } from '../api/client.js';
import { useRefusal } from '../api/permissions.js';
import { AllowedButton } from '../common/allowed-button.js';
import { CopiedText } from '../common/copied-text.js';
import { CopyButton } from '../common/copy-button.js';
import { Icon } from '../common/icons.js';
import { MoreButton } from '../common/list-page.js';
import { ListTable, type Column } from '../common/list-table.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Section } from '../common/section.js';
import { StatusBadge } from '../common/status-badge.js';
import { Time } from '../common/times.js';
import type { Dialog } from '../common/use-dialog.js';
import { useList } from '../common/use-list.js';
import { CredentialLink, useOpenCredential } from '../credentials/credential-link.js';
import { CredentialMenu } from '../credentials/credential-menu.js';
import { credentialsKey, nameOf, type Credential, type CredentialType } from '../credentials/credential-queries.js';
import { environments } from '../credentials/type-fields.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';
import { KEY_PAIR, type ApplicationPath } from './application-queries.js';

interface RowProps {
  readonly accountId: string;
  readonly credential: Credential;
  readonly dialog: Dialog;
}

const isEnded = ({ status }: Credential): boolean => status === 'revoked' || status === 'expired';

/** Why the switch of a key pair cannot be turned off, whoever asks. */
const switchRefusals: Readonly<Record<Credential['status'], string | undefined>> = {
  active: undefined,
  suspended: 'It is suspended. Resume or revoke it by its menu.',
  revoked: 'A revoked key pair never works again.',
  expired: 'An expired key pair never works again.',
};

/** On while it works. Turning it off asks whether to revoke it. */
const RevokeSwitch = ({ accountId, credential, dialog }: RowProps): ReactElement => {
  const mayNot = useRefusal('RevokeCredential', accountId);
  const refusal = mayNot ?? switchRefusals[credential.status];
  return (
    <Tooltip label={refusal ?? 'Turn off to revoke'}>
      <span>
        <Switch
          size="sm"
          checked={credential.status === 'active'}
          disabled={refusal !== undefined}
          aria-label={`${nameOf(credential)} works. Turn off to revoke it`}
          aria-description={refusal}
          onChange={() => dialog.open('revoke', credential.credentialId)}
        />
      </span>
    </Tooltip>
  );
};

const RotationAdvice = ({ accountId, credential, dialog }: RowProps): ReactElement | null => {
  const refusal = useRefusal('RotateCredential', accountId);
  const { rotationDueAt } = credential;
  if (rotationDueAt === null || isEnded(credential) || Date.parse(rotationDueAt) > Date.now()) return null;
  return (
    <AllowedButton
      refusal={refusal}
      variant="default"
      size="compact-sm"
      c="var(--page-attention)"
      leftSection={<Icon name="clock" size={14} />}
      onClick={() => dialog.open('rotate', credential.credentialId)}
    >
      Rotation advised
    </AllowedButton>
  );
};

const Keys = ({ credential }: { readonly credential: Credential }): ReactElement => {
  const { name, description, publicPart, credentialId } = credential;
  return (
    <div>
      <CredentialLink of={credential}>{name ?? description ?? 'Key pair'}</CredentialLink>
      {name !== null && description !== null && (
        <Text className="wraps" lineClamp={2}>
          {description}
        </Text>
      )}
      <CopiedText text={publicPart ?? ''} what={`shared key of ${nameOf(credential)}`} />
      <Group gap={2} wrap="nowrap">
        <Text component="code" c="dimmed" className="wraps mono">
          {credentialId}
        </Text>
        <CopyButton text={credentialId} what={`credential ID of ${nameOf(credential)}`} />
      </Group>
    </div>
  );
};

const environmentOf = ({ environment }: Credential): string =>
  environments.find(({ value }) => value === environment)?.label ?? '–';

const columnsFor = (accountId: string, dialog: Dialog): readonly Column<Credential>[] => [
  { title: 'Shared key and credential ID', isName: true, cell: (credential) => <Keys credential={credential} /> },
  { title: 'Secret key', isFixed: true, cell: ({ maskedSecret }) => <code>{maskedSecret}</code> },
  { title: 'Environment', isFixed: true, cell: environmentOf },
  {
    title: 'Status',
    isFixed: true,
    cell: (credential) => (
      <Group gap="xs" wrap="nowrap">
        <RevokeSwitch {...{ accountId, credential, dialog }} />
        <StatusBadge status={credential.status} />
      </Group>
    ),
  },
  {
    title: 'Created',
    isFixed: true,
    cell: (credential) => (
      <Stack gap={4} align="flex-start">
        <Time at={credential.createdAt} />
        <RotationAdvice {...{ accountId, credential, dialog }} />
      </Stack>
    ),
  },
];

interface Props {
  readonly path: ApplicationPath;
  readonly type: CredentialType | undefined;
  readonly dialog: Dialog;
}

const adviceInWords = (type: CredentialType | undefined): string => {
  const days = type?.rotationAdviceDays ?? null;
  return (
    'A shared key and a secret key for one environment. The secret is shown only when it is generated.' +
    (days === null ? '' : ` Rotation is advised every ${days} days.`)
  );
};

/** All key pairs of an application. */
export const KeyPairs = ({ path, type, dialog }: Props): ReactElement => {
  const { accountId, applicationId } = path;
  const refusal = useNewRefusal('CreateCredential');
  const open = useOpenCredential();
  const query = { type: KEY_PAIR, applicationId };
  const list = useList<Credential>([...credentialsKey(accountId), query], (cursor, signal) => {
    const params = { path: { accountId }, query: { ...query, ...(cursor && { cursor }) } };
    return dataOf(api.GET('/v1/accounts/{accountId}/credentials', { params, signal }));
  });
  const { items, isLoading, problem } = list;
  return (
    <Section
      id="keys"
      title="API credentials"
      sentence={adviceInWords(type)}
      action={
        <AllowedButton refusal={refusal} leftSection={<Icon name="plus" />} onClick={() => dialog.open('create')}>
          Generate key pair
        </AllowedButton>
      }
    >
      {problem !== undefined && <ProblemNotice problem={problem} onRetry={list.readAgain} />}
      {(isLoading || items.length > 0) && (
        <ListTable
          label="API credentials"
          columns={columnsFor(accountId, dialog)}
          items={items}
          keyOf={({ credentialId }) => credentialId}
          isDimmed={({ status }) => status !== 'active'}
          onOpen={open}
          menu={(credential) => <CredentialMenu {...{ accountId, credential, type, dialog }} />}
          isLoading={isLoading}
        />
      )}
      {!isLoading && items.length === 0 && problem === undefined && (
        <Text>There is no key pair yet. Generate one for each environment.</Text>
      )}
      <MoreButton list={list} />
    </Section>
  );
};
