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

interface SubjectsProps {
  readonly of: AuditItem;
  readonly namesAccount: boolean;
}

const Subjects = ({ of, namesAccount }: SubjectsProps): ReactElement => {
  const subjects = subjectsOf(of).filter(({ noun }) => namesAccount || noun !== 'account');
  if (subjects.length === 0) return <>–</>;
  return (
    <div>
      {subjects.map(({ noun, id, page }) => (
        <div key={id}>
          <Anchor component={Link} to={page} inherit title={id}>
            {noun} {shortOf(id)}
          </Anchor>
        </div>
      ))}
    </div>
  );
};

interface WhatProps {
  readonly entry: AuditItem;
  readonly onOpen: ((entry: AuditItem) => void) | undefined;
}

const What = ({ entry, onOpen }: WhatProps): ReactElement => {
  const words = inWords(entry.action);
  return (
    <>
      {onOpen === undefined ? (
        <Text fw={500}>{words}</Text>
      ) : (
        <Anchor component="button" type="button" c="inherit" fw={500} ta="left" onClick={() => onOpen(entry)}>
          {words}
        </Anchor>
      )}
      <ChangeList changes={entry.changes} most={MOST_CHANGES} />
    </>
  );
};

const Who = ({ actor }: Pick<AuditItem, 'actor'>): ReactElement => (
  <div>
    <bdi className="wraps">{actor.id}</bdi>
    {actor.type === 'service' && (
      <Text size="xs" c="dimmed">
        service
      </Text>
    )}
  </div>
);

const CorrelationId = ({ correlationId }: Pick<AuditItem, 'correlationId'>): ReactElement => (
  <Group gap={2} wrap="nowrap" component="span" display="inline-flex">
    <code title={correlationId}>{shortOf(correlationId)}</code>
    <CopyButton text={correlationId} what={`correlation id ${correlationId}`} />
  </Group>
);

interface Options {
  /** Where entries of several accounts stand together. */
  readonly namesAccount?: boolean | undefined;
  readonly onOpen?: ((entry: AuditItem) => void) | undefined;
}

/** Of every table of entries. */
export const auditColumns = ({ namesAccount = false, onOpen }: Options): readonly Column<AuditItem>[] => [
  { title: 'What', isName: true, cell: (entry) => <What {...{ entry, onOpen }} /> },
  { title: 'About', isFixed: true, cell: (entry) => <Subjects of={entry} namesAccount={namesAccount} /> },
  { title: 'Who', cell: ({ actor }) => <Who actor={actor} /> },
  { title: 'From', cell: ({ ip }) => <span className="wraps">{ip ?? '–'}</span> },
  { title: 'When', isFixed: true, cell: ({ at }) => <Time at={at} /> },
  { title: 'Correlation id', isFixed: true, cell: (entry) => <CorrelationId {...entry} /> },
];

interface Props extends Options {
  /** Name of the table. */
  readonly label: string;
  readonly entries: readonly AuditItem[];
  readonly isLoading: boolean;
}

/** Entries of the audit trail as people read them: what, about what, who, from where, when. */
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
