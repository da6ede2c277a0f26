import { Text } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { isLike } from '../applications/endpoint-picker.js';
import { CopyButton } from '../common/copy-button.js';
import { FilterSelect } from '../common/filter-select.js';
import type { Column } from '../common/list-table.js';
import { Mark } from '../common/mark.js';
import { NameAndId } from '../common/name-and-id.js';
import { SearchField } from '../common/search-field.js';
import type { Filters } from '../common/use-filters.js';
import type { List } from '../common/use-list.js';
import { inWords, type Row } from './catalogue-edits.js';
import { KindMark } from './change-list.js';

export const filterNames = ['q', 'state'] as const;

const states = [
  { value: '', label: 'All' },
  { value: 'active', label: 'Active' },
  { value: 'retired', label: 'Retired' },
  { value: 'unsaved', label: 'Not saved yet' },
];

export const CatalogueFilters = ({ filters }: { readonly filters: Filters }): ReactElement => (
  <>
    <SearchField label="Method, path or id" value={filters.get('q')} onChange={(value) => filters.set('q', value)} />
    <FilterSelect
      label="State"
      value={filters.get('state')}
      choices={states}
      onChange={(value) => filters.set('state', value)}
    />
  </>
);

const Unsaved = ({ change }: Pick<Row, 'change'>): ReactElement | null => {
  if (change === undefined) return null;
  return (
    <div>
      <KindMark kind={change.kind} />
      {change.kind === 'changed' && change.before !== null && (
        <Text size="xs" c="dimmed" className="wraps">
          before: <code>{inWords(change.before)}</code>
        </Text>
      )}
    </div>
  );
};

export const columns: readonly Column<Row>[] = [
  {
    title: 'Endpoint',
    isName: true,
    cell: ({ method, path, endpointId }) => (
      <NameAndId
        name={
          <code>
            {method} {path}
          </code>
        }
        id={endpointId}
        copy={<CopyButton text={endpointId} what={`endpoint ID ${endpointId}`} />}
      />
    ),
  },
  {
    title: 'State',
    isFixed: true,
    cell: ({ status, change }) => {
      if (change?.kind === 'added' && status === 'active') return '–';
      return status === 'active' ? (
        <Mark {...{ icon: 'check', tone: 'good' }}>Active</Mark>
      ) : (
        <Mark {...{ icon: 'stop', tone: 'quiet' }}>Retired: it is refused</Mark>
      );
    },
  },
  { title: 'Not saved yet', cell: ({ change }) => (change === undefined ? '–' : <Unsaved change={change} />) },
];

const hasState = ({ status, change }: Row, state: string): boolean => {
  if (state === '') return true;
  return state === 'unsaved' ? change !== undefined : status === state;
};

/** So many at first: a list may have thousands. */
const SHOWN = 100;

/** What is found, as a list. All of it is here already. */
export const useRows = (rows: readonly Row[], filters: Filters): List<Row> => {
  const [most, setMost] = useState(SHOWN);
  const found = rows.filter((row) => hasState(row, filters.get('state')) && isLike(row, filters.get('q')));
  return {
    items: found.slice(0, most),
    isLoading: false,
    isOld: false,
    problem: undefined,
    hasMore: found.length > most,
    isLoadingMore: false,
    loadMore: () => setMost(most + SHOWN),
    readAgain: () => undefined,
  };
};
