import { Anchor } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link, useNavigate } from 'react-router';
import { useAccountId } from '../accounts/account-queries.js';
import { api, dataOf } from '../api/client.js';
import { useRefusal } from '../api/permissions.js';
import { FilterSelect } from '../common/filter-select.js';
import { InstantField } from '../common/instant-field.js';
import { ListPage } from '../common/list-page.js';
import type { Column } from '../common/list-table.js';
import { NameAndId } from '../common/name-and-id.js';
import { SearchField } from '../common/search-field.js';
import { Time } from '../common/times.js';
import { useDialog } from '../common/use-dialog.js';
import { useFilters, type Filters } from '../common/use-filters.js';
import { useList } from '../common/use-list.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';
import { DeliveryMarks } from './marks.js';
import { SendMessageDialog } from './send-message-dialog.js';
import { messagesKey, useEndpoints, type MessageSummary } from './webhook-queries.js';
import { TITLE, WebhookTabs } from './webhook-tabs.js';
import { deliveryStates, sources } from './words.js';

const WHEN_EMPTY =
  'A message is what is told to the endpoints that ask for its type. Send one, or register an endpoint that asks for ' +
  'the events of this account.';

const filterNames = ['type', 'endpointId', 'state', 'from', 'to'] as const;

const stateChoices = [
  { value: '', label: 'Any state' },
  ...Object.entries(deliveryStates).map(([value, { label }]) => ({ value, label })),
];

const columnsFor = (accountId: string): readonly Column<MessageSummary>[] => [
  {
    title: 'Message',
    isName: true,
    cell: ({ type, messageId }) => (
      <NameAndId
        name={
          <Anchor component={Link} to={`/accounts/${accountId}/webhooks/messages/${messageId}`} c="inherit" fw={500}>
            {type}
          </Anchor>
        }
        id={messageId}
      />
    ),
  },
  { title: 'Cause', cell: ({ source }) => sources[source] },
  {
    title: 'Deliveries',
    cell: ({ deliveries }) => <DeliveryMarks states={deliveries.map(({ state }) => state)} />,
  },
  { title: 'Accepted', isFixed: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
];

const MessageFilters = ({ accountId, filters }: { readonly accountId: string; readonly filters: Filters }) => {
  const endpoints = useEndpoints(accountId);
  const chosen = filters.get('endpointId');
  const known = endpoints.map(({ endpointId, url }) => ({ value: endpointId, label: url }));
  const isGone = chosen !== '' && !known.some(({ value }) => value === chosen);
  const choices = [
    { value: '', label: 'Any endpoint' },
    ...known,
    ...(isGone ? [{ value: chosen, label: chosen }] : []),
  ];
  const set = (name: (typeof filterNames)[number]) => (value: string) => filters.set(name, value);
  return (
    <>
      <SearchField label="Type, exact" value={filters.get('type')} onChange={set('type')} />
      <FilterSelect label="State" value={filters.get('state')} choices={stateChoices} onChange={set('state')} />
      <FilterSelect label="Endpoint" value={chosen} choices={choices} onChange={set('endpointId')} />
      <InstantField isInline label="From" value={filters.get('from')} onChange={set('from')} />
      <InstantField isInline label="Before" value={filters.get('to')} onChange={set('to')} />
    </>
  );
};

const useMessageList = (accountId: string, filters: Filters) => {
  const given = filterNames.flatMap((name) => (filters.get(name) === '' ? [] : [[name, filters.get(name)] as const]));
  const query = Object.fromEntries(given) as { readonly state?: 'pending' };
  return useList<MessageSummary>([...messagesKey(accountId), query], (cursor, signal) => {
    const params = { path: { accountId }, query: { ...query, ...(cursor && { cursor }) } };
    return dataOf(api.GET('/v1/accounts/{accountId}/messages', { params, signal }));
  });
};

export const Component = (): ReactElement => {
  const accountId = useAccountId();
  const navigate = useNavigate();
  const dialog = useDialog();
  const filters = useFilters(filterNames);
  const send = {
    label: 'Send message',
    refusal: useNewRefusal('SendMessage'),
    run: () => dialog.open('send'),
  };
  const mayNot = useRefusal('ListMessages', accountId);
  return (
    <>
      <ListPage
        title={TITLE}
        sentence={mayNot ?? 'What was told to the servers of this account, newest first, and what has become of it.'}
        action={send}
        above={<WebhookTabs accountId={accountId} />}
        filters={filters}
        filterFields={<MessageFilters {...{ accountId, filters }} />}
        list={useMessageList(accountId, filters)}
        columns={columnsFor(accountId)}
        keyOf={({ messageId }) => messageId}
        onOpen={({ messageId }) => void navigate(`/accounts/${accountId}/webhooks/messages/${messageId}`)}
        whenEmpty={WHEN_EMPTY}
      />
      {dialog.name === 'send' && <SendMessageDialog accountId={accountId} onClose={dialog.close} />}
    </>
  );
};
