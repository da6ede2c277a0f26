import { Anchor, Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { Link } from 'react-router';
import { toProblem, type ApiProblem } from '../api/problem.js';
import { DialogFrame } from '../common/dialog-frame.js';
import { download } from '../common/download.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Time } from '../common/times.js';
import { trailAddress, type TrailQuery } from './audit-queries.js';
import { MOST_ENTRIES, readWholeTrail } from './read-whole-trail.js';
import { fileForms, type FileForm, type ReadTrail } from './trail-file.js';

const counted = (entries: number): string =>
  entries === 1 ? '1 entry' : `${entries.toLocaleString(undefined)} entries`;

/** Now, as a part of a file's name. */
const stamp = (): string => new Date().toISOString().slice(0, 19).replaceAll(':', '');

const save = (trail: ReadTrail, form: FileForm): void => {
  const { textOf, type } = fileForms[form];
  download(`audit-trail-${trail.accountId ?? 'all'}-${stamp()}.${form}`, textOf(trail), type);
};

interface Export {
  readonly run: (form: FileForm) => Promise<void>;
  /** So many entries were read; undefined while none are. */
  readonly progress: number | undefined;
  readonly saved: ReadTrail | undefined;
  readonly problem: ApiProblem | undefined;
}

/** Leaving the dialog ends it. */
const useExport = ({ accountId, query }: Pick<Props, 'accountId' | 'query'>): Export => {
  const [progress, setProgress] = useState<number>();
  const [saved, setSaved] = useState<ReadTrail>();
  const [problem, setProblem] = useState<ApiProblem>();
  const underWay = useRef<AbortController>(undefined);
  useEffect(() => () => underWay.current?.abort(), []);
  const run = async (form: FileForm): Promise<void> => {
    const { signal } = (underWay.current = new AbortController());
    setProblem(undefined);
    setProgress(0);
    try {
      const trail = await readWholeTrail(accountId, query, { signal, onProgress: setProgress });
      if (signal.aborted) return;
      save(trail, form);
      setSaved(trail);
    } catch (error) {
      if (!signal.aborted) setProblem(toProblem(error));
    }
    setProgress(undefined);
  };
  return { run, progress, saved, problem };
};

/** Where there is more than was saved: from where on to export the rest. */
const Rest = ({ accountId, query, entries, isComplete }: ReadTrail): ReactElement | null => {
  const last = entries.at(-1);
  if (isComplete || last === undefined) return null;
  const { action, excludeAction, ...others } = query;
  const filters = {
    ...(others as Readonly<Record<string, string>>),
    ...(action && { action: action.join(',') }),
    ...(excludeAction && { excludeAction: excludeAction.join(',') }),
    // Others may have happened in the same millisecond: better some twice than any never.
    to: new Date(Date.parse(last.at) + 1).toISOString(),
  };
  return (
    <Text>
      There are older ones.{' '}
      <Anchor component={Link} to={trailAddress(accountId, filters)} inherit>
        Go on before
      </Anchor>{' '}
      <Time at={last.at} />, and export again.
    </Text>
  );
};

const Saved = ({ trail }: { readonly trail: ReadTrail }): ReactElement => (
  <>
    <Text role="status">Saved {counted(trail.entries.length)}.</Text>
    <Rest {...trail} />
  </>
);

interface Props {
  readonly accountId: string | undefined;
  readonly query: TrailQuery;
  readonly onClose: () => void;
}

const Body = ({ onClose, ...of }: Props): ReactElement => {
  const [form, setForm] = useState<FileForm>('csv');
  const { run, progress, saved, problem } = useExport(of);
  return (
    <Stack gap="md">
      <Text>
        The entries that the filters let through, the newest first, {counted(MOST_ENTRIES)} at most. Each part of it
        that is read is recorded as a reading.
      </Text>
      <Radio.Group label="File" value={form} onChange={(value) => setForm(value)}>
        <Stack gap="xs" mt="xs">
          {(['csv', 'json'] as const).map((each) => (
            <Radio key={each} value={each} label={fileForms[each].label} />
          ))}
        </Stack>
      </Radio.Group>
      {progress !== undefined && <Text role="status">{counted(progress)} read…</Text>}
      {progress === undefined && saved !== undefined && <Saved trail={saved} />}
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          {progress === undefined && saved !== undefined ? 'Close' : 'Cancel'}
        </Button>
        <Button loading={progress !== undefined} onClick={() => void run(form)}>
          Export
        </Button>
      </Group>
    </Stack>
  );
};

/** Saves what the filters let through as a file. */
export const ExportDialog = (props: Props): ReactElement => (
  <DialogFrame onClose={props.onClose} title="Export the audit trail?">
    <Body {...props} />
  </DialogFrame>
);
