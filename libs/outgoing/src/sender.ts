import { Agent } from 'undici';
import type { Answer } from './answer.js';
import { resolveName, type Resolve } from './addresses.js';
import { Call, type Ended } from './call.js';
import { checkedConnector, dialTcp, type Dial } from './connector.js';
import { Tunnels } from './tunnels.js';
import { readUrl, type UrlSettings } from './url-rule.js';

export interface SenderSettings extends UrlSettings {
  /** URL of the proxy that all calls go through. Never one of the environment. */
  readonly proxy: string | null;
}

/** What tests replace. */
export interface SenderParts {
  /** From the call to the end of the answer. */
  readonly deadlineMs: number;
  readonly resolve: Resolve;
  readonly dial: Dial;
  /** Authorities to trust instead of those of Node. */
  readonly ca: string;
}

const DEADLINE_MS = 15_000;

/**
 * More than the callers have under way at a time in a process, some 2,600, so that no call waits for another one. At
 * one origin there may be endpoints of many customers, who must not hold up each other.
 */
const CONNECTIONS_PER_ORIGIN = 4_096;

/** Not long: there may be as many idle connections as calls to different hosts in this time. */
const IDLE_MS = 4_000;

const limits = {
  connections: CONNECTIONS_PER_ORIGIN,
  /** Idle connections are closed after this, or a second before the receiver says that it closes them. */
  keepAliveTimeout: IDLE_MS,
  keepAliveMaxTimeout: IDLE_MS,
  keepAliveTimeoutThreshold: 1_000,
  /** A host that moves to another address is asked for there after this at the latest. */
  clientTtl: 60_000,
  maxHeaderSize: 16_384,
  // The deadline counts for both.
  headersTimeout: 0,
  bodyTimeout: 0,
} as const;

/** Answers are not decompressed, so that a small one cannot become a large one. */
const UNCOMPRESSED = { 'accept-encoding': 'identity' };

/**
 * Calls what customers name. No redirect is followed, nothing of an answer is trusted, and no connection is made but to
 * a public address that was checked for this connection.
 */
export class Sender {
  readonly #settings: UrlSettings;
  readonly #deadlineMs: number;
  readonly #tunnels: Tunnels | undefined;
  readonly #agent: Agent;

  constructor(settings: SenderSettings, parts: Partial<SenderParts> = {}) {
    const { deadlineMs = DEADLINE_MS, resolve = resolveName, dial = dialTcp, ca } = parts;
    this.#settings = settings;
    this.#deadlineMs = deadlineMs;
    this.#tunnels = settings.proxy === null ? undefined : new Tunnels(settings.proxy);
    const { allowLoopback } = settings;
    const connect = checkedConnector({ allowLoopback, resolve, dial, tunnels: this.#tunnels, ca, deadlineMs });
    this.#agent = new Agent({ ...limits, connect });
  }

  /**
   * One POST. Whatever the other side does is an outcome, also that it must not be called; it rejects only with the
   * reason of the signal, when closed, or for headers that are none. The headers are ours: customers cannot set any.
   * All is over within 15 seconds. How many run at a time is for the callers to bound.
   */
  async send(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<Answer> {
    signal?.throwIfAborted();
    const begun = performance.now();
    const read = readUrl(url, this.#settings);
    const ended: Ended =
      'mistake' in read
        ? { outcome: 'refused-url', status: null, body: '' }
        : await this.#post(read.url, { ...headers, ...UNCOMPRESSED }, body, signal);
    return { ...ended, durationMs: Math.round(performance.now() - begun) };
  }

  async #post(
    { origin, pathname, search }: URL,
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array,
    signal: AbortSignal | undefined,
  ): Promise<Ended> {
    const call = new Call();
    const cancel = (): void => call.cancel(signal?.reason as Error);
    const timer = setTimeout(() => call.expire(), this.#deadlineMs);
    signal?.addEventListener('abort', cancel);
    try {
      this.#agent.dispatch({ origin, path: `${pathname}${search}`, method: 'POST', headers, body }, call);
      return await call.ended;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Waits for the calls under way, no longer than their time is, and closes all connections. Later calls reject. */
  async close(): Promise<void> {
    await this.#agent.close();
    await this.#tunnels?.close();
  }
}
