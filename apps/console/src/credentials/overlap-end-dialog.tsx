import { Button, Group, Stack } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { queryClient } from '../api/query-client.js';
import { useWrite } from '../api/use-write.js';
import { DialogFrame } from '../common/dialog-frame.js';
import { errorOf } from '../common/field-errors.js';
import { InstantField } from '../common/instant-field.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { durationInWords } from '../common/times.js';
import { useDraft } from '../common/use-draft.js';
import { ChangedBy } from './changed-by.js';
import { credentialQuery, whichOf, type Credential, type CredentialPath } from './credential-queries.js';
import { showChanged } from './credential-writes.js';
import { LastUses } from './last-uses.js';
import type { Done } from './rotation-dialogs.js';
import { changeRotation } from './rotation-writes.js';
import type { Version } from './versions.js';
import { WhichOne } from './which-one.js';

interface Props {
  readonly path: CredentialPath;
  readonly credential: Credential;
  readonly old: Version;
  readonly onClose: () => void;
  readonly onDone: (done: Done) => void;
}

const longer = [3_600, 86_400] as const;

interface EndFieldProps {
  /** Empty where no time is in the field. */
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

const EndField = ({ value, error, onChange }: EndFieldProps): ReactElement => (
  <Stack gap="xs">
    <InstantField label="The old secret works until" value={value} error={error} onChange={onChange} />
    <Group gap="xs">
      {longer.map((seconds) => (
        <Button
          key={seconds}
          size="xs"
          variant="default"
          disabled={value === ''}
          onClick={() => onChange(new Date(Date.parse(value) + seconds * 1_000).toISOString())}
        >
          {durationInWords(seconds)} longer
        </Button>
      ))}
    </Group>
  </Stack>
);

const Form = ({ path, credential, old, onClose, onDone }: Props): ReactElement => {
  const [revision, setRevision] = useState(credential.revision);
  const began = old.validUntil ?? '';
  const [{ end }, change, forget] = useDraft(`overlap-end.${path.credentialId}.${began}`, { end: began });
  const close = (): void => {
    forget();
    onClose();
  };
  const write = useWrite(() => changeRotation(path, revision, end), {
    onDone: (answer) => {
      showChanged(path.accountId, answer.credential);
      onDone({ words: 'The end of the overlap is changed.', position: answer.position });
      close();
    },
  });
  const lookAgain = async (): Promise<void> => {
    const latest = await queryClient.fetchQuery({ ...credentialQuery(path), staleTime: 0 });
    setRevision(latest.revision);
    write.forget();
  };
  const isConflict = write.problem?.status === 409 || write.problem?.status === 412;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (end !== '') void write.run();
      }}
    >
      <Stack gap="md">
        <WhichOne credential={credential} />
        <EndField
          value={end}
          error={errorOf(write.problem, 'overlapEndsAt')}
          onChange={(next) => change({ end: next })}
        />
        <LastUses credential={credential} />
        {write.problem !== undefined && (
          <ProblemNotice
            problem={write.problem}
            shownFields={['overlapEndsAt']}
            {...(isConflict ? { onRetry: () => void lookAgain() } : {})}
          >
            <ChangedBy path={path} problem={write.problem} />
          </ProblemNotice>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            Leave as it is
          </Button>
          <Button type="submit" loading={write.isRunning} disabled={end === '' || end === began}>
            Change the end
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

/** Lets the old secret go on for longer, or end sooner. */
export const OverlapEndDialog = (props: Props): ReactElement => (
  <DialogFrame
    onClose={props.onClose}
    title={`How long does the old secret of ${whichOf(props.credential, 'credential')} go on?`}
  >
    <Form {...props} />
  </DialogFrame>
);
