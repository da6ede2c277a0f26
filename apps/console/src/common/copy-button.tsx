import { ActionIcon, Tooltip } from '@mantine/core';
import { useEffect, useRef, useState, type ReactElement, type RefObject } from 'react';
import { Announce } from './announce.js';
import { copyText } from './copy-text.js';
import { Icon } from './icons.js';

interface Props {
  readonly text: string;
  /** What it is, as in "client ID". */
  readonly what: string;
  /** Where the text can be selected, if the page may not copy; it has to be shown there first. */
  readonly shown?: RefObject<HTMLElement | null>;
  readonly onRefused?: () => void;
}

type Outcome = 'copied' | 'refused';

const TOLD_FOR_MS = 2_500;

/** Says "copied" only when it was. */
export const CopyButton = ({ text, what, shown, onRefused }: Props): ReactElement => {
  const [outcome, setOutcome] = useState<Outcome>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (): Promise<void> => {
    const copied = await copyText(text, shown?.current ?? null);
    if (!copied) onRefused?.();
    setOutcome(copied ? 'copied' : 'refused');
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOutcome(undefined), copied ? TOLD_FOR_MS : 4 * TOLD_FOR_MS);
  };
  const words = { copied: 'Copied', refused: 'Press Ctrl+C to copy what is selected' };
  const label = outcome === undefined ? `Copy ${what}` : words[outcome];
  return (
    <>
      <Tooltip label={label} opened={outcome === undefined ? undefined : true}>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="dimmed"
          size={32}
          aria-label={`Copy ${what}`}
          onClick={() => void copy()}
        >
          <Icon name={outcome === 'copied' ? 'check' : 'copy'} />
        </ActionIcon>
      </Tooltip>
      <Announce>{outcome === undefined ? '' : words[outcome]}</Announce>
    </>
  );
};
