import { Box, Button, Group, Stack, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { AllowedButton } from './allowed-button.js';
import { Announce } from './announce.js';
import { Icon } from './icons.js';
import { ListCards } from './list-cards.js';
import { ListTable, type Column } from './list-table.js';
import { PageHead } from './page-head.js';
import { ProblemNotice } from './problem-notice.js';
import type { Filters } from './use-filters.js';
import type { List } from './use-list.js';
import { useShortcut } from '../shell/keyboard.js';

interface PrimaryAction {
  readonly label: string;
  /** Why it cannot be used; undefined where it can. */
  readonly refusal: string | undefined;
  readonly run: () => void;
}

interface Props<T> {
  readonly title: string;
  readonly sentence: string;
  readonly action?: PrimaryAction;
  /** Where there are other buttons than one for something new. */
  readonly actions?: ReactNode;
  /** Between the head and the filters. */
  readonly above?: ReactNode;
  readonly filters: Filters;
  /** Search first, then what else there is. Left out where there are never more than a few. */
  readonly filterFields?: ReactNode;
  readonly list: List<T>;
  /** Of a table. */
  readonly columns?: readonly Column<T>[];
  /** Shows them as cards, and as no table. */
  readonly card?: (item: T) => ReactNode;
  readonly keyOf: (item: T) => string;
  readonly isDimmed?: (item: T) => boolean;
  readonly menu?: (item: T) => ReactNode;
  readonly onOpen?: (item: T) => void;
  /** What these are for, in two sentences, where there are none yet. */
  readonly whenEmpty: string;
}

interface PrimaryButtonProps {
  readonly action: PrimaryAction | undefined;
  readonly isQuiet?: boolean;
}

const PrimaryButton = ({ action, isQuiet = false }: PrimaryButtonProps): ReactElement | null =>
  action === undefined ? null : (
    <AllowedButton
      refusal={action.refusal}
      onClick={action.run}
      variant={isQuiet ? 'default' : 'filled'}
      leftSection={<Icon name="plus" />}
    >
      {action.label}
    </AllowedButton>
  );

const NothingFound = ({ clear }: Filters): ReactElement => (
  <Group py="lg">
    <Text c="dimmed">Nothing is like that.</Text>
    <Button variant="default" size="xs" onClick={clear}>
      Clear the filters
    </Button>
  </Group>
);

/** Shows the next page of a list, where there is one. */
export const MoreButton = ({ list }: { readonly list: List<unknown> }): ReactElement | null =>
  list.hasMore ? (
    <Button variant="default" mt="md" loading={list.isLoadingMore} onClick={list.loadMore}>
      Show more
    </Button>
  ) : null;

type RestProps = Pick<Props<unknown>, 'filters' | 'whenEmpty' | 'action'> & { readonly list: List<unknown> };

const NothingYet = ({ whenEmpty, action }: Pick<RestProps, 'whenEmpty' | 'action'>): ReactElement => (
  <Stack align="flex-start" py="lg" maw={560}>
    <Text>{whenEmpty}</Text>
    <PrimaryButton action={action} isQuiet />
  </Stack>
);

/** What stands below the rows, or in their place. */
const Rest = ({ list, filters, ...nothing }: RestProps): ReactElement | null => {
  if (list.problem !== undefined) return <ProblemNotice problem={list.problem} onRetry={list.readAgain} />;
  if (list.isLoading) return null;
  if (list.items.length > 0) return <MoreButton list={list} />;
  return filters.isFiltered ? <NothingFound {...filters} /> : <NothingYet {...nothing} />;
};

const countInWords = ({ items, hasMore, isLoading }: List<unknown>): string => {
  if (isLoading) return '';
  return `${items.length} ${items.length === 1 ? 'row' : 'rows'}${hasMore ? ', and more' : ''}`;
};

const isNothingYet = ({ items, isLoading, problem }: List<unknown>, { isFiltered }: Filters): boolean =>
  items.length === 0 && !isLoading && problem === undefined && !isFiltered;

const usePrimaryKey = ({ label, run, refusal }: Partial<PrimaryAction> = {}): void =>
  useShortcut('c', label ?? '', refusal === undefined ? run : undefined);

const Items = <T,>({ title, list, columns = [], card, keyOf, ...table }: Props<T>): ReactElement => {
  const shown = { label: title, items: list.items, isLoading: list.isLoading, keyOf };
  const { isDimmed, menu, onOpen } = table;
  return card === undefined ? (
    <ListTable {...shown} {...{ columns, isDimmed, menu, onOpen }} />
  ) : (
    <ListCards {...shown} card={card} />
  );
};

/** Every list looks and works like this. */
export const ListPage = <T,>(props: Props<T>): ReactElement => {
  const { title, sentence, action, above, filters, filterFields, list, whenEmpty } = props;
  const { actions = <PrimaryButton action={action} /> } = props;
  usePrimaryKey(action);
  const { items, isLoading } = list;
  return (
    <>
      <PageHead title={title} sentence={sentence} actions={actions} />
      {above}
      {filterFields !== undefined && !isNothingYet(list, filters) && (
        <Group mb="sm" gap="xs" role="search" aria-label="Filters">
          {filterFields}
        </Group>
      )}
      <Announce>{countInWords(list)}</Announce>
      {(isLoading || items.length > 0) && (
        <Box opacity={list.isOld ? 0.6 : 1}>
          <Items {...props} />
        </Box>
      )}
      <Rest {...{ list, filters, whenEmpty, action }} />
    </>
  );
};
