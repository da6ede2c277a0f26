import { List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useRefusal } from '../api/permissions.js';
import { onlyWhenAsked, readTrail, type AuditItem } from '../audit/audit-queries.js';
import { Time } from '../common/times.js';
import type { EndpointPath } from './webhook-queries.js';

const action: AuditItem['action'][] = [
  'WebhookEndpointRegistered',
  'WebhookEndpointChanged',
  'WebhookEndpointDisabled',
  'WebhookEndpointEnabled',
];

/** What the audit trail tells of this endpoint, newest first, among the last entries about any. */
const useTrailOf = ({ accountId, endpointId }: EndpointPath, reading: string) => {
  const isAllowed = useRefusal('ListAuditEvents', accountId) === undefined;
  const { data } = useQuery({
    queryKey: ['webhook-endpoint-trail', accountId, endpointId, reading],
    queryFn: ({ signal }) => readTrail(accountId, { action, limit: 200 }, signal),
    ...onlyWhenAsked,
    enabled: isAllowed,
  });
  const prefix = `webhookEndpoints.${endpointId}.`;
  return (data?.items ?? []).flatMap(({ changes, actor, at }) => {
    const fields = changes.map(({ field }) => field).filter((field) => field.startsWith(prefix));
    return fields.length === 0 ? [] : [{ actor, at, fields: fields.map((field) => field.slice(prefix.length)) }];
  });
};

interface OfEndpoint {
  readonly path: EndpointPath;
  /** Of what one has seen. */
  readonly revision: number;
}

/** Who has changed it last, and what. */
export const WhoChanged = ({ path, revision }: OfEndpoint): ReactElement | null => {
  const [last] = useTrailOf(path, `after ${revision}`);
  if (last === undefined) return null;
  return (
    <Text mt={4}>
      <span className="wraps">{last.actor.id}</span> changed {last.fields.join(', ')}{' '}
      <Time at={last.at} form="relative" />.
    </Text>
  );
};

/** Since when it is off, and who turned it off. */
export const OffSince = ({ path, revision }: OfEndpoint): ReactElement | null => {
  const turned = useTrailOf(path, `of ${revision}`).find(({ fields }) => fields.includes('enabled'));
  if (turned === undefined) return null;
  return (
    <Text>
      Since <Time at={turned.at} />, by <span className="wraps">{turned.actor.id}</span>. Turn it on, then send again
      what was held.
    </Text>
  );
};

interface Difference {
  readonly field: string;
  readonly now: string;
}

/** What it is now, of the fields that are not as one has seen them. */
export const Differences = ({ all }: { readonly all: readonly Difference[] }): ReactElement | null =>
  all.length === 0 ? null : (
    <List spacing={4}>
      {all.map(({ field, now }) => (
        <List.Item key={field} className="wraps">
          {field} is now <code>{now === '' ? 'empty' : now}</code>
        </List.Item>
      ))}
    </List>
  );
