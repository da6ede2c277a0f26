import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { queryClient } from '../api/query-client.js';
import { useStore } from '../api/store.js';
import { useWrite } from '../api/use-write.js';
import { errorOf } from '../common/field-errors.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { durationInWords, showsUtc } from '../common/times.js';
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

const A_MINUTE_MS = 60_000;
const longer = [3_600, 86_400] as const;

/** As the field for a time has it, to the minute, in UTC or in the zone of the browser. */
const fieldOf = (ms: number, utc: boolean): string => {
  const offsetMs = utc ? 0 : new Date(ms).getTimezoneOffset() * A_MINUTE_MS;
  return new Date(ms - offsetMs).toISOString().slice(0, 'YYYY-MM-DDTHH:MM'.length);
};

/** Undefined where no time is in the field. */
const instantOf = (field: string, utc: boolean): string | undefined => {
  const at = new Date(utc ? `${field}Z` : field);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
};

const zoneInWords = (utc: boolean): string =>
  utc ? 'In UTC.' : `In your time zone, ${Intl.DateTimeFormat().resolvedOptions().timeZone}.`;

interface EndFieldProps {
  readonly value: string;
  readonly error: string | undefined;
  readonly utc: boolean;
  readonly onChange: (value: string) => void;
}

const EndField = ({ value, error, utc, onChange }: EndFieldProps): ReactElement => {
  const at = instantOf(value, utc);
  return (
    <Stack gap="xs">
      <TextInput
        type="datetime-local"
        label="The old secret works until"
        description={zoneInWords(utc)}
        required
        value={value}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Group gap="xs">
        {longer.map((seconds) => (
          <Button
            key={seconds}
            size="xs"
            variant="default"
            disabled={at === undefined}
            onClick={() => at !== undefined && onChange(fieldOf(Date.parse(at) + seconds * 1_000, utc))}
          >
            {durationInWords(seconds)} longer
          </Button>
        ))}
      </Group>
    </Stack>
  );
};

const Form = ({ path, credential, old, onClose, onDone }: Props): ReactElement => {
  const utc = useStore(showsUtc);
  const [revision, setRevision] = useState(credential.revision);
  const began = fieldOf(Date.parse(old.validUntil ?? ''), utc);
  const [{ end }, change, forget] = useDraft(`overlap-end.${path.credentialId}.${old.validUntil}.${utc}`, {
    end: began,
  });
  const at = instantOf(end, utc);
  const close = (): void => {
    forget();
    onClose();
  };
  const write = useWrite((endsAt: string) => changeRotation(path, revision, endsAt), {
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
        if (at !== undefined) void write.run(at);
      }}
    >
      <Stack gap="md">
        <WhichOne credential={credential} />
        <EndField
          value={end}
          utc={utc}
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
          <Button type="submit" loading={write.isRunning} disabled={at === undefined || end === began}>
            Change the end
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

/** Lets the old secret go on for longer, or end sooner. */
export const OverlapEndDialog = (props: Props): ReactElement => (
  <Modal
    opened
    onClose={props.onClose}
    title={<Text fw={600}>How long does the old secret of {whichOf(props.credential, 'credential')} go on?</Text>}
    closeButtonProps={{ 'aria-label': 'Close' }}
  >
    <Form {...props} />
  </Modal>
);
