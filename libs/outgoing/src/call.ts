import { errors, type Dispatcher } from 'undici';
import { ConnectFailure, type Outcome } from './answer.js';
import { Excerpt } from './excerpt.js';

/** More of an answer is not read. Its connection is then closed: the rest would come before the next answer. */
const MOST_BYTES = 65_536;

/** What the caller did wrong, not the other side. */
const OURS = [errors.InvalidArgumentError, errors.ClientClosedError, errors.ClientDestroyedError];

const GARBAGE = [errors.HTTPParserError, errors.HeadersOverflowError, errors.ResponseContentLengthMismatchError];

/** Only their texts tell these two from a connection that ended: an answer 100, or 101, that nobody asked for. */
const UNASKED = ['bad response', 'bad upgrade'];

const failureOf = (error: Error): Outcome => {
  if (error instanceof ConnectFailure) return error.outcome;
  const isGarbage = GARBAGE.some((kind) => error instanceof kind) || UNASKED.includes(error.message);
  return isGarbage ? 'bad-answer' : 'connection-failed';
};

/** What comes of a call. */
export interface Ended {
  readonly outcome: Outcome;
  readonly status: number | null;
  readonly body: string;
}

/** One request, as undici sees it. */
export class Call implements Dispatcher.DispatchHandler {
  /** Rejects only with what the caller did. */
  readonly ended: Promise<Ended>;
  #resolve!: (ended: Ended) => void;
  #reject!: (error: Error) => void;
  readonly #excerpt = new Excerpt();
  #controller: Dispatcher.DispatchController | undefined;
  #status: number | null = null;
  #isOver = false;

  constructor() {
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** No more time. */
  expire(): void {
    this.#end('timeout');
    this.#controller?.abort(new errors.RequestAbortedError());
  }

  /** The caller does not want it any more. */
  cancel(reason: Error): void {
    this.#isOver = true;
    this.#reject(reason);
    this.#controller?.abort(reason);
  }

  /** A status that came is an answer, even if its body never ends. */
  #end(failure: Outcome): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const status = this.#status;
    this.#resolve({ outcome: status === null ? failure : 'answered', status, body: this.#excerpt.text });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Its time was over before its connection stood.
    if (this.#isOver) controller.abort(new errors.RequestAbortedError());
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status >= 200) this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#excerpt.add(chunk);
    if (this.#excerpt.bytes > MOST_BYTES) this.expire();
  }

  /** Its connection is free for the next call a moment later. Told at once, the next one would open another. */
  onResponseEnd(): void {
    setImmediate(() => this.#end('bad-answer'));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (OURS.some((kind) => error instanceof kind)) this.cancel(error);
    else this.#end(failureOf(error));
  }
}
