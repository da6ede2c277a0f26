/**
 * How a call ended:
 * - `answered`: a status came, whatever it was, and whatever came after it.
 * - `refused-url`, `refused-address`: nothing was sent, because of the URL itself or of where its name leads to.
 * - `no-address`: the name does not resolve.
 * - `timeout`: no status came within the time.
 * - `connection-failed`: there was no connection, or it ended before a status came.
 * - `tls-failed`: no TLS was agreed on, or the certificate is not a valid one for the host.
 * - `bad-answer`: what came is no answer of HTTP/1.1, or too much of it came before a status.
 * - `proxy-failed`: our own proxy could not be reached or did not let us through. It says nothing about the receiver.
 */
export type Outcome =
  | 'answered'
  | 'refused-url'
  | 'refused-address'
  | 'no-address'
  | 'timeout'
  | 'connection-failed'
  | 'tls-failed'
  | 'bad-answer'
  | 'proxy-failed';

export interface Answer {
  readonly outcome: Outcome;
  /** Of 200 to 999 where `outcome` is `answered`, else null. */
  readonly status: number | null;
  readonly durationMs: number;
  /** Beginning of the answer as text, at most 1 KiB of UTF-8. Our token formats are masked in it. */
  readonly body: string;
}

/** Why there is no connection, or none any more. */
export class ConnectFailure extends Error {
  constructor(readonly outcome: Exclude<Outcome, 'answered'>) {
    super(outcome);
    this.name = 'ConnectFailure';
  }
}
