import { Button } from '@mantine/core';
import { useEffect, useState, type ReactElement } from 'react';
import { Icon } from '../common/icons.js';
import { useStore } from '../api/store.js';
import { retryNow, slowRequests, trouble, type Trouble } from '../api/trouble.js';

const secondsUntil = (atMs: number): number => Math.max(0, Math.ceil((atMs - Date.now()) / 1000));

/** Counts down, and renders once a second only while there is something to count. */
const useCountdown = (atMs: number | undefined): number | undefined => {
  const [, tick] = useState(0);
  useEffect(() => {
    if (atMs === undefined) return undefined;
    const timer = setInterval(() => tick((count) => count + 1), 1_000);
    return () => clearInterval(timer);
  }, [atMs]);
  return atMs === undefined ? undefined : secondsUntil(atMs);
};

const wordsFor = ({ problem }: Trouble): string => {
  if (problem.status === 0) return navigator.onLine ? 'Keyledger does not answer.' : 'You are offline.';
  if (problem.status === 429) return 'Too many requests.';
  return `${problem.title}.`;
};

const whatIsDone = (seconds: number | undefined): string => {
  if (seconds === undefined) return 'Nothing is tried any more.';
  return seconds === 0 ? 'Trying again.' : `Trying again in ${seconds} s.`;
};

/** One line about what keeps answers from coming, and what is done about it. */
export const TopLine = (): ReactElement | null => {
  const current = useStore(trouble);
  const slow = useStore(slowRequests);
  const seconds = useCountdown(current?.retryAtMs);
  if (current === null && slow === 0) return null;
  return (
    <div className="top-line">
      <Icon name="warning" />
      <span role="status">
        {current === null ? 'Keyledger is slow to answer. Still waiting.' : wordsFor(current)}
        {current !== null && <span aria-hidden="true"> {whatIsDone(seconds)}</span>}
      </span>
      {current !== null && (
        <Button size="compact-sm" variant="default" onClick={retryNow}>
          Try now
        </Button>
      )}
    </div>
  );
};
