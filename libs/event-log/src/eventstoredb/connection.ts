import { performance } from 'node:perf_hooks';
import { backoffMs } from '../waiting.js';
import { LogUnavailable } from '../event-log.js';
import { isForGood, isNotLeader, leaderFailure, leaderOf, verdictOn } from './failure.js';
import { authorityOf, type Endpoint } from './url.js';
import { Wakeup } from '../waiting.js';

/** What a connection needs of a client. */
interface Closable {
  /** Whether its connection is still being made. Closing the client does not end that. */
  readonly connecting: boolean;
  close(): void;
}

export interface ConnectionOptions<Client extends Closable> {
  readonly hosts: readonly Endpoint[];
  readonly connect: (endpoint: Endpoint) => Client;
  /** Rejects unless the client talks to a leader that answers. */
  readonly prove: (client: Client) => Promise<void>;
}

/** A client and the calls that use it. It is closed only when the last of them has ended. */
interface Generation<Client> {
  readonly client: Client;
  /** Null once the node has shown that it leads, or why it has not. Never rejects. */
  readonly proved: Promise<{ readonly error: unknown } | null>;
  readonly retired: AbortController;
  readonly endpoint: Endpoint;
  calls: number;
  suspicions: number;
}

/** The right to use a client until it is released. */
export interface Lease<Client> {
  readonly client: Client;
  /** Aborts when others have found the connection to be of no more use. */
  readonly retired: AbortSignal;
  /** Says how a call went, so that a broken connection is replaced. Null for a good end. */
  report(error: unknown): void;
  release(): void;
}

const SUSPICIONS = 2;
const REDIRECTIONS = 2;
const LONGEST_BACKOFF_EXPONENT = 4;
const LONGEST_WAIT_MS = 60_000;

/**
 * The same log, over one client after the other. A failure makes a new one, for the calls that begin afterwards, on the
 * next host or where the leader is said to be. While that fails again and again, calls fail at once for a moment.
 */
export class EventStoreConnection<Client extends Closable> {
  readonly #options: ConnectionOptions<Client>;
  #current: Generation<Client> | null = null;
  #leader: Endpoint | null = null;
  #nextHost = 0;
  #failures = 0;
  #pausedUntilMs = 0;
  #lastError: unknown = null;
  #closed = false;
  #open = 0;
  /** Clients that no call uses, by endpoint. */
  readonly #connecting = new Map<string, Client>();
  readonly #clientClosed = new Wakeup();

  constructor(options: ConnectionOptions<Client>) {
    this.#options = options;
  }

  /** Throws the last failure to find a leader, or LogUnavailable once closed. */
  async lease(): Promise<Lease<Client>> {
    // Each host may name a leader that cannot be reached from here.
    for (let left = 2 * this.#options.hosts.length + 1; ; left -= 1) {
      const generation = this.#join();
      const failure = await generation.proved;
      if (failure === null) return this.#leaseOf(generation);
      this.#retire(generation, failure.error);
      this.#leave(generation);
      const elsewhere = isNotLeader(failure.error) || this.#failures < this.#options.hosts.length;
      if (left <= 1 || !elsewhere || isForGood(failure.error)) throw failure.error;
    }
  }

  /** One call; again if it was only asked of the wrong node. Rejects with its error. */
  async run<Value>(call: (client: Client) => Promise<Value>): Promise<Value> {
    for (let left = REDIRECTIONS; ; left -= 1) {
      const lease = await this.lease();
      try {
        const value = await call(lease.client);
        lease.report(null);
        return value;
      } catch (error) {
        lease.report(error);
        if (left <= 0 || !isNotLeader(error)) throw error;
      } finally {
        lease.release();
      }
    }
  }

  /** Later calls are refused; resolves once those under way have ended and every client is closed. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#current !== null) this.#retire(this.#current, null);
    for (const client of this.#connecting.values()) client.close();
    while (this.#open > 0) {
      const seen = this.#clientClosed.count;
      await this.#clientClosed.wait(seen, LONGEST_WAIT_MS);
    }
  }

  #join(): Generation<Client> {
    if (this.#closed) throw new LogUnavailable('The event log is closed.');
    if (this.#current === null && performance.now() < this.#pausedUntilMs) throw this.#lastError;
    this.#current ??= this.#start();
    this.#current.calls += 1;
    return this.#current;
  }

  #start(): Generation<Client> {
    const { hosts, connect, prove } = this.#options;
    const leader = this.#leader;
    const endpoint = leader ?? hosts[this.#nextHost % hosts.length];
    if (endpoint === undefined) throw new Error('There is no host to connect to.');
    const key = authorityOf(endpoint);
    const pending = this.#connecting.get(key);
    this.#connecting.delete(key);
    const client = pending?.connecting ? pending : connect(endpoint);
    if (client !== pending) pending?.close();
    this.#open += 1;
    const proved = prove(client).then(
      () => this.#onProved(),
      (error: unknown) => ({ error: leader === null ? error : leaderFailure(leader, error) }),
    );
    return { client, proved, retired: new AbortController(), endpoint, calls: 0, suspicions: 0 };
  }

  #onProved(): null {
    this.#failures = 0;
    return null;
  }

  #leaseOf(generation: Generation<Client>): Lease<Client> {
    let held = true;
    return {
      client: generation.client,
      retired: generation.retired.signal,
      report: (error) => this.#report(generation, error),
      release: () => {
        if (held) this.#leave(generation);
        held = false;
      },
    };
  }

  #report(generation: Generation<Client>, error: unknown): void {
    const verdict = error === null ? 'stay' : verdictOn(error);
    generation.suspicions = verdict === 'suspect' ? generation.suspicions + 1 : 0;
    if (verdict === 'leave' || generation.suspicions >= SUSPICIONS) this.#retire(generation, error);
  }

  /** At most once for each generation, however many of its calls fail. */
  #retire(generation: Generation<Client>, error: unknown): void {
    if (this.#current !== generation) return;
    this.#current = null;
    this.#lastError = error;
    const leader = leaderOf(error);
    if (leader === null) this.#onFailure();
    this.#leader = leader;
    generation.retired.abort();
    this.#closeIfUnused(generation);
  }

  #onFailure(): void {
    // Also after a leader that was named: the host that named it would do so again, and another may know better.
    this.#nextHost += 1;
    this.#failures += 1;
    const rounds = Math.floor(this.#failures / this.#options.hosts.length) - 1;
    const pauseMs = rounds < 1 ? 0 : backoffMs(Math.min(rounds, LONGEST_BACKOFF_EXPONENT));
    this.#pausedUntilMs = performance.now() + pauseMs;
  }

  #leave(generation: Generation<Client>): void {
    generation.calls -= 1;
    this.#closeIfUnused(generation);
  }

  #closeIfUnused(generation: Generation<Client>): void {
    if (generation.calls > 0 || generation === this.#current) return;
    const { client, endpoint } = generation;
    // Kept for the next attempt: else a server that does not answer would get a connection more with each one.
    if (client.connecting && !this.#closed) this.#connecting.set(authorityOf(endpoint), client);
    else client.close();
    this.#open -= 1;
    this.#clientClosed.wake();
  }
}
