import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useRefusal } from '../api/permissions.js';
import { Time } from '../common/times.js';
import { onlyWhenAsked, readTrail, type AuditItem, type TrailQuery } from './audit-queries.js';
import { inWords } from './words.js';

interface Props {
  /** Undefined: in any. */
  readonly accountId: string | undefined;
  readonly query: TrailQuery;
  /** Another one reads it again. */
  readonly reading?: string | number | null;
}

/** Those of the thing itself: what lies within it is told by the action. */
const fieldsOf = ({ changes }: AuditItem): string => {
  const fields = changes.map(({ field }) => field).filter((field) => !field.includes('.'));
  return fields.length === 0 ? '' : ` (${fields.map(inWords).join(', ')})`;
};

/** What happened last of what is asked for, by whom and when. Nothing for who may not read the trail. */
export const LastChange = ({ accountId, query, reading = null }: Props): ReactElement | null => {
  const operation = accountId === undefined ? 'ListAuditEventsOfAllAccounts' : 'ListAuditEvents';
  const mayAsk = useRefusal(operation, accountId) === undefined;
  const { data } = useQuery({
    queryKey: ['last-change', accountId ?? 'all', query, reading],
    queryFn: ({ signal }) => readTrail(accountId, { ...query, limit: 1 }, signal),
    enabled: mayAsk,
    ...onlyWhenAsked,
  });
  const last = data?.items[0];
  if (last === undefined) return null;
  return (
    <Text mt={4}>
      Last: {inWords(last.action)}
      {fieldsOf(last)}, by <bdi className="wraps">{last.actor.id}</bdi>, <Time at={last.at} form="relative" />.
    </Text>
  );
};
