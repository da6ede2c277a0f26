import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ServerError } from './errors.js';
import type { streams } from './protocol.js';

/** The answering side of a read or a subscription, written no faster than the client takes it. */
export class Outlet {
  readonly #call: ServerWritableStream<streams.ReadReq, streams.ReadResp>;
  #closed = false;
  #full = false;
  readonly #onClose: (() => void)[] = [];
  #resume: () => void = () => undefined;

  constructor(call: ServerWritableStream<streams.ReadReq, streams.ReadResp>) {
    this.#call = call;
    call.on('drain', () => {
      this.#full = false;
      this.#resume();
    });
    for (const event of ['cancelled', 'close', 'finish']) call.on(event, () => this.#close());
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The address of the client's end of the connection. */
  get peer(): string {
    return this.#call.getPeer();
  }

  /** True while the client is behind: wait for `ready` before the next message. */
  get full(): boolean {
    return this.#full;
  }

  onClose(action: () => void): void {
    this.#onClose.push(action);
  }

  write(message: streams.ReadResp): void {
    if (!this.#closed) this.#full = !this.#call.write(message);
  }

  /** Resolves when more can be written, or nothing any more. */
  async ready(): Promise<void> {
    if (!this.#full || this.#closed) return;
    await new Promise<void>((resolve) => (this.#resume = resolve));
  }

  end(): void {
    if (!this.#closed) this.#call.end();
    this.#close();
  }

  /** Ends the call with an error, behind what was written. */
  fail(error: ServerError): void {
    if (!this.#closed) this.#call.emit('error', error);
    this.#close();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#resume();
    for (const action of this.#onClose) action();
  }
}
