import { failureOf, timedOut, unexpectedAnswer, unreachable } from './failures.js';
import { VerifierError, type VerifierErrorReason } from './verifier-error.js';

/** Where and how questions are sent. */
export interface Exchange {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token: () => string | Promise<string>;
  /** For all tries together. */
  readonly timeoutMs: number;
  readonly tryTimeoutMs: number;
  readonly retries: number;
  readonly fetch: typeof globalThis.fetch;
}

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_000;

/** Asking again may help, and asking twice harms nobody. */
const retried: readonly VerifierErrorReason[] = ['unreachable', 'timeout', 'unavailable', 'too-many-requests'];

const invalidToken = (message: string): VerifierError => new VerifierError('invalid-token', message);

export const checkToken = (token: unknown): string => {
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token;
  throw invalidToken(
    'The token of a verifier is a text of visible ASCII characters. Mend `token`, or what it returns.',
  );
};

/** The promise, or an error as soon as the time is up, for what does not listen to the signal itself. */
const within = async <T>(signal: AbortSignal, promise: T | Promise<T>): Promise<T> => {
  let giveUp = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(new Error('The time is up.'));
    signal.addEventListener('abort', giveUp);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
};

const readToken = async (exchange: Exchange, signal: AbortSignal): Promise<string> => {
  try {
    return checkToken(await within(signal, Promise.resolve().then(exchange.token)));
  } catch (error) {
    if (error instanceof VerifierError) throw error;
    throw invalidToken('The function that gives the token failed. Let it log why: the error may hold a secret.');
  }
};

const ask = async (exchange: Exchange, path: string, body: string, signal: AbortSignal): Promise<unknown> => {
  const { url, fetch } = exchange;
  const token = await readToken(exchange, signal);
  const init = {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body,
    // A redirect would carry the credential to another place.
    redirect: 'manual',
    signal,
  } as const;
  let response: Response;
  let text: string;
  try {
    response = await within(signal, fetch(`${url}${path}`, init));
    // A body that is read leaves the connection free for the next question.
    text = await within(signal, response.text());
  } catch (error) {
    throw unreachable(error);
  }
  if (response.status !== 200) throw failureOf(response, text);
  try {
    return JSON.parse(text);
  } catch {
    throw unexpectedAnswer();
  }
};

const askOnce = async (exchange: Exchange, path: string, body: string, ms: number): Promise<unknown> => {
  const controller = new AbortController();
  // If this program was too busy to look, the answer may be here already: one look at the network comes first.
  const timer = setTimeout(() => setImmediate(() => controller.abort()), ms);
  try {
    return await ask(exchange, path, body, controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? timedOut(ms) : error;
  } finally {
    clearTimeout(timer);
  }
};

/** Random, so that many that failed together do not come back together. */
const waitBefore = (error: VerifierError, tries: number): number =>
  (error.retryAfterMs ?? 0) + Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The JSON that is answered with 200, or a VerifierError. */
export const send = async (exchange: Exchange, path: string, body: string): Promise<unknown> => {
  const endsAt = performance.now() + exchange.timeoutMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return await askOnce(exchange, path, body, Math.min(exchange.tryTimeoutMs, endsAt - performance.now()));
    } catch (error) {
      if (!(error instanceof VerifierError) || !retried.includes(error.reason)) throw error;
      const waitMs = waitBefore(error, tries);
      if (tries > exchange.retries || performance.now() + waitMs >= endsAt) throw error;
      await pause(waitMs);
    }
  }
};
