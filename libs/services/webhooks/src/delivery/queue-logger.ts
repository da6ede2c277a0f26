import { Logger } from 'graphile-worker';

export type Tell = (line: string) => void;

/** Each of many workers says so where the database goes away: then the run ends, and that is told once. */
const ENDS_RUN = 'Worker exited with error';

/** Jobs come and go without a word; what goes wrong is ours to tell. */
export const queueLogger = (warn: Tell): Logger =>
  new Logger(() => (level, message) => {
    if (!['error', 'warning'].includes(level) || message.startsWith(ENDS_RUN)) return;
    warn(message.split('\n', 1)[0] ?? '');
  });
