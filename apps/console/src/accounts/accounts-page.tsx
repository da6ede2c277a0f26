import { Anchor, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, dataOf } from '../api/client.js';
import { useRefusal } from '../api/permissions.js';
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
import type { Account } from './account-queries.js';
import { planTitles } from './plans.js';
import { RegisterAccountDialog } from './register-account-dialog.js';

const sorts = [
  { value: '', label: 'Newest first' },
  { value: 'createdAt', label: 'Oldest first' },
  { value: 'name', label: 'By name' },
  { value: '-name', label: 'By name, backwards' },
];

const columns: readonly Column<Account>[] = [
  {
    title: 'Account',
    isName: true,
    cell: ({ name, accountId }) => (
      <NameAndId
        name={
          <Anchor component={Link} to={`/accounts/${accountId}`} c="inherit" fw={500}>
            {name}
          </Anchor>
        }
        id={accountId}
        copy={<CopyButton text={accountId} what={`id of ${name}`} />}
      />
    ),
  },
  {
    title: 'External id',
    cell: ({ externalId }) => <Text className="wraps">{externalId ?? '–'}</Text>,
  },
  { title: 'Plan', isFixed: true, cell: ({ plan }) => planTitles[plan.tier] },
  { title: 'Status', isFixed: true, cell: ({ status }) => <StatusBadge status={status} /> },
  { title: 'Registered', isFixed: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
];

export const Component = (): ReactElement => {
  const navigate = useNavigate();
  const dialog = useDialog();
  const filters = useFilters(['q', 'sort']);
  const [q, sort] = [filters.get('q'), filters.get('sort')];
  const query = { ...(q === '' ? {} : { q }), ...(sort === '' ? {} : { sort: sort as 'name' }) };
  const list = useList<Account>(['accounts', query], (cursor, signal) =>
    dataOf(api.GET('/v1/accounts', { params: { query: { ...query, ...(cursor && { cursor }) } }, signal })),
  );
  const register = {
    label: 'Register account',
    refusal: useRefusal('RegisterAccount'),
    run: () => dialog.open('register'),
  };
  return (
    <>
      <ListPage
        title="Accounts"
        sentence="Your customers. Each has credentials of its own, and sees none of another's."
        action={register}
        filters={filters}
        filterFields={
          <>
            <SearchField label="Name or external id" value={q} onChange={(value) => filters.set('q', value)} />
            <FilterSelect label="Order" value={sort} choices={sorts} onChange={(value) => filters.set('sort', value)} />
          </>
        }
        list={list}
        columns={columns}
        keyOf={({ accountId }) => accountId}
        isDimmed={({ status }) => status !== 'active'}
        onOpen={({ accountId }) => void navigate(`/accounts/${accountId}`)}
        whenEmpty="An account stands for one of your customers. Register the first one, and create credentials for it."
      />
      <RegisterAccountDialog isOpen={dialog.name === 'register'} onClose={dialog.close} />
    </>
  );
};
