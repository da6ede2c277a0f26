import { Anchor, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link, useNavigate } from 'react-router';
import { useAccountId } from '../accounts/account-queries.js';
import { api, dataOf } from '../api/client.js';
import { FilterSelect } from '../common/filter-select.js';
import { ListPage } from '../common/list-page.js';
import { SearchField } from '../common/search-field.js';
import { Time } from '../common/times.js';
import { useFilters } from '../common/use-filters.js';
import { useList } from '../common/use-list.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';
import { applicationsKey, type ApplicationSummary } from './application-queries.js';

const WHEN_EMPTY =
  'An application groups the keys of one integration, and says which endpoints they open. ' +
  'Create one for each integration of this account.';

const sorts = [
  { value: '', label: 'Newest first' },
  { value: 'createdAt', label: 'Oldest first' },
  { value: 'name', label: 'By title' },
  { value: '-name', label: 'By title, backwards' },
];

const endpointsInWords = (count: number): string => {
  if (count === 0) return 'No endpoints connected';
  return count === 1 ? '1 endpoint connected' : `${count} endpoints connected`;
};

const Card = ({ applicationId, title, description, endpointCount, createdAt }: ApplicationSummary): ReactElement => (
  <>
    <Anchor component={Link} to={applicationId} relative="path" c="inherit" fw={600} className="wraps">
      {title}
    </Anchor>
    <Text lineClamp={3} className="wraps">
      {description}
    </Text>
    <Text c="dimmed" size="xs" mt="auto" pt="xs">
      {endpointsInWords(endpointCount)} · <Time at={createdAt} form="relative" />
    </Text>
  </>
);

export const Component = (): ReactElement => {
  const accountId = useAccountId();
  const navigate = useNavigate();
  const filters = useFilters(['q', 'sort']);
  const [q, sort] = [filters.get('q'), filters.get('sort')];
  const query = { ...(q === '' ? {} : { q }), ...(sort === '' ? {} : { sort: sort as 'name' }) };
  const list = useList<ApplicationSummary>([...applicationsKey(accountId), query], (cursor, signal) => {
    const params = { path: { accountId }, query: { ...query, ...(cursor && { cursor }) } };
    return dataOf(api.GET('/v1/accounts/{accountId}/applications', { params, signal }));
  });
  const create = {
    label: 'New app',
    refusal: useNewRefusal('RegisterApplication'),
    run: () => void navigate('new'),
  };
  return (
    <ListPage
      title="Apps"
      sentence="Each has key pairs of its own, which open the endpoints that are connected to it."
      action={create}
      filters={filters}
      filterFields={
        <>
          <SearchField label="Title or app ID" value={q} onChange={(value) => filters.set('q', value)} />
          <FilterSelect label="Order" value={sort} choices={sorts} onChange={(value) => filters.set('sort', value)} />
        </>
      }
      list={list}
      card={Card}
      keyOf={({ applicationId }) => applicationId}
      whenEmpty={WHEN_EMPTY}
    />
  );
};
