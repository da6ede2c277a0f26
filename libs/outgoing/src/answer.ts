/**
 * How a call ended. `answered`: a status came, whatever it was and whatever came after it. `refused-url` and
 * `refused-address`: the call was not made, because of the URL itself or of where its name leads to. `no-address`: the
 * name does not resolve. `timeout`: no status within the time. `connection-failed`: no connection, or one that ended
 * before a status. `tls-failed`: no TLS, or with a certificate that is not valid for the host. `bad-answer`: what came
 * is no answer of HTTP/1.1.
 */
export type Outcome =
  | 'answered'
  | 'refused-url'
  | 'refused-address'
  | 'no-address'
  | 'timeout'
  | 'connection-failed'
  | 'tls-failed'
  | 'bad-answer';

export interface Answer {
  readonly outcome: Outcome;
  /** Of 200 to 999 where `outcome` is `answered`, else null. */
  readonly status: number | null;
  readonly durationMs: number;
  /** Beginning of the answer as text, at most 1 KiB: our token formats are masked in it. Empty without an answer. */
  readonly body: string;
}
