import { NoAnswer } from './failure.js';
import { toStored, type ReceivedEvent, type StoredEvent } from './received-event.js';

export interface ReadOptions {
  /** The read is given up when nothing comes for so long. */
  readonly silenceMs: number;
  /** False for "that is enough". */
  readonly take: (event: StoredEvent) => boolean;
}

interface ReadStream {
  on(event: 'data', listener: (received: ReceivedEvent) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  destroy(): unknown;
  cancel(): Promise<void>;
}

/** Reads to the end, or until `take` has enough. Rejects with what the stream reports, `take` throws, or NoAnswer. */
export const drain = (read: ReadStream, { silenceMs, take }: ReadOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    // A cancelled read ends like a finished one: only this says which it was.
    let done = false;
    const finish = (settle: () => void): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      read.destroy();
      read.cancel().catch(() => undefined);
      settle();
    };
    const fail = (error: Error): void => finish(() => reject(error));
    let received = 0;
    const onSilence = (): void => {
      const before = received;
      // One turn more: after a standstill of this process the timer is due before what came in time is read.
      setImmediate(() => received === before && fail(new NoAnswer(silenceMs)));
    };
    const timer = setTimeout(onSilence, silenceMs);
    read.on('error', fail); // Stays: the client may report a failure twice.
    read.on('end', () => finish(resolve));
    read.on('data', (resolved: ReceivedEvent) => {
      if (done) return;
      received += 1;
      timer.refresh();
      try {
        const event = toStored(resolved);
        if (event !== null && !take(event)) finish(resolve);
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
