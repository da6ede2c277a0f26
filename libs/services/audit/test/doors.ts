import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { credentials, loadPackageDefinition, Metadata, type Client, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { AuditItem, Page, Problem } from '@keyledger/contract';
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
import { audit } from '../src/index.js';
import { Installation } from './installation.js';

/** Lets its bearer see why a part is down. */
export const METRICS_TOKEN = 'metrics-token-of-these-tests';

export interface Reply {
  readonly status: number;
  readonly position: string | null;
  readonly body: Page<AuditItem> & Problem;
}

type Unary = (request: object, metadata: Metadata, done: (error: ServiceError | null, reply: object) => void) => void;
type AuditClient = Client & { listAuditEvents: Unary };

const auditClient = (address: string): AuditClient => {
  const definition = loadSync([...protoFiles], { includeDirs: [protoRoot] });
  const root = loadPackageDefinition(definition) as {
    readonly keyledger?: { readonly v1?: { readonly AuditService?: new (...args: unknown[]) => AuditClient } };
  };
  const Service = root.keyledger?.v1?.AuditService;
  if (Service === undefined) throw new Error('The protos have no AuditService.');
  return new Service(address, credentials.createInsecure());
};

/** The audit slice alone, served through both doors over the log of `installation`. */
export class Doors {
  private constructor(
    private readonly server: RunningServer,
    private readonly client: AuditClient,
    private readonly dataDir: string,
  ) {}

  static async open(installation: Installation): Promise<Doors> {
    const dataDir = await mkdtemp(join(tmpdir(), 'keyledger-audit-'));
    const config = parseConfig({
      KEYLEDGER_DATA_DIR: dataDir,
      KEYLEDGER_HTTP_PORT: '0',
      KEYLEDGER_GRPC_PORT: '0',
      KEYLEDGER_STREAM_PREFIX: Installation.streamPrefix,
      KEYLEDGER_LOG_LEVEL: 'silent',
      KEYLEDGER_METRICS_TOKEN: METRICS_TOKEN,
    });
    const authenticator = await openAuthenticator(config, logger(config));
    const { log, pool } = installation;
    const foundation = { config, log, pool, authenticator, credentialTypes: loadCredentialTypes(null) };
    const server = await startServer(foundation, [audit]);
    return new Doors(server, auditClient(server.grpcAddress), dataDir);
  }

  async token(subject: string, roles: readonly Role[], accounts: readonly string[] | '*'): Promise<string> {
    return issueToken(await openLocalIssuer(this.dataDir), { subject, roles, accounts, ttlSeconds: 600 });
  }

  async get(path: string, token: string): Promise<Reply> {
    const response = await fetch(`${this.server.httpUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const body = (await response.json()) as Reply['body'];
    return { status: response.status, position: response.headers.get('keyledger-position'), body };
  }

  /** Rejects with the error of gRPC. */
  async call(request: object, token: string): Promise<object> {
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${token}`);
    return promisify<object, Metadata, object>(this.client.listAuditEvents.bind(this.client))(request, metadata);
  }

  async close(): Promise<void> {
    this.client.close();
    await this.server.close();
    await rm(this.dataDir, { recursive: true });
  }
}
