import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { DialogFrame } from '../common/dialog-frame.js';
import { useDraft } from '../common/use-draft.js';
import { isMethod, methods, rowsOf, type Method, type Row } from './catalogue-edits.js';
import { mistakeAsPair, mistakeInId, mistakeInPath } from './mistakes.js';
import type { CatalogueEdits } from './use-catalogue-edits.js';

interface Props {
  readonly editing: CatalogueEdits;
  /** Which one is changed; undefined for one more. */
  readonly row: Row | undefined;
  readonly onClose: () => void;
}

interface Draft {
  readonly endpointId: string;
  readonly method: Method;
  readonly path: string;
}

const draftFrom = (row: Row | undefined): Draft => ({
  endpointId: row?.endpointId ?? '',
  method: row !== undefined && isMethod(row.method) ? row.method : 'GET',
  path: row?.path ?? '',
});

/** What is wrong with each field, by what one sees of the whole list. */
const mistakesOf = (draft: Draft, { editing, row }: Props) => {
  const there = rowsOf(editing.base, editing.edits).find(({ endpointId }) => endpointId === draft.endpointId);
  const isTaken = row === undefined && there !== undefined && there.status === 'active';
  const isBack = row === undefined && there?.status === 'retired';
  return {
    endpointId: isTaken ? 'There is one with this ID already' : mistakeInId(draft.endpointId),
    path: mistakeInPath(draft.path) ?? mistakeAsPair(draft, editing.base, editing.edits),
    note: isBack ? 'It is retired now. This brings it back, for all apps that have it.' : undefined,
  };
};

type Mistakes = ReturnType<typeof mistakesOf>;

interface FieldProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly mistakes: Mistakes;
}

const IdField = ({ draft, change, mistakes, isNew }: FieldProps & { readonly isNew: boolean }): ReactElement => {
  const [wasLeft, setLeft] = useState(false);
  const isTold = draft.endpointId !== '' && (wasLeft || mistakes.endpointId?.startsWith('There') === true);
  return (
    <TextInput
      label="Endpoint ID"
      description={isNew ? 'As gateways name it: invoices.list. It cannot be changed later.' : 'It cannot be changed.'}
      required
      readOnly={!isNew}
      maxLength={64}
      autoComplete="off"
      spellCheck={false}
      {...(isNew ? { 'data-autofocus': true } : {})}
      value={draft.endpointId}
      error={isTold ? mistakes.endpointId : undefined}
      onChange={(event) => change({ endpointId: event.currentTarget.value })}
      onBlur={() => setLeft(true)}
    />
  );
};

const PathField = ({ draft, change, mistakes, isNew }: FieldProps & { readonly isNew: boolean }): ReactElement => {
  const [wasLeft, setLeft] = useState(false);
  return (
    <TextInput
      label="Path"
      description="With {} for what changes: /invoices/{id}."
      required
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
      {...(isNew ? {} : { 'data-autofocus': true })}
      value={draft.path}
      error={wasLeft && draft.path !== '' ? mistakes.path : undefined}
      onChange={(event) => change({ path: event.currentTarget.value })}
      onBlur={() => setLeft(true)}
    />
  );
};

const Form = (props: Props): ReactElement => {
  const { editing, row, onClose } = props;
  const [draft, change, forget] = useDraft(`api-endpoint.${row?.endpointId ?? ''}`, draftFrom(row));
  const mistakes = mistakesOf(draft, props);
  const isReady = mistakes.endpointId === undefined && mistakes.path === undefined;
  const isNew = row === undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isReady) return;
        editing.set({ [draft.endpointId]: { method: draft.method, path: draft.path } });
        forget();
        onClose();
      }}
    >
      <Stack gap="md">
        <IdField {...{ draft, change, mistakes, isNew }} />
        <NativeSelect
          label="Method"
          value={draft.method}
          data={[...methods]}
          onChange={(event) => change({ method: event.currentTarget.value as Method })}
        />
        <PathField {...{ draft, change, mistakes, isNew }} />
        {mistakes.note !== undefined && <Text>{mistakes.note}</Text>}
        <Text c="dimmed">Nothing is saved yet: the list is saved as a whole.</Text>
        <Group justify="flex-end" gap="xs">
          <Button
            variant="default"
            onClick={() => {
              forget();
              onClose();
            }}
          >
            {isNew ? 'Add none' : 'Leave as it is'}
          </Button>
          <Button type="submit" disabled={!isReady}>
            {isNew ? 'Add to the list' : 'Change in the list'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

/** One endpoint of the list, new or changed. */
export const EndpointDialog = (props: Props): ReactElement => (
  <DialogFrame onClose={props.onClose} title={props.row === undefined ? 'Add an endpoint' : 'Change this endpoint'}>
    <Form {...props} />
  </DialogFrame>
);
