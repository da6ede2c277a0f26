import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Link } from 'react-router';
import { useRefusal } from '../api/permissions.js';
import { toProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { useWrite } from '../api/use-write.js';
import { catalogueQuery } from '../applications/application-queries.js';
import { AllowedButton } from '../common/allowed-button.js';
import { ListPage } from '../common/list-page.js';
import { PageHead } from '../common/page-head.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { RowMenu } from '../common/row-menu.js';
import { useDialog, type Dialog } from '../common/use-dialog.js';
import { useFilters } from '../common/use-filters.js';
import { CatalogueChanged } from './catalogue-changed.js';
import { clashesIn, rowsOf, wanted, type Catalogue, type Method, type Row } from './catalogue-edits.js';
import { CatalogueFilters, columns, filterNames, useRows } from './catalogue-rows.js';
import { saveCatalogue, showCatalogue } from './catalogue-writes.js';
import { EndpointDialog } from './endpoint-dialog.js';
import { ImportDialog } from './import-dialog.js';
import { SaveDialog } from './save-dialog.js';
import { useCatalogueEdits, type CatalogueEdits } from './use-catalogue-edits.js';

const TITLE = 'Endpoint catalogue';
const SENTENCE = 'The endpoints of your API, which apps are connected to. One that is retired is refused at once.';
const WHEN_EMPTY =
  'Apps are connected to the endpoints that are listed here, and their keys open no others. Add the first one, or ' +
  'import many at once.';

/** Why it cannot be saved as it is. */
const savingRefusal = ({ count, base, edits, hasChangedMeanwhile }: CatalogueEdits): string | undefined => {
  if (count === 0) return 'Nothing is changed.';
  if (hasChangedMeanwhile) return 'Look at what has changed meanwhile first.';
  const [clash] = clashesIn(wanted(base, edits));
  return clash === undefined ? undefined : `${clash.join(' and ')} have the same method and path.`;
};

interface BarProps {
  readonly editing: CatalogueEdits;
  readonly refusal: string | undefined;
  readonly dialog: Dialog;
}

/** What is not saved yet, and the two ways on. */
const SavingBar = ({ editing, refusal, dialog }: BarProps): ReactElement => (
  <Group gap="sm" mb="sm" role="region" aria-label="Changes">
    <AllowedButton refusal={refusal ?? savingRefusal(editing)} onClick={() => dialog.open('save')}>
      Save catalogue
    </AllowedButton>
    <Button variant="default" disabled={editing.count === 0} onClick={editing.discard}>
      Discard changes
    </Button>
    <AllowedButton refusal={refusal} variant="default" onClick={() => dialog.open('import')}>
      Import
    </AllowedButton>
    <Text c={editing.count === 0 ? 'dimmed' : 'var(--page-attention)'} role="status">
      {editing.count === 0
        ? 'All is saved.'
        : `Not saved yet: ${editing.count} ${editing.count === 1 ? 'change' : 'changes'}`}
    </Text>
  </Group>
);

interface SavedProps {
  readonly position: string;
}

const SavedNotice = ({ position }: SavedProps): ReactElement => (
  <Alert role="status" color="gray" variant="outline" title="The catalogue is saved" mb="md">
    At position <code className="wraps">{position}</code>.{' '}
    <Anchor component={Link} underline="always" to={`/installation?position=${position}`}>
      Follow who knows of it
    </Anchor>
  </Alert>
);

const isListed = ({ status, change }: Row): boolean =>
  change === undefined ? status === 'active' : change.now !== null;

/** What can be done with a row. None of it is saved yet, so none of it asks. */
const actionsOf = (row: Row, editing: CatalogueEdits, dialog: Dialog, refusal: string | undefined) => {
  const { endpointId, method, path, change } = row;
  const edit = { label: 'Change…', run: () => dialog.open('change', endpointId), refusal };
  const undo = { label: 'Undo the change', run: () => editing.undo(endpointId), refusal };
  const retire = { label: 'Retire', run: () => editing.set({ [endpointId]: null }), isDangerous: true, refusal };
  const list = {
    label: 'List again',
    run: () => editing.set({ [endpointId]: { method: method as Method, path } }),
    refusal,
  };
  if (!isListed(row)) return change === undefined ? [list] : [undo];
  if (change === undefined) return [edit, retire];
  return change.kind === 'added' ? [edit, undo] : [edit, undo, retire];
};

const useSaving = (editing: CatalogueEdits, dialog: Dialog, onSaved: (position: string) => void) =>
  useWrite(() => saveCatalogue(editing.base, editing.edits), {
    onDone: ({ catalogue, position }) => {
      showCatalogue(catalogue);
      editing.discard();
      onSaved(position);
      dialog.close();
    },
  });

interface EditorProps {
  readonly catalogue: Catalogue;
  readonly dialog: Dialog;
}

const Dialogs = ({
  editing,
  dialog,
  rows,
  onSaved,
}: BarProps & {
  readonly rows: readonly Row[];
  readonly onSaved: (position: string) => void;
}): ReactElement | null => {
  const write = useSaving(editing, dialog, onSaved);
  const row = rows.find(({ endpointId }) => endpointId === dialog.about);
  const onClose = dialog.close;
  const correct = (endpointId: string): void => {
    write.forget();
    dialog.open('change', endpointId);
  };
  switch (dialog.name) {
    case 'add':
      return <EndpointDialog {...{ editing, row: undefined, onClose }} />;
    case 'change':
      return row === undefined ? null : <EndpointDialog key={row.endpointId} {...{ editing, row, onClose }} />;
    case 'import':
      return <ImportDialog {...{ editing, onClose }} />;
    case 'save':
      return <SaveDialog {...{ editing, write, onClose, onCorrect: correct }} />;
    default:
      return null;
  }
};

const Editor = ({ catalogue, dialog }: EditorProps): ReactElement => {
  const editing = useCatalogueEdits(catalogue);
  const filters = useFilters(filterNames);
  const refusal = useRefusal('ReplaceApiEndpoints');
  const [saved, setSaved] = useState<string>();
  const rows = rowsOf(editing.base, editing.edits);
  const list = useRows(rows, filters);
  return (
    <>
      <ListPage
        title={TITLE}
        sentence={refusal === undefined ? SENTENCE : `${SENTENCE} ${refusal}`}
        action={{ label: 'Add endpoint', refusal, run: () => dialog.open('add') }}
        above={
          <>
            {editing.hasChangedMeanwhile && <CatalogueChanged editing={editing} latest={catalogue} />}
            {saved !== undefined && editing.count === 0 && <SavedNotice position={saved} />}
            <SavingBar {...{ editing, refusal, dialog }} />
          </>
        }
        filters={filters}
        filterFields={<CatalogueFilters filters={filters} />}
        list={list}
        columns={columns}
        keyOf={({ endpointId }) => endpointId}
        isDimmed={({ status, change }) => status === 'retired' && change === undefined}
        menu={(row) => <RowMenu of={row.endpointId} actions={actionsOf(row, editing, dialog, refusal)} />}
        whenEmpty={WHEN_EMPTY}
      />
      <Dialogs {...{ editing, refusal, dialog, rows, onSaved: setSaved }} />
    </>
  );
};

export const Component = (): ReactElement => {
  const dialog = useDialog();
  const { data, error } = useQuery(catalogueQuery);
  if (data !== undefined) return <Editor catalogue={data} dialog={dialog} />;
  return (
    <>
      <PageHead title={TITLE} sentence={SENTENCE} />
      {error !== null && (
        <ProblemNotice problem={toProblem(error)} onRetry={() => void queryClient.invalidateQueries()} />
      )}
    </>
  );
};
