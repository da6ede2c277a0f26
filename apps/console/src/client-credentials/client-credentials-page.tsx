import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useAccountId } from '../accounts/account-queries.js';
import { api, dataOf } from '../api/client.js';
import { CopyButton } from '../common/copy-button.js';
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
import { useNewRefusal } from '../credentials/use-new-refusal.js';

const TYPE = 'client_credentials';
const NOUN = 'credential';
const WHEN_EMPTY =
  'A service signs in with its client ID and secret. Create one for each service, so that each can be replaced alone.';

const columns: readonly Column<Credential>[] = [
  {
    title: 'Credential name and client ID',
    isName: true,
    cell: ({ name, publicPart }) => (
      <NameAndId
        name={<Text fw={500}>{name}</Text>}
        id={publicPart ?? ''}
        copy={<CopyButton text={publicPart ?? ''} what={`client ID of ${name ?? ''}`} />}
      />
    ),
  },
  { title: 'Client secret', isFixed: true, cell: ({ maskedSecret }) => <code>{maskedSecret}</code> },
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
  const filters = useFilters(['q', 'status']);
  const [q, status] = [filters.get('q'), filters.get('status')];
  const query = {
    type: TYPE,
    ...(q === '' ? {} : { q }),
    ...(status === '' ? {} : { status: status as Credential['status'] }),
  };
  const list = useList<Credential>([...credentialsKey(accountId), query], (cursor, signal) => {
    const params = { path: { accountId }, query: { ...query, ...(cursor && { cursor }) } };
    return dataOf(api.GET('/v1/accounts/{accountId}/credentials', { params, signal }));
  });
  const create = {
    label: 'Create credential',
    refusal: useNewRefusal('CreateCredential'),
    run: () => dialog.open('create'),
  };
  return (
    <>
      <ListPage
        title="Client credentials"
        sentence="A client ID and a secret for a service that calls your API. Each has a name of its own."
        action={create}
        filters={filters}
        filterFields={
          <>
            <SearchField label="Name or client ID" value={q} onChange={(value) => filters.set('q', value)} />
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
      <CredentialDialogs dialog={dialog} type={TYPE} noun={NOUN} />
    </>
  );
};
