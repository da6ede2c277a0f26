import { keepPreviousData, useInfiniteQuery, type InfiniteData, type StaleTime } from '@tanstack/react-query';
import { toProblem, type ApiProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface List<T> {
  readonly items: readonly T[];
  /** Nothing is known yet. */
  readonly isLoading: boolean;
  /** What is shown is of other filters, and being replaced. */
  readonly isOld: boolean;
  readonly problem: ApiProblem | undefined;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly readAgain: () => void;
}

/** When it is read, how long that counts as fresh, and is kept; as of every query where left out. */
interface Options {
  readonly enabled?: boolean;
  readonly staleTime?: StaleTime;
  readonly gcTime?: number;
}

/** Of a list by cursor; what the key holds beside its beginning are the filters. */
export const useList = <T>(
  key: readonly unknown[],
  fetchPage: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
  options: Options = {},
): List<T> => {
  const query = useInfiniteQuery({
    ...options,
    queryKey: key,
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }: Page<T>) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  return {
    items: query.data?.pages.flatMap(({ items }) => items) ?? [],
    isLoading: query.data === undefined && query.error === null,
    isOld: query.isPlaceholderData,
    problem: query.error === null ? undefined : toProblem(query.error),
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    readAgain: () => void query.refetch(),
  };
};

type Pages<T> = InfiniteData<Page<T>>;

const changeLists = <T>(key: readonly unknown[], change: (items: readonly T[]) => readonly T[]): void =>
  void queryClient.setQueriesData<Pages<T>>(
    { queryKey: key },
    (data) => data && { ...data, pages: data.pages.map((page) => ({ ...page, items: change(page.items) })) },
  );

/** Shows the answer of a write in the row that it concerns, in every list whose key begins so. */
export const replaceInLists = <T>(
  key: readonly unknown[],
  isSame: (item: T) => boolean,
  nextOf: (before: T) => T,
): void => changeLists<T>(key, (items) => items.map((item) => (isSame(item) ? nextOf(item) : item)));

export const removeFromLists = <T>(key: readonly unknown[], isSame: (item: T) => boolean): void =>
  changeLists<T>(key, (items) => items.filter((item) => !isSame(item)));
