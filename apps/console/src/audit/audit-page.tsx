import { Button, Text } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { useParams } from 'react-router';
import { Icon } from '../common/icons.js';
import { ListPage } from '../common/list-page.js';
import { PageHead } from '../common/page-head.js';
import { useDialog } from '../common/use-dialog.js';
import { useFilters } from '../common/use-filters.js';
import { auditColumns } from './audit-entries.js';
import { useTrail } from './audit-queries.js';
import { EntryDialog, nameOfEntry } from './entry-dialog.js';
import { ExportDialog } from './export-dialog.js';
import { TrailFilterForm } from './trail-filter-form.js';
import { filterNames, queryOf, useTrailFilters } from './trail-filters.js';
import { useNewer } from './use-newer.js';
import { useTrailRefusal } from './use-trail-refusal.js';

const SENTENCE = 'Who did what, when, and from where; newest first. That you read it is recorded as well.';
const WHEN_EMPTY = 'Everything that is done is listed here, with who has done it. Nothing has been done yet.';

const titleOf = (accountId: string | undefined): string =>
  accountId === undefined ? 'Audit trail of all accounts' : 'Audit trail';

interface Props {
  /** Undefined for the trail of all. */
  readonly accountId: string | undefined;
}

const Trail = ({ accountId }: Props): ReactElement => {
  const [reading, setReading] = useState(0);
  const hasNewer = useNewer(accountId, reading);
  const dialog = useDialog();
  const [filters, setFilters] = useTrailFilters();
  const query = queryOf(filters);
  const list = useTrail(accountId, query, { reading });
  const onOpen = (entry: Parameters<typeof nameOfEntry>[0]): void => dialog.open('entry', nameOfEntry(entry));
  return (
    <>
      <ListPage
        title={titleOf(accountId)}
        sentence={SENTENCE}
        actions={
          <>
            <Button
              variant="default"
              leftSection={<Icon name="refresh" />}
              onClick={() => setReading((before) => before + 1)}
            >
              {hasNewer ? 'Show newer entries' : 'Read again'}
            </Button>
            <Button variant="default" leftSection={<Icon name="download" />} onClick={() => dialog.open('export')}>
              Export…
            </Button>
          </>
        }
        filters={useFilters(filterNames)}
        filterFields={<TrailFilterForm key={JSON.stringify(filters)} filters={filters} onShow={setFilters} />}
        list={list}
        columns={auditColumns({ namesAccount: accountId === undefined, onOpen })}
        keyOf={({ eventId }) => eventId}
        onOpen={onOpen}
        whenEmpty={WHEN_EMPTY}
      />
      {dialog.name === 'entry' && <EntryDialog {...{ accountId, query, list, dialog }} />}
      {dialog.name === 'export' && <ExportDialog {...{ accountId, query }} onClose={dialog.close} />}
    </>
  );
};

/** The trail of the account that the address names, or of all accounts. */
export const Component = (): ReactElement => {
  const { accountId } = useParams<'accountId'>();
  const refusal = useTrailRefusal(accountId);
  if (refusal === undefined) return <Trail key={accountId ?? ''} accountId={accountId} />;
  return (
    <>
      <PageHead title={titleOf(accountId)} sentence="Who did what, when, and from where." />
      <Text>{refusal}</Text>
    </>
  );
};
