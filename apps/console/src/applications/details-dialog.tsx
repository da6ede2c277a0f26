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
import { showApplication, updateApplication } from './application-writes.js';
import { DetailsFields, type Details } from './details-fields.js';

interface Props {
  readonly path: ApplicationPath;
  readonly application: Application;
  readonly onClose: () => void;
}

/** As they are now, but for what was typed. */
const detailsWith = (typed: Partial<Details>, { title, description }: Application): Details => ({
  ...{ title, description: description ?? '' },
  ...typed,
});

/** Only what was typed: what somebody else has changed meanwhile stays as it is. */
const bodyOf = ({ title, description }: Partial<Details>) => ({
  ...(title === undefined ? {} : { title }),
  ...(description === undefined ? {} : { description: description === '' ? null : description }),
});

const Form = ({ path, application, onClose }: Props): ReactElement => {
  const [begun] = useState(application);
  const [revision, setRevision] = useState(begun.revision);
  const [typed, change, forget] = useDraft<Partial<Details>>(`details.${path.applicationId}.${begun.revision}`, {});
  const details = detailsWith(typed, application);
  const close = (): void => {
    forget();
    onClose();
  };
  const write = useWrite(() => updateApplication(path, revision, bodyOf(typed)), {
    onDone: (answer) => {
      showApplication(path, answer.application);
      close();
    },
  });
  const lookAgain = async (): Promise<void> => {
    const latest = await queryClient.fetchQuery({ ...applicationQuery(path), staleTime: 0 });
    setRevision(latest.revision);
    write.forget();
  };
  const isReady = details.title.trim() !== '' && Object.keys(typed).length > 0;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void write.run();
      }}
    >
      <Stack gap="md">
        <DetailsFields details={details} problem={write.problem} onChange={change} />
        {write.problem !== undefined && (
          <ChangedMeanwhile
            changes={changesOfApplication(path)}
            problem={write.problem}
            shownFields={['title', 'description']}
            onLookAgain={() => void lookAgain()}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            Leave as it is
          </Button>
          <Button type="submit" loading={write.isRunning} disabled={!isReady}>
            Save details
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

export const DetailsDialog = (props: Props): ReactElement => (
  <DialogFrame onClose={props.onClose} title="Change the details?">
    <Form {...props} />
  </DialogFrame>
);
