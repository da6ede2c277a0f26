import { Anchor, Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { CopyButton } from '../common/copy-button.js';
import { ListTable, type Column } from '../common/list-table.js';
import { Time } from '../common/times.js';
import type { AuditItem } from './audit-queries.js';
import { ChangeList } from './change-list.js';
import { inWords, shortOf } from './words.js';

/** Of an entry; the rest is seen when it is opened. */
const MOST_CHANGES = 4;

/** Pages of what an entry is about. */
export const subjectsOf = ({ accountId, credentialId, applicationId }: AuditItem) => {
  if (accountId === null) return [];
  const page = `/accounts/${accountId}`;
  return [
    { noun: 'account', id: accountId, page },
    ...(credentialId === null
      ? []
      : [{ noun: 'credential', id: credentialId, page: `${page}/credentials/${credentialId}` }]),
    ...(applicationId === null ? [] : [{ noun: 'app', id: applicationId, page: `${page}/apps/${applicationId}` }]),
  ];
};

interface Options {
  /** Where entries of several accounts stand together. */
  readonly namesAccount?: boolean | undefined;
  /** Id of what all of them are about, which they need not name. */
  readonly about?: string | undefined;
  readonly onOpen?: ((entry: AuditItem) => void) | undefined;
}

interface WhatProps extends Options {
  readonly entry: AuditItem;
}

const Subjects = ({ entry, namesAccount = false, about }: Omit<WhatProps, 'onOpen'>): ReactElement => (
  <>
    {subjectsOf(entry)
      .filter(({ noun, id }) => id !== about && (namesAccount || noun !== 'account'))
      .map(({ noun, id, page }) => (
        <span key={id}>
          {' · '}
          <Anchor component={Link} to={page} inherit title={id} className="unbroken">
            {noun} {shortOf(id)}
          </Anchor>
        </span>
      ))}
  </>
);

const What = ({ entry, onOpen, ...naming }: WhatProps): ReactElement => {
  const words = inWords(entry.action);
  return (
    <>
      <div>
        {onOpen === undefined ? (
          <Text span inherit fw={600}>
            {words}
          </Text>
        ) : (
          <Anchor component="button" type="button" c="inherit" fw={600} ta="left" onClick={() => onOpen(entry)}>
            {words}
          </Anchor>
        )}
        <Subjects entry={entry} {...naming} />
      </div>
      <ChangeList changes={entry.changes} most={MOST_CHANGES} />
    </>
  );
};

/** And from which address. */
const Who = ({ actor, ip }: Pick<AuditItem, 'actor' | 'ip'>): ReactElement => (
  <div className="who">
    <bdi className="wraps">{actor.id}</bdi>
    <Text size="xs" c="dimmed" className="wraps">
      {actor.type === 'service' && 'service '}
      {ip !== null && `from ${ip}`}
    </Text>
  </div>
);

/** And the id under which the server's log has more. */
const When = ({ at, correlationId }: Pick<AuditItem, 'at' | 'correlationId'>): ReactElement => (
  <div>
    <Time at={at} />
    <div>
      <Group gap={2} wrap="nowrap" component="span" display="inline-flex">
        <Text component="code" c="dimmed" className="mono" title={correlationId}>
          {shortOf(correlationId)}
        </Text>
        <CopyButton text={correlationId} what={`correlation id ${correlationId}`} />
      </Group>
    </div>
  </div>
);

/** Of every table of entries. */
export const auditColumns = (options: Options): readonly Column<AuditItem>[] => [
  { title: 'What happened', isName: true, cell: (entry) => <What {...{ entry, ...options }} /> },
  { title: 'Who', cell: (entry) => <Who {...entry} /> },
  { title: 'When, correlation id', isFixed: true, cell: (entry) => <When {...entry} /> },
];

interface Props extends Options {
  /** Name of the table. */
  readonly label: string;
  readonly entries: readonly AuditItem[];
  readonly isLoading: boolean;
}

/** Entries of the audit trail as people read them: what happened to what, who did it, from where, when. */
export const AuditEntries = ({ label, entries, isLoading, ...options }: Props): ReactElement => (
  <ListTable
    label={label}
    columns={auditColumns(options)}
    items={entries}
    keyOf={({ eventId }) => eventId}
    onOpen={options.onOpen}
    isLoading={isLoading}
  />
);
