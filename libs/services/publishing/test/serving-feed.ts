import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials, loadPackageDefinition, Metadata, type ClientReadableStream } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { PublicEvent } from '@keyledger/contract';
import { protoFiles, protoRoot } from '@keyledger/contract/protos';
import {
  issueToken,
  loadCredentialTypes,
  logger,
  openAuthenticator,
  openLocalIssuer,
  parseConfig,
  startServer,
  type RunningServer,
} from '@keyledger/edge';
import type { EventLog } from '@keyledger/event-log';
import { shareFollowing } from '@keyledger/read-models';
import { feed } from '../src/index.js';
import type { Stores } from './stores.js';

interface Caller {
  readonly subject?: string;
  readonly roles?: readonly string[];
  readonly accounts?: readonly string[] | '*';
  readonly ttlSeconds?: number;
}

/** What came over gRPC, as the loader makes it. */
export interface SubscribeReply {
  readonly event?: {
    readonly id: string;
    readonly type: string;
    readonly accountId: string;
    readonly sequence: string;
    readonly data: string;
  };
  readonly position: string;
}

interface EventClient {
  subscribe(request: object, metadata: Metadata): ClientReadableStream<SubscribeReply>;
  close(): void;
}

/** Waits for what takes as long as the machine needs. */
export const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Somebody who reads the feed over HTTP, and keeps what came. */
export class Subscriber {
  readonly ids: string[] = [];
  readonly events: PublicEvent[] = [];
  /** Of the event `end`. */
  end: { readonly code: string; readonly detail: string } | undefined;
  /** Whether the server has ended the answer. */
  isOver = false;
  readonly #leaving = new AbortController();

  private constructor(readonly response: Response) {}

  static async open(url: string, headers: Readonly<Record<string, string>>): Promise<Subscriber> {
    const leaving = new AbortController();
    const response = await fetch(url, { headers, signal: leaving.signal });
    const subscriber = new Subscriber(response);
    subscriber.#leaving.signal.addEventListener('abort', () => leaving.abort());
    if (response.ok) void subscriber.#read().catch(() => undefined);
    return subscriber;
  }

  leave(): void {
    this.#leaving.abort();
  }

  async untilCount(count: number): Promise<void> {
    if (!this.response.ok) throw new Error(await this.response.text());
    await until(() => this.events.length >= count || this.isOver);
  }

  async #read(): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const bytes of this.response.body ?? []) {
      text += decoder.decode(bytes as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      blocks.forEach((block) => this.#take(block));
    }
    this.isOver = true;
  }

  #take(block: string): void {
    const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    const [id, data] = [field('id'), field('data')];
    if (id !== undefined) this.ids.push(id);
    if (data === undefined) return;
    if (field('event') === 'end') this.end = JSON.parse(data) as Subscriber['end'];
    else this.events.push(JSON.parse(data) as PublicEvent);
  }
}

/** A server of the feed alone. */
export class ServedFeed {
  /** How many reads of the log are under way. */
  readonly reads = { now: 0, ever: 0 };
  private readonly clients: EventClient[] = [];
  private readonly subscribers: Subscriber[] = [];
  private readonly tokens = new Map<string, Promise<string>>();

  private constructor(
    private readonly dataDir: string,
    private server: RunningServer | undefined,
  ) {}

  static async open({ log, pool }: Stores, settings: NodeJS.ProcessEnv = {}): Promise<ServedFeed> {
    const dataDir = await mkdtemp(join(tmpdir(), 'keyledger-feed-'));
    const served = new ServedFeed(dataDir, undefined);
    const ports = { KEYLEDGER_HTTP_PORT: '0', KEYLEDGER_GRPC_PORT: '0', KEYLEDGER_LOG_LEVEL: 'silent' };
    const config = parseConfig({ KEYLEDGER_DATA_DIR: dataDir, ...ports, ...settings });
    const authenticator = await openAuthenticator(config, logger(config));
    const foundation = { config, pool, authenticator, credentialTypes: loadCredentialTypes(null) };
    served.server = await startServer({ ...foundation, log: shareFollowing(served.counted(log)) }, [feed]);
    return served;
  }

  get url(): string {
    return `${this.server?.httpUrl}`;
  }

  /** The same for the same caller, as services keep theirs; a new one where it must last for a time. */
  async token({ subject = 'reader', roles = ['auditor'], accounts = '*', ttlSeconds }: Caller = {}) {
    const request = { subject, roles, accounts, ttlSeconds: ttlSeconds ?? 600 };
    const key = JSON.stringify(request);
    const known = ttlSeconds === undefined ? this.tokens.get(key) : undefined;
    const issued = known ?? this.issue(request as Parameters<typeof issueToken>[1]);
    this.tokens.set(key, issued);
    return issued;
  }

  async subscribe(query = '', caller: Caller = {}, headers: Readonly<Record<string, string>> = {}) {
    const authorization = `Bearer ${await this.token(caller)}`;
    const subscriber = await Subscriber.open(`${this.url}/v1/events${query}`, { authorization, ...headers });
    this.subscribers.push(subscriber);
    return subscriber;
  }

  async subscribeOverGrpc(request: object, caller: Caller = {}): Promise<ClientReadableStream<SubscribeReply>> {
    const loaded = loadPackageDefinition(
      loadSync([...protoFiles], { includeDirs: [protoRoot], longs: String, defaults: true }),
    ) as {
      readonly [name: string]: unknown;
    };
    const { v1 } = loaded['keyledger'] as { v1: { EventService: new (...args: readonly unknown[]) => EventClient } };
    const client = new v1.EventService(this.server?.grpcAddress, credentials.createInsecure());
    this.clients.push(client);
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${await this.token(caller)}`);
    return client.subscribe(request, metadata);
  }

  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
  }

  /** Stops the server; what is connected is told. */
  async stop(): Promise<void> {
    await this.server?.close();
    this.server = undefined;
  }

  async remove(): Promise<void> {
    for (const subscriber of this.subscribers) subscriber.leave();
    for (const client of this.clients) client.close();
    await this.stop();
    await rm(this.dataDir, { recursive: true });
  }

  private async issue(request: Parameters<typeof issueToken>[1]): Promise<string> {
    return issueToken(await openLocalIssuer(this.dataDir), request);
  }

  private counted(log: EventLog): EventLog {
    const { reads } = this;
    return {
      ...log,
      async *follow(anchor, signal) {
        reads.now += 1;
        reads.ever += 1;
        try {
          yield* log.follow(anchor, signal);
        } finally {
          reads.now -= 1;
        }
      },
    };
  }
}
