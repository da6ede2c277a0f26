import { Alert, Button, Group, Radio, Stack } from '@mantine/core';
import type { ReactElement } from 'react';
import { isCreatedUnconfirmed } from '../api/form-key.js';
import { lookAgain } from '../api/query-client.js';
import { useStore } from '../api/store.js';
import { useWrite } from '../api/use-write.js';
import { DialogFrame } from '../common/dialog-frame.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { shownSecret } from '../common/shown-secret.js';
import { durationInWords } from '../common/times.js';
import { useDraft } from '../common/use-draft.js';
import { whichOf, type Credential, type CredentialType } from './credential-queries.js';
import { rotateCredential, rotationForm, showIssued } from './credential-writes.js';
import { WhichOne } from './which-one.js';

interface Props {
  readonly accountId: string;
  readonly credential: Credential;
  readonly type: CredentialType;
  readonly noun: string;
  readonly onClose: () => void;
}

const AT_ONCE = 0;
const overlaps = [3_600, 86_400, 604_800, AT_ONCE] as const;
const [AN_HOUR] = overlaps;

const overlapInWords = (seconds: number): string =>
  seconds === AT_ONCE
    ? 'Not at all: it stops working at once'
    : `For ${durationInWords(seconds)} more, so that you can change over`;

const Form = ({ accountId, credential, type, onClose }: Props): ReactElement => {
  const { credentialId } = credential;
  const form = rotationForm(credentialId);
  // Kept with the key: another choice would not show the same secret again.
  const [{ overlap }, change, forget] = useDraft<{ readonly overlap: number }>(form, { overlap: AN_HOUR });
  const send = () => rotateCredential({ accountId, credentialId }, overlap);
  const onClosed = (): void => {
    forget();
    onClose();
  };
  const write = useWrite(send, {
    onDone: (issued) => showIssued(issued, { accountId, type, form, title: 'Secret rotated', onClosed }),
  });
  return (
    <Stack gap="md">
      <WhichOne credential={credential} />
      {isCreatedUnconfirmed(form) && (
        <Alert color="yellow" variant="outline" title="This was rotated a moment ago">
          That the new secret is saved was never confirmed. The same choice shows it once more, within ten minutes.
        </Alert>
      )}
      <Radio.Group
        label="How long does the old secret go on?"
        value={String(overlap)}
        onChange={(value) => change({ overlap: Number(value) })}
      >
        <Stack gap="xs" mt="xs">
          {overlaps.map((seconds) => (
            <Radio key={seconds} value={String(seconds)} label={overlapInWords(seconds)} />
          ))}
        </Stack>
      </Radio.Group>
      {write.problem !== undefined && (
        <ProblemNotice
          problem={write.problem}
          {...(write.problem.status === 409 ? { onRetry: () => lookAgain(onClose) } : {})}
        />
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
        <Button loading={write.isRunning} onClick={() => void write.run()}>
          Rotate secret
        </Button>
      </Group>
    </Stack>
  );
};

/** Issues a new secret under the same id; the old one goes on for as long as one chooses. */
export const RotateDialog = (props: Props): ReactElement => {
  const isSecretShown = useStore(shownSecret) !== null;
  return (
    <DialogFrame
      isOpen={!isSecretShown}
      onClose={props.onClose}
      title={`Rotate the secret of ${whichOf(props.credential, props.noun)}?`}
    >
      <Form {...props} />
    </DialogFrame>
  );
};
