import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useAccountId } from '../accounts/account-queries.js';
import { api, dataOf } from '../api/client.js';
import { AdviceList } from '../common/advice-list.js';
import { FilterSelect } from '../common/filter-select.js';
import { ListPage } from '../common/list-page.js';
import type { Column } from '../common/list-table.js';
import { NameAndId } from '../common/name-and-id.js';
import { SearchField } from '../common/search-field.js';
import { StatusBadge } from '../common/status-badge.js';
import { Time } from '../common/times.js';
import { useDialog } from '../common/use-dialog.js';
import { useFilters } from '../common/use-filters.js';
import { useList } from '../common/use-list.js';
import { CredentialDialogs } from '../credentials/credential-dialogs.js';
import { CredentialMenu } from '../credentials/credential-menu.js';
import { credentialsKey, useCredentialType, type Credential } from '../credentials/credential-queries.js';
import { statusChoices } from '../credentials/statuses.js';
import { modes } from '../credentials/type-fields.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';

const TYPE = 'api_key';
const SENTENCE =
  'The key that a request carries decides its mode: test keys are to build and try out with, live keys for production.';
const WHEN_EMPTY =
  'A request to your API carries a key. Create a test key to build with, and a live one once you go to production.';

const modeChoices = [
  { value: '', label: 'Test and live' },
  { value: 'test', label: 'Test' },
  { value: 'live', label: 'Live' },
];

const KeyName = ({ name, description, maskedSecret }: Credential): ReactElement => (
  <NameAndId
    name={
      <>
        {name !== null && <Text fw={500}>{name}</Text>}
        {description !== null && (
          <Text fw={name === null ? 500 : undefined} lineClamp={2} className="wraps">
            {description}
          </Text>
        )}
      </>
    }
    id={maskedSecret}
  />
);

const columns: readonly Column<Credential>[] = [
  { title: 'Description and key', isName: true, cell: KeyName },
  { title: 'Mode', isFixed: true, cell: ({ mode }) => (mode === null ? '–' : modes[mode].label) },
  { title: 'Status', isFixed: true, cell: ({ status }) => <StatusBadge status={status} /> },
  { title: 'Created', isFixed: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    title: 'Last used',
    isFixed: true,
    cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'Never' : <Time at={lastUsedAt} form="relative" />),
  },
];

export const Component = (): ReactElement => {
  const accountId = useAccountId();
  const type = useCredentialType(TYPE);
  const dialog = useDialog();
  const filters = useFilters(['q', 'mode', 'status']);
  const [q, mode, status] = [filters.get('q'), filters.get('mode'), filters.get('status')];
  const query = {
    type: TYPE,
    ...(q === '' ? {} : { q }),
    ...(mode === '' ? {} : { mode: mode as NonNullable<Credential['mode']> }),
    ...(status === '' ? {} : { status: status as Credential['status'] }),
  };
  const list = useList<Credential>([...credentialsKey(accountId), query], (cursor, signal) => {
    const params = { path: { accountId }, query: { ...query, ...(cursor && { cursor }) } };
    return dataOf(api.GET('/v1/accounts/{accountId}/credentials', { params, signal }));
  });
  const create = {
    label: 'Create API key',
    refusal: useNewRefusal('CreateCredential'),
    run: () => dialog.open('create'),
  };
  return (
    <>
      <ListPage
        title="API keys"
        sentence={SENTENCE}
        action={create}
        filters={filters}
        filterFields={
          <>
            <SearchField label="Name or credential ID" value={q} onChange={(value) => filters.set('q', value)} />
            <FilterSelect
              label="Mode"
              value={mode}
              choices={modeChoices}
              onChange={(value) => filters.set('mode', value)}
            />
            <FilterSelect
              label="Status"
              value={status}
              choices={statusChoices}
              onChange={(value) => filters.set('status', value)}
            />
          </>
        }
        list={list}
        columns={columns}
        keyOf={({ credentialId }) => credentialId}
        isDimmed={(credential) => credential.status !== 'active'}
        menu={(credential) => <CredentialMenu {...{ accountId, credential, type, dialog }} />}
        whenEmpty={WHEN_EMPTY}
      />
      <AdviceList title="Keeping keys safe" advice={type?.advice ?? []} />
      <CredentialDialogs dialog={dialog} type={TYPE} noun="API key" shortNoun="key" />
    </>
  );
};
