import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { credentials, loadPackageDefinition, Metadata, type Client, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoFiles, protoRoot } from '@keyledger/contract/protos';
import {
  issueToken,
  openEventLog,
  openFoundation,
  openLocalIssuer,
  parseConfig,
  startServer,
  type RunningServer,
} from '@keyledger/edge';
import type { EventLog, RecordedEvent } from '@keyledger/event-log';
import { openPool } from '@keyledger/postgres';
import {
  FollowerPositions,
  runFollower,
  VerifierLease,
  type Follower,
  type LeasePolicy,
  type Sink,
} from '@keyledger/read-models';
import { createDatabase } from '@keyledger/testing';
import type pg from 'pg';
import { issuing } from '../src/index.js';

/** Takes what it reads into nothing, as long as the test lets it. */
class NoMemory implements Sink {
  anchor: Sink['anchor'] = null;
  going: Promise<void> = Promise.resolve();

  lead(follow: () => Promise<void>): Promise<void> {
    return follow();
  }

  async take(events: readonly RecordedEvent[]): Promise<boolean> {
    await this.going;
    const last = events.at(-1);
    if (last !== undefined) this.anchor = { position: last.position, eventId: last.id };
    return true;
  }

  stored(): Promise<string | null> {
    return Promise.resolve(this.anchor?.position ?? null);
  }

  mayPass(): boolean {
    return true;
  }
}

/** A verifier that follows the log, without the verdicts. */
export class FollowingVerifier {
  readonly lease: VerifierLease;
  private readonly sink = new NoMemory();
  private readonly follower: Follower;
  private readonly stopping = new AbortController();

  constructor(log: EventLog, pool: pg.Pool, policy: LeasePolicy = 'closed') {
    this.follower = runFollower({ log, sink: this.sink, signal: this.stopping.signal });
    const positions = new FollowerPositions(pool, log, 'followers');
    this.lease = new VerifierLease({ positions, policy, progress: () => this.progress() });
  }

  private progress() {
    return { anchor: this.sink.anchor, freshAsOfMs: this.follower.status().freshAsOfMs };
  }

  /** Takes nothing more of the log until what it returns is called. */
  pause(): () => void {
    let goOn = (): void => undefined;
    this.sink.going = new Promise((resolve) => (goOn = resolve));
    return goOn;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.follower.done;
    await this.lease.stop();
  }
}

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

type Unary = (request: object, metadata: Metadata, done: (error: ServiceError | null, reply: object) => void) => void;
type ServiceClient = Client & Readonly<Record<string, Unary>>;
type Services = Readonly<Record<string, new (...args: unknown[]) => ServiceClient>>;

/** The slice alone behind both doors, on a database of its own. */
export class Serving {
  private constructor(
    readonly server: RunningServer,
    readonly log: EventLog,
    readonly pool: pg.Pool,
    private readonly given: { readonly token: string; readonly closers: readonly (() => Promise<unknown>)[] },
  ) {}

  static async open(): Promise<Serving> {
    const database = await createDatabase();
    const dataDir = await mkdtemp(join(tmpdir(), 'keyledger-issuing-'));
    const config = parseConfig({
      KEYLEDGER_DATA_DIR: dataDir,
      KEYLEDGER_HTTP_PORT: '0',
      KEYLEDGER_GRPC_PORT: '0',
      KEYLEDGER_LOG_LEVEL: 'silent',
      KEYLEDGER_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    });
    const foundation = await openFoundation(config, database.url);
    const server = await startServer(foundation, [issuing]);
    const issuer = await openLocalIssuer(dataDir);
    const token = await issueToken(issuer, { subject: 'ada', roles: ['operator'], accounts: '*', ttlSeconds: 600 });
    const pool = openPool(database.url);
    const log = await openEventLog(config, database.url);
    const removeData = (): Promise<void> => rm(dataDir, { recursive: true });
    const closers = [() => log.close(), () => pool.end(), () => foundation.close(), () => database.drop(), removeData];
    return new Serving(server, log, pool, { token, closers });
  }

  async send(route: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const [method = '', path = ''] = route.split(' ');
    const response = await fetch(`${this.server.httpUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.given.token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, body: JSON.parse(text) as Reply['body'] };
  }

  /** Calls `Service/Rpc`. Rejects with the error of gRPC. */
  async call(rpc: string, request: object): Promise<object> {
    const [service = '', method = ''] = rpc.split('/');
    const definition = loadSync([...protoFiles], { includeDirs: [protoRoot] });
    const root = loadPackageDefinition(definition) as { readonly keyledger?: { readonly v1?: Services } };
    const Service = root.keyledger?.v1?.[service];
    if (Service === undefined) throw new Error(`The protos have no ${service}.`);
    const client = new Service(this.server.grpcAddress, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${this.given.token}`);
    const send = client[method];
    if (send === undefined) throw new Error(`${service} has no ${method}.`);
    return promisify<object, Metadata, object>(send.bind(client))(request, metadata).finally(() => client.close());
  }

  async close(): Promise<void> {
    await this.server.close();
    for (const closeOne of this.given.closers) await closeOne();
  }
}
