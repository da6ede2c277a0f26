import type { ReactElement, ReactNode } from 'react';
import { useAccountId } from '../accounts/account-queries.js';
import { api, dataOf } from '../api/client.js';
import { FilterSelect } from '../common/filter-select.js';
import type { Column } from '../common/list-table.js';
import { SearchField } from '../common/search-field.js';
import { StatusBadge } from '../common/status-badge.js';
import { Time } from '../common/times.js';
import type { Filters } from '../common/use-filters.js';
import { useList, type List } from '../common/use-list.js';
import { credentialsKey, type Credential } from './credential-queries.js';
import { statusChoices } from './statuses.js';

/** Those of a type, by the filters `q`, `mode` and `status` where a page has them. */
export const useCredentialList = (type: string, filters: Filters): List<Credential> => {
  const accountId = useAccountId();
  const [q, mode, status] = [filters.get('q'), filters.get('mode'), filters.get('status')];
  const query = {
    type,
    ...(q === '' ? {} : { q }),
    ...(mode === '' ? {} : { mode: mode as NonNullable<Credential['mode']> }),
    ...(status === '' ? {} : { status: status as Credential['status'] }),
  };
  return useList<Credential>([...credentialsKey(accountId), query], (cursor, signal) => {
    const params = { path: { accountId }, query: { ...query, ...(cursor && { cursor }) } };
    return dataOf(api.GET('/v1/accounts/{accountId}/credentials', { params, signal }));
  });
};

interface FiltersProps {
  readonly filters: Filters;
  /** What the search looks at. */
  readonly searched: string;
  /** Further ones, between the search and the status. */
  readonly children?: ReactNode;
}

export const CredentialFilters = ({ filters, searched, children }: FiltersProps): ReactElement => (
  <>
    <SearchField label={searched} value={filters.get('q')} onChange={(value) => filters.set('q', value)} />
    {children}
    <FilterSelect
      label="Status"
      value={filters.get('status')}
      choices={statusChoices}
      onChange={(value) => filters.set('status', value)}
    />
  </>
);

/** Columns that every list of credentials ends with. */
export const standingColumns: readonly Column<Credential>[] = [
  { title: 'Status', isFixed: true, cell: ({ status }) => <StatusBadge status={status} /> },
  { title: 'Created', isFixed: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    title: 'Last used',
    isFixed: true,
    cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'Never' : <Time at={lastUsedAt} form="relative" />),
  },
];

/** How rows of credentials are told apart, and shown when they are out of use. */
export const credentialRows = {
  keyOf: ({ credentialId }: Credential): string => credentialId,
  isDimmed: ({ status }: Credential): boolean => status !== 'active',
};
