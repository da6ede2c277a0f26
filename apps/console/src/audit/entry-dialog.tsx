import { Anchor, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { toProblem } from '../api/problem.js';
import { CopyButton } from '../common/copy-button.js';
import { DialogFrame } from '../common/dialog-frame.js';
import { Facts } from '../common/facts.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Time } from '../common/times.js';
import type { Dialog } from '../common/use-dialog.js';
import type { List } from '../common/use-list.js';
import { subjectsOf } from './audit-entries.js';
import { onlyWhenAsked, readTrail, trailAddress, type AuditItem, type TrailQuery } from './audit-queries.js';
import { ChangeList } from './change-list.js';
import { inWords } from './words.js';

/** In the address: the time is what the API can find it by. */
export const nameOfEntry = ({ at, eventId }: AuditItem): string => `${at},${eventId}`;

interface Props {
  readonly accountId: string | undefined;
  readonly query: TrailQuery;
  readonly list: List<AuditItem>;
  readonly dialog: Dialog;
}

const partsOf = (name: string | null) => {
  const [at = '', eventId = ''] = (name ?? '').split(',');
  return { at, eventId };
};

/** Of those that are shown already, else by its time. Null where it is not found. */
const useEntry = ({ accountId, query, list, dialog }: Props) => {
  const { at, eventId } = partsOf(dialog.about);
  const isIt = (entry: AuditItem): boolean => entry.eventId === eventId;
  const shown = list.items.find(isIt);
  const atMs = Date.parse(at);
  const isName = !Number.isNaN(atMs);
  const { data, error } = useQuery({
    queryKey: ['audit-entry', accountId ?? 'all', query, at, eventId],
    queryFn: async ({ signal }) => {
      const moment = { from: at, to: new Date(atMs + 1).toISOString(), limit: 200 };
      const { items } = await readTrail(accountId, { ...query, ...moment }, signal);
      return items.find(isIt) ?? null;
    },
    enabled: shown === undefined && !list.isLoading && isName,
    ...onlyWhenAsked,
  });
  return { entry: shown ?? (isName ? data : null), error };
};

const Id = ({
  id,
  what,
  page,
}: {
  readonly id: string;
  readonly what: string;
  readonly page?: string;
}): ReactElement => (
  <Group gap={2} wrap="nowrap">
    {page === undefined ? (
      <code className="wraps">{id}</code>
    ) : (
      <Anchor component={Link} to={page} className="mono wraps">
        {id}
      </Anchor>
    )}
    <CopyButton text={id} what={what} />
  </Group>
);

/** Further entries that have to do with this one. */
const Related = ({ accountId, entry }: { readonly accountId: string | undefined; readonly entry: AuditItem }) => {
  const { actor, credentialId, applicationId } = entry;
  const trails: readonly { readonly label: string; readonly filters: Readonly<Record<string, string>> }[] = [
    { label: 'All that this actor has done', filters: { actor: actor.id } },
    ...(credentialId === null ? [] : [{ label: 'All about this credential', filters: { credentialId } }]),
    ...(applicationId === null ? [] : [{ label: 'All about this app', filters: { applicationId } }]),
  ];
  return (
    <Group gap="md">
      {trails.map(({ label, filters }) => (
        <Anchor key={label} component={Link} to={trailAddress(accountId, filters)}>
          {label}
        </Anchor>
      ))}
    </Group>
  );
};

const Entry = ({ accountId, entry }: { readonly accountId: string | undefined; readonly entry: AuditItem }) => {
  const { action, actor, at, ip, userAgent, changes, correlationId, eventId, position } = entry;
  const dash = (text: string | null) => <span className="wraps">{text ?? '–'}</span>;
  const subjects = subjectsOf(entry).map(({ noun, id, page }) => ({
    label: noun === 'app' ? 'App' : inWords(noun),
    value: <Id id={id} what={`${noun} ID`} page={page} />,
  }));
  return (
    <Stack gap="md">
      <Facts
        facts={[
          { label: 'Event', value: <code>{action}</code> },
          { label: 'When', value: <Time at={at} /> },
          { label: 'Exactly', value: <Id id={at} what="time" /> },
          { label: 'Who', value: <Id id={actor.id} what="actor ID" /> },
          { label: 'Kind of actor', value: actor.type },
          { label: 'Issuer', value: dash(actor.issuer) },
          { label: 'From', value: dash(ip) },
          { label: 'Program', value: dash(userAgent) },
          ...subjects,
          { label: 'Changes', value: changes.length === 0 ? '–' : <ChangeList changes={changes} /> },
          { label: 'Correlation ID', value: <Id id={correlationId} what="correlation ID" /> },
          { label: 'Event ID', value: <Id id={eventId} what="event ID" /> },
          { label: 'Position', value: <Id id={position} what="position" /> },
        ]}
      />
      <Related {...{ accountId, entry }} />
    </Stack>
  );
};

/** Everything about one entry. */
export const EntryDialog = (props: Props): ReactElement => {
  const { entry, error } = useEntry(props);
  return (
    <DialogFrame
      size="lg"
      onClose={props.dialog.close}
      title={entry ? inWords(entry.action) : 'One entry of the audit trail'}
    >
      {entry === null && <Text>There is no such entry with these filters.</Text>}
      {entry && <Entry accountId={props.accountId} entry={entry} />}
      {error !== null && <ProblemNotice problem={toProblem(error)} />}
    </DialogFrame>
  );
};
