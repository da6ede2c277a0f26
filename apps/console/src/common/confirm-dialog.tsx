import { Button, Group, List, Stack, TextInput } from '@mantine/core';
import { useState, type ReactElement, type ReactNode } from 'react';
import type { ApiProblem } from '../api/problem.js';
import { lookAgain } from '../api/query-client.js';
import type { Write } from '../api/use-write.js';
import { DialogFrame } from './dialog-frame.js';
import { ProblemNotice } from './problem-notice.js';

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** The question. */
  readonly title: string;
  /** What follows, from the API: `consequences[]`, `advice[]`. */
  readonly consequences?: readonly string[];
  readonly children?: ReactNode;
  /** A verb and what it is done to, as in "Revoke key". */
  readonly yes: string;
  /** The harmless way out, as in "Keep it". */
  readonly no: string;
  readonly isDangerous?: boolean;
  /** Words that have to be typed. */
  readonly phrase?: string | null;
  /** What "yes" does, given the words that were typed. Who leaves the question does not want it any more. */
  readonly write: Write<readonly [confirmation: string]>;
  /** Whether something is not known yet that "yes" needs. */
  readonly isWaiting?: boolean;
}

const Consequences = ({ all }: { readonly all: readonly string[] }): ReactElement | null =>
  all.length === 0 ? null : (
    <List spacing={4}>
      {all.map((each) => (
        <List.Item key={each}>{each}</List.Item>
      ))}
    </List>
  );

interface RefusalProps {
  readonly problem: ApiProblem | undefined;
  readonly leave: () => void;
}

/** Where something has changed meanwhile, looking again is the way on. */
const Refusal = ({ problem, leave }: RefusalProps): ReactElement | null => {
  if (problem === undefined) return null;
  const isOld = problem.status === 409 || problem.status === 412;
  return <ProblemNotice problem={problem} {...(isOld ? { onRetry: () => lookAgain(leave) } : {})} />;
};

const Body = (props: Props): ReactElement => {
  const { consequences = [], children, yes, no, isDangerous, phrase = null, write, isWaiting = false } = props;
  const [typed, setTyped] = useState('');
  const isReady = phrase === null || typed === phrase;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void write.run(typed);
      }}
    >
      <Stack gap="md">
        <Consequences all={consequences} />
        {children}
        {phrase !== null && (
          <TextInput
            label={
              <>
                Type <code>{phrase}</code>
              </>
            }
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        <Refusal problem={write.problem} leave={props.onClose} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {no}
          </Button>
          <Button
            type="submit"
            color={isDangerous === true ? 'red.8' : undefined}
            loading={write.isRunning || isWaiting}
            disabled={!isReady}
          >
            {yes}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

/** Asks one thing. The focus is on what does no harm. */
export const ConfirmDialog = (props: Props): ReactElement => {
  const { isOpen, title, write } = props;
  const onClose = (): void => {
    write.forget();
    props.onClose();
  };
  return (
    <DialogFrame isOpen={isOpen} onClose={onClose} title={title}>
      <Body {...props} onClose={onClose} />
    </DialogFrame>
  );
};
