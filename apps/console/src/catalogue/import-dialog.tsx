import { Button, FileButton, Group, Radio, Stack, Text, Textarea } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { Announce } from '../common/announce.js';
import { DialogFrame } from '../common/dialog-frame.js';
import { Mistakes } from '../common/mistakes.js';
import { useDraft } from '../common/use-draft.js';
import { clashesIn, effective, wanted, type Edits } from './catalogue-edits.js';
import { readImport } from './imported.js';
import type { CatalogueEdits } from './use-catalogue-edits.js';

type Mode = 'add' | 'replace';

interface Props {
  readonly editing: CatalogueEdits;
  readonly onClose: () => void;
}

/** With `replace` all that is listed and not imported is retired. */
const editsFor = (imported: Edits, mode: Mode, { base, edits }: CatalogueEdits): Edits => {
  if (mode === 'add') return imported;
  const listed = wanted(base, edits).map(({ endpointId }) => [endpointId, null] as const);
  return { ...Object.fromEntries(listed), ...imported };
};

const countInWords = (imported: Edits, editing: CatalogueEdits, next: Edits): string => {
  const count = Object.keys(imported).length;
  const changes = Object.keys(effective({ ...editing.edits, ...next }, editing.base)).length;
  return `${count} endpoints read. With them ${changes === 1 ? '1 change is' : `${changes} changes are`} to be saved.`;
};

const useImport = ({ editing }: Props) => {
  const [draft, change, forget] = useDraft<{ readonly text: string; readonly mode: Mode }>('api-endpoints.import', {
    text: '',
    mode: 'add',
  });
  const { edits: imported, mistakes: read } = readImport(draft.text);
  const next = editsFor(imported, draft.mode, editing);
  const clashes = clashesIn(wanted(editing.base, { ...editing.edits, ...next })).map(
    ([id, as]) => `${id} has the same method and path as ${as}`,
  );
  return { draft, change, forget, imported, next, mistakes: [...read, ...clashes] };
};

const ModeField = ({ mode, onChange }: { readonly mode: Mode; readonly onChange: (mode: Mode) => void }) => (
  <Radio.Group label="What it is to the list" value={mode} onChange={onChange}>
    <Stack gap={4} mt={4}>
      <Radio value="add" label="Add to it" description="What is listed already, and not here, stays." />
      <Radio value="replace" label="Replace it" description="What is listed already, and not here, is retired." />
    </Stack>
  </Radio.Group>
);

const Form = (props: Props): ReactElement => {
  const { editing, onClose } = props;
  const { draft, change, forget, imported, next, mistakes } = useImport(props);
  const [isTyping, setTyping] = useState(false);
  const isReady = Object.keys(imported).length > 0 && mistakes.length === 0;
  const count = isReady ? countInWords(imported, editing, next) : '';
  const take = (): void => {
    editing.set(next);
    forget();
    onClose();
  };
  return (
    <Stack gap="md">
      <Textarea
        label="JSON"
        description="A list of endpointId, method and path, or what GET /v1/api-endpoints answers."
        classNames={{ input: 'mono' }}
        autosize
        minRows={6}
        maxRows={14}
        spellCheck={false}
        data-autofocus
        value={draft.text}
        error={isTyping || mistakes.length === 0 ? undefined : <Mistakes all={mistakes} />}
        onChange={(event) => {
          setTyping(true);
          change({ text: event.currentTarget.value });
        }}
        onBlur={() => setTyping(false)}
      />
      <Group gap="xs">
        <FileButton
          accept="application/json,.json"
          onChange={(file) => void file?.text().then((text) => change({ text }))}
        >
          {(button) => (
            <Button {...button} variant="default" size="xs">
              Read a file
            </Button>
          )}
        </FileButton>
        <Text c="dimmed">{count}</Text>
        <Announce>{count}</Announce>
      </Group>
      <ModeField mode={draft.mode} onChange={(mode) => change({ mode })} />
      <Text c="dimmed">Nothing is saved yet: the list is saved as a whole.</Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Import none
        </Button>
        <Button disabled={!isReady} onClick={take}>
          Take into the list
        </Button>
      </Group>
    </Stack>
  );
};

/** Many endpoints at once. */
export const ImportDialog = (props: Props): ReactElement => (
  <DialogFrame onClose={props.onClose} size={640} title="Import endpoints">
    <Form {...props} />
  </DialogFrame>
);
