import type { EventLog } from './event-log.js';

/** Nothing was stored: this process only reads the log. */
export class LogReadOnly extends Error {
  constructor() {
    super('Nothing was stored: writes are paused for maintenance.');
    this.name = 'LogReadOnly';
  }
}

/** The same log for a process that must not write: every append throws LogReadOnly, with nothing stored. */
export const readOnlyLog = (log: EventLog): EventLog => ({
  logId: log.logId,
  append: () => Promise.reject(new LogReadOnly()),
  readStream: (streamId, fromRevision) => log.readStream(streamId, fromRevision),
  follow: (anchor, signal) => log.follow(anchor, signal),
  head: () => log.head(),
  anchorAt: (position) => log.anchorAt(position),
  ping: () => log.ping(),
  close: () => log.close(),
});
