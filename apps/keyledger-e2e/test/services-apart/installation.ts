import { createDatabase, type TestDatabase } from '@keyledger/testing';
import { grpcDoor, httpDoor, type Door } from '../harness/doors.js';
import { eventually } from '../harness/eventually.js';
import { GrpcClient } from '../harness/grpc-client.js';
import { HttpClient, type HttpReply } from '../harness/http-client.js';
import { IdentityProvider, type Caller } from '../harness/identity-provider.js';
import { KeyledgerProcess, startService } from '../harness/keyledger-process.js';
import { METRICS_TOKEN, type App, type Settings } from '../harness/program.js';

export type ServiceName = Exclude<App, 'all-in-one'>;

export const MASTER_KEY = Buffer.alloc(32, 11).toString('base64');
const OPERATOR: Caller = { roles: ['operator'], accounts: '*' };

/** What a service says of itself, by part. */
export interface Health {
  readonly status: string;
  readonly details: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
}

export const healthOf = (server: KeyledgerProcess, probe = 'ready'): Promise<HttpReply<Health>> =>
  new HttpClient(server.httpUrl).get<Health>(`/health/${probe}`, {
    token: server.settings['KEYLEDGER_METRICS_TOKEN'] ?? METRICS_TOKEN,
  });

/** Waits until the service says that it is ready; throws with what it says instead. */
export const untilReady = async (server: KeyledgerProcess): Promise<Health> =>
  eventually(async () => {
    const { status, body } = await healthOf(server);
    return status === 200 ? { answer: body, seen: body } : { seen: { app: server.app, ...body } };
  });

/** What one installation consists of: a database, a log on the engine of this run, tokens, and services apart. */
export class Installation {
  private readonly services: KeyledgerProcess[] = [];
  private readonly clients: GrpcClient[] = [];

  private constructor(
    private readonly database: TestDatabase,
    readonly provider: IdentityProvider,
    readonly token: string,
  ) {}

  static async create(): Promise<Installation> {
    const [database, provider] = [await createDatabase(), await IdentityProvider.start()];
    return new Installation(database, provider, await provider.token(OPERATOR));
  }

  /** What all services have in common. */
  get settings(): Settings & { readonly KEYLEDGER_DATABASE_URL: string } {
    return { ...this.provider.settings, KEYLEDGER_DATABASE_URL: this.database.url };
  }

  /** Starts a service, and stops it with the installation. Only those that open secrets or know digests get the key. */
  async start(name: ServiceName, settings: Settings = {}): Promise<KeyledgerProcess> {
    const hasKey = ['command-service', 'verification-service', 'webhook-service'].includes(name);
    const key: Settings = hasKey ? { KEYLEDGER_MASTER_KEY: MASTER_KEY } : {};
    const service = await startService(name, { ...this.settings, ...key, ...settings });
    this.services.push(service);
    return service;
  }

  /** The doors of a service as it runs now: HTTP first, then gRPC. */
  doorsOf(server: KeyledgerProcess): readonly [Door, Door] {
    const grpc = new GrpcClient(server.grpcAddress);
    this.clients.push(grpc);
    return [httpDoor(new HttpClient(server.httpUrl)), grpcDoor(grpc)];
  }

  async newAccount(command: KeyledgerProcess): Promise<string> {
    const [http] = this.doorsOf(command);
    const { code, body } = await http.call<{ account: { accountId: string } }>(
      ...(['AccountService/RegisterAccount', { name: 'Acme' }, { token: this.token }] as const),
    );
    if (code !== 'OK') throw new Error(`No account: ${code}`);
    return body.account.accountId;
  }

  async remove(): Promise<void> {
    for (const client of this.clients) client.close();
    const failures: unknown[] = [];
    for (const service of this.services) await service.remove().catch((error: unknown) => failures.push(error));
    await this.provider.stop();
    await this.database.drop();
    if (failures.length > 0) throw failures[0];
  }
}
