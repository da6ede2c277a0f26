import { LogUnavailable, type AppendOutcome } from '../event-log.js';

/** Nobody knows whether the command was stored. The same command, with the same id, may be submitted again. */
export class OutcomeUnknown extends Error {
  constructor(reason: string) {
    super(`It is not known whether the change was stored (${reason}): repeat it with the same id.`);
    this.name = 'OutcomeUnknown';
  }
}

/** Nothing was stored: the log has no space left. */
export class StorageFull extends Error {
  constructor(reason: string) {
    super(`The event log has no space left: ${reason}`);
    this.name = 'StorageFull';
  }
}

/** Nothing was stored: too many commands wait for this stream. */
export class TooBusy extends Error {
  constructor() {
    super('Too many commands wait for this stream: try again in a moment.');
    this.name = 'TooBusy';
  }
}

type Failure = Exclude<AppendOutcome, { kind: 'ok' | 'conflict' }>;

export const writeError = ({ kind, reason }: Failure): Error => {
  switch (kind) {
    case 'unknown':
      return new OutcomeUnknown(reason);
    case 'unavailable':
      return new LogUnavailable(`Nothing was stored: ${reason}.`);
    case 'storage-full':
      return new StorageFull(reason);
  }
};
