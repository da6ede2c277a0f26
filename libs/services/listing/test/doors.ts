import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { credentials, loadPackageDefinition, Metadata, type Client, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoFiles, protoRoot } from '@keyledger/contract/protos';
import {
  issueToken,
  loadCredentialTypes,
  logger,
  openAuthenticator,
  openLocalIssuer,
  parseConfig,
  startServer,
  type Role,
  type RunningServer,
} from '@keyledger/edge';
import { listing } from '../src/index.js';
import { Installation } from './installation.js';

export interface Reply {
  readonly status: number;
  readonly etag: string | null;
  readonly position: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

type Unary = (request: object, metadata: Metadata, done: (error: ServiceError | null, reply: object) => void) => void;
type ServiceClient = Client & Readonly<Record<string, Unary>>;

/** The listing slice alone, served through both doors over the log of `installation`. */
export class Doors {
  private constructor(
    private readonly server: RunningServer,
    private readonly dataDir: string,
  ) {}

  static async open(installation: Installation): Promise<Doors> {
    const dataDir = await mkdtemp(join(tmpdir(), 'keyledger-listing-'));
    const config = parseConfig({
      KEYLEDGER_DATA_DIR: dataDir,
      KEYLEDGER_HTTP_PORT: '0',
      KEYLEDGER_GRPC_PORT: '0',
      KEYLEDGER_STREAM_PREFIX: Installation.config.streamPrefix,
      KEYLEDGER_LOG_LEVEL: 'silent',
    });
    const authenticator = await openAuthenticator(config, logger(config));
    const { log, pool } = installation;
    const foundation = { config, log, pool, authenticator, credentialTypes: loadCredentialTypes(null) };
    return new Doors(await startServer(foundation, [listing]), dataDir);
  }

  async token(roles: readonly Role[], accounts: readonly string[] | '*'): Promise<string> {
    return issueToken(await openLocalIssuer(this.dataDir), { subject: 'ada', roles, accounts, ttlSeconds: 600 });
  }

  async get(path: string, token: string): Promise<Reply> {
    const response = await fetch(`${this.server.httpUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const { status, headers } = response;
    const body = (await response.json()) as Reply['body'];
    return { status, etag: headers.get('etag'), position: headers.get('keyledger-position'), body };
  }

  /** Calls `Service/Rpc`. Rejects with the error of gRPC. */
  async call(rpc: string, request: object, token: string): Promise<object> {
    const [service = '', method = ''] = rpc.split('/');
    const definition = loadSync([...protoFiles], { includeDirs: [protoRoot], defaults: false });
    const root = loadPackageDefinition(definition) as {
      readonly keyledger?: { readonly v1?: Readonly<Record<string, new (...args: unknown[]) => ServiceClient>> };
    };
    const Service = root.keyledger?.v1?.[service];
    if (Service === undefined) throw new Error(`The protos have no ${service}.`);
    const client = new Service(this.server.grpcAddress, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${token}`);
    const send = client[method];
    if (send === undefined) throw new Error(`${service} has no ${method}.`);
    return promisify<object, Metadata, object>(send.bind(client))(request, metadata).finally(() => client.close());
  }

  async close(): Promise<void> {
    await this.server.close();
    await rm(this.dataDir, { recursive: true });
  }
}
