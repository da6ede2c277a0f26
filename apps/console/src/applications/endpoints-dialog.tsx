import { Button, Group, Stack } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { queryClient } from '../api/query-client.js';
import { useWrite } from '../api/use-write.js';
import { ChangedMeanwhile } from '../audit/changed-meanwhile.js';
import { DialogFrame } from '../common/dialog-frame.js';
import { useDraft } from '../common/use-draft.js';
import {
  applicationQuery,
  changesOfApplication,
  type Application,
  type ApplicationPath,
} from './application-queries.js';
import { setEndpoints, showApplication } from './application-writes.js';
import { EndpointPicker } from './endpoint-picker.js';

interface Props {
  readonly path: ApplicationPath;
  readonly application: Application;
  readonly onClose: () => void;
}

const idsOf = ({ endpoints }: Application): readonly string[] => endpoints.map(({ endpointId }) => endpointId);

/** What one has chosen, on top of what somebody else has made of it meanwhile. */
const onTopOf = (latest: readonly string[], base: readonly string[], chosen: readonly string[]): readonly string[] => {
  const added = chosen.filter((each) => !base.includes(each));
  const kept = latest.filter((each) => chosen.includes(each) || !base.includes(each));
  return [...new Set([...kept, ...added])];
};

const Form = ({ path, application, onClose }: Props): ReactElement => {
  // As it was when the choice was begun: a change by somebody else is no part of it, and is told.
  const [begun] = useState(application);
  const [base, setBase] = useState(begun);
  const [{ chosen }, change, forget] = useDraft(`endpoints.${path.applicationId}.${begun.revision}`, {
    chosen: idsOf(begun),
  });
  const close = (): void => {
    forget();
    onClose();
  };
  const write = useWrite(() => setEndpoints(path, base.revision, [...chosen]), {
    onDone: (answer) => {
      showApplication(path, answer.application);
      close();
    },
  });
  const lookAgain = async (): Promise<void> => {
    const latest = await queryClient.fetchQuery({ ...applicationQuery(path), staleTime: 0 });
    change({ chosen: onTopOf(idsOf(latest), idsOf(base), chosen) });
    setBase(latest);
    write.forget();
  };
  return (
    <Stack gap="md">
      <EndpointPicker connected={base.endpoints} chosen={chosen} onChange={(next) => change({ chosen: next })} />
      {write.problem !== undefined && (
        <ChangedMeanwhile
          changes={changesOfApplication(path)}
          problem={write.problem}
          onLookAgain={() => void lookAgain()}
        />
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>
          Leave as it is
        </Button>
        <Button loading={write.isRunning} onClick={() => void write.run()}>
          Connect these
        </Button>
      </Group>
    </Stack>
  );
};

/** Which endpoints the key pairs of an application open. */
export const EndpointsDialog = (props: Props): ReactElement => (
  <DialogFrame onClose={props.onClose} size={640} title="Which endpoints may this app call?">
    <Form {...props} />
  </DialogFrame>
);
