import { Logger } from 'graphile-worker';

export type Warn = (line: string) => void;

/** Jobs come and go without a word; what goes wrong is ours to tell. */
export const queueLogger = (warn: Warn): Logger =>
  new Logger(() => (level, message) => {
    if (['error', 'warning'].includes(level)) warn(message.split('\n', 1)[0] ?? '');
  });
