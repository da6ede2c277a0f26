/**
 * The copy cannot go on; the message says what to do. What is in the target by then is a beginning of the source,
 * unless the message says that it differs: the next attempt goes on from there.
 */
export class CopyFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CopyFailed';
  }
}

export const STOPPED = 'Stopped. The same command goes on from here.';
