import type { Writable } from 'node:stream';

/** Resolves when the reader has taken enough for more to be written, or is gone. */
export const drained = (stream: Writable): Promise<void> =>
  new Promise((resolve) => {
    const go = (): void => {
      stream.off('drain', go).off('close', go);
      resolve();
    };
    stream.on('drain', go).on('close', go);
    if (stream.destroyed || !stream.writableNeedDrain) go();
  });
