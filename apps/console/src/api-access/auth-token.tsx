import { Group, Stack, Text } from '@mantine/core';
import { useRef, useState, type ReactElement } from 'react';
import { flushSync } from 'react-dom';
import { useRefusal } from '../api/permissions.js';
import { useWrite } from '../api/use-write.js';
import { AllowedIcon } from '../common/allowed-icon.js';
import { copyText } from '../common/copy-text.js';
import { CopyButton } from '../common/copy-button.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';
import { revealAuthToken } from './api-access-writes.js';

interface Props {
  readonly accountId: string;
  readonly masked: string;
  readonly onRefresh: () => void;
}

type Aim = 'show' | 'copy';

/** Shows or copies the token; the value is in this component alone, and gone with it. */
const useReveal = (accountId: string) => {
  const [token, setToken] = useState<string>();
  const [told, setTold] = useState('');
  const shown = useRef<HTMLElement>(null);
  const copyOrShow = async (value: string): Promise<void> => {
    const isCopied = await copyText(value, null);
    setTold(isCopied ? 'Copied, and noted in the audit trail.' : 'Press Ctrl+C to copy what is selected.');
    if (isCopied) return;
    // It has to be on the page before it can be selected.
    flushSync(() => setToken(value));
    if (shown.current !== null) getSelection()?.selectAllChildren(shown.current);
  };
  const send = async (aim: Aim) => ({ aim, ...(await revealAuthToken(accountId)) });
  const write = useWrite(send, {
    // Each try would be an entry in the audit trail.
    repeatable: false,
    onDone: ({ aim, authToken }) => {
      if (authToken === null) return;
      if (aim === 'copy') return void copyOrShow(authToken);
      setToken(authToken);
      setTold('Shown, and noted in the audit trail.');
    },
  });
  const hide = (): void => {
    setToken(undefined);
    setTold('');
  };
  return { token, told, shown, write, hide };
};

/** The token, concealed: to show it, to copy it, and to replace it. */
export const AuthToken = ({ accountId, masked, onRefresh }: Props): ReactElement => {
  const { token, told, shown, write, hide } = useReveal(accountId);
  const refusal = useRefusal('RevealAuthToken', accountId);
  const refreshRefusal = useNewRefusal('RefreshAuthToken');
  const isShown = token !== undefined;
  const shared = { refusal, isRunning: write.isRunning };
  return (
    <Stack gap={4} maw={560}>
      <div className="secret-part" role="group" aria-label="Auth token">
        <code ref={shown}>{token ?? masked}</code>
        <Group gap={0} wrap="nowrap">
          {isShown ? (
            <>
              <AllowedIcon icon="hide" label="Hide the auth token" refusal={undefined} onClick={hide} />
              <CopyButton text={token} what="auth token" shown={shown} />
            </>
          ) : (
            <>
              <AllowedIcon icon="show" label="Show the auth token" {...shared} onClick={() => void write.run('show')} />
              <AllowedIcon icon="copy" label="Copy the auth token" {...shared} onClick={() => void write.run('copy')} />
            </>
          )}
          <AllowedIcon icon="refresh" label="Replace the auth token" refusal={refreshRefusal} onClick={onRefresh} />
        </Group>
      </div>
      <Text size="xs" c="dimmed" role="status">
        {told === '' ? 'Showing or copying it is noted in the audit trail, with who did it and when.' : told}
      </Text>
      {write.problem !== undefined && <ProblemNotice problem={write.problem} />}
    </Stack>
  );
};
