import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '../api/client.js';
import type { components } from '../api/generated/schema.js';

export type Receipt = components['schemas']['Receipt'];
export type VerifierPosition = components['schemas']['VerifierPosition'];

const QUIETLY_EVERY_MS = 5_000;
const FOLLOWED_EVERY_MS = 1_500;

/** Where the log ends. */
export const positionQuery = queryOptions({
  queryKey: ['position'],
  queryFn: ({ signal }) => dataOf(api.GET('/v1/position', { signal })),
  refetchInterval: QUIETLY_EVERY_MS,
});

const readReceipt = (position: string, signal: AbortSignal): Promise<Receipt> =>
  dataOf(api.GET('/v1/positions/{position}', { params: { path: { position } }, signal }));

/** Whether every verifier that answers knows of it. */
export const isKnownToAll = ({ verifiers }: Receipt): boolean => verifiers.every(({ guaranteed }) => guaranteed);

/** Of one position: read again by itself until all know of it, and only while somebody looks. */
export const followedQuery = (position: string) =>
  queryOptions({
    queryKey: ['receipt', position],
    queryFn: ({ signal }) => readReceipt(position, signal),
    refetchInterval: ({ state }) => {
      const isDone = state.data !== undefined && isKnownToAll(state.data);
      return isDone || state.error !== null ? false : FOLLOWED_EVERY_MS;
    },
    staleTime: 0,
  });

/** Of the end of the log, as it moves. */
export const verifiersQuery = (position: string) =>
  queryOptions({
    queryKey: ['verifiers', position],
    queryFn: ({ signal }) => readReceipt(position, signal),
    placeholderData: keepPreviousData,
    refetchInterval: QUIETLY_EVERY_MS,
  });

/** Both of the same log, the first not before the second. */
export const hasReached = (position: string, other: string): boolean => {
  const logOf = (text: string): string => text.slice(0, text.lastIndexOf('-'));
  return logOf(position) === logOf(other) && position >= other;
};
