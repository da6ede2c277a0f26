import { Button, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactElement, type ReactNode } from 'react';
import type { ApiProblem } from '../api/problem.js';
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
  readonly isRunning: boolean;
  readonly problem: ApiProblem | undefined;
  readonly onConfirm: (confirmation: string) => void;
  /** Where it was refused because something has changed meanwhile: the way on. */
  readonly onLookAgain?: () => void;
}

const Consequences = ({ all }: { readonly all: readonly string[] }): ReactElement | null =>
  all.length === 0 ? null : (
    <List spacing={4}>
      {all.map((each) => (
        <List.Item key={each}>{each}</List.Item>
      ))}
    </List>
  );

/** Where something has changed meanwhile, looking again is the way on. */
const wayOn = ({ status }: ApiProblem, onLookAgain?: () => void): { readonly onRetry?: () => void } =>
  onLookAgain !== undefined && (status === 409 || status === 412) ? { onRetry: onLookAgain } : {};

const Body = (props: Props): ReactElement => {
  const { consequences = [], children, yes, no, isDangerous, phrase = null, isRunning, problem, onLookAgain } = props;
  const [typed, setTyped] = useState('');
  const isReady = phrase === null || typed === phrase;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) props.onConfirm(typed);
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
        {problem !== undefined && <ProblemNotice problem={problem} {...wayOn(problem, onLookAgain)} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {no}
          </Button>
          <Button
            type="submit"
            color={isDangerous === true ? 'red.8' : undefined}
            loading={isRunning}
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
  const { isOpen, onClose, title } = props;
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={<Text fw={600}>{title}</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Body {...props} />
    </Modal>
  );
};
