import { Anchor, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link, useNavigate } from 'react-router';
import { useAccountId } from '../accounts/account-queries.js';
import { api, dataOf } from '../api/client.js';
import { FilterSelect } from '../common/filter-select.js';
import { ListPage } from '../common/list-page.js';
import type { Column } from '../common/list-table.js';
import { RowMenu } from '../common/row-menu.js';
import { SearchField } from '../common/search-field.js';
import { Time } from '../common/times.js';
import { useDialog } from '../common/use-dialog.js';
import { useFilters } from '../common/use-filters.js';
import { useList } from '../common/use-list.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';
import { EndpointDialogs, useEndpointActions } from './endpoint-dialogs.js';
import { EndpointMark } from './marks.js';
import { RegisterEndpointDialog } from './register-endpoint-dialog.js';
import { SigningFacts } from './signing-facts.js';
import { endpointsKey, type WebhookEndpoint } from './webhook-queries.js';
import { TITLE, WebhookTabs } from './webhook-tabs.js';
import { schemes, typesInWords } from './words.js';

const WHEN_EMPTY =
  'An endpoint is where the account wants to be told what happens. Register one, and whatever it asks for is sent ' +
  'there, signed, until it is taken.';

const sorts = [
  { value: '', label: 'Newest first' },
  { value: 'createdAt', label: 'Oldest first' },
  { value: 'name', label: 'By URL' },
  { value: '-name', label: 'By URL, backwards' },
];

const columnsFor = (accountId: string): readonly Column<WebhookEndpoint>[] => [
  {
    title: 'Endpoint',
    isName: true,
    cell: ({ url, description, endpointId }) => (
      <>
        <Anchor
          component={Link}
          to={`/accounts/${accountId}/webhooks/endpoints/${endpointId}`}
          c="inherit"
          fw={500}
          className="wraps"
        >
          {url}
        </Anchor>
        {description !== null && (
          <Text c="dimmed" className="wraps" lineClamp={2}>
            {description}
          </Text>
        )}
      </>
    ),
  },
  {
    title: 'Asks for',
    cell: (endpoint) => (
      <Text className="wraps" lineClamp={3}>
        {typesInWords(endpoint)}
      </Text>
    ),
  },
  { title: 'Signature', isFixed: true, cell: ({ scheme }) => schemes[scheme] },
  { title: 'State', cell: (endpoint) => <EndpointMark endpoint={endpoint} /> },
  { title: 'Registered', isFixed: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
];

const useEndpointList = (accountId: string, q: string, sort: string) => {
  const query = { ...(q === '' ? {} : { q }), ...(sort === '' ? {} : { sort: sort as 'name' }) };
  return useList<WebhookEndpoint>([...endpointsKey(accountId), query], (cursor, signal) => {
    const params = { path: { accountId }, query: { ...query, ...(cursor && { cursor }) } };
    return dataOf(api.GET('/v1/accounts/{accountId}/webhook-endpoints', { params, signal }));
  });
};

export const Component = (): ReactElement => {
  const accountId = useAccountId();
  const navigate = useNavigate();
  const dialog = useDialog();
  const filters = useFilters(['q', 'sort']);
  const [q, sort] = [filters.get('q'), filters.get('sort')];
  const actionsFor = useEndpointActions(dialog);
  const register = {
    label: 'Register endpoint',
    refusal: useNewRefusal('RegisterEndpoint'),
    run: () => dialog.open('register'),
  };
  return (
    <>
      <ListPage
        title={TITLE}
        sentence="What is told to the servers of this account, and what has become of it."
        action={register}
        above={
          <>
            <WebhookTabs accountId={accountId} />
            <SigningFacts accountId={accountId} />
          </>
        }
        filters={filters}
        filterFields={
          <>
            <SearchField label="URL or endpoint ID" value={q} onChange={(value) => filters.set('q', value)} />
            <FilterSelect label="Order" value={sort} choices={sorts} onChange={(value) => filters.set('sort', value)} />
          </>
        }
        list={useEndpointList(accountId, q, sort)}
        columns={columnsFor(accountId)}
        keyOf={({ endpointId }) => endpointId}
        isDimmed={({ enabled }) => !enabled}
        onOpen={({ endpointId }) => void navigate(`/accounts/${accountId}/webhooks/endpoints/${endpointId}`)}
        menu={(endpoint) => <RowMenu of={endpoint.url} actions={actionsFor(endpoint)} />}
        whenEmpty={WHEN_EMPTY}
      />
      {dialog.name === 'register' && <RegisterEndpointDialog accountId={accountId} onClose={dialog.close} />}
      <EndpointDialogs dialog={dialog} />
    </>
  );
};
