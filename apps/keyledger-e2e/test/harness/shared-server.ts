import type { Account, AccountReply } from '@keyledger/contract';
import { grpcDoor, httpDoor, type Door } from './doors.js';
import { GrpcClient } from './grpc-client.js';
import { HttpClient } from './http-client.js';
import { SHARED_SERVERS, type ServerAddress } from './shared-server-address.js';
import { tokenFor, type TokenWish } from './tokens.js';

const OPERATOR: TokenWish = { roles: ['operator'] };

/** A server with everything that a suite needs to talk to it. To be closed. */
export class Visit {
  readonly http: HttpClient;
  readonly grpc: GrpcClient;
  /** HTTP first, then gRPC: for tables that run through both. */
  readonly doors: readonly [Door, Door];

  constructor(readonly server: ServerAddress) {
    this.http = new HttpClient(server.httpUrl);
    this.grpc = new GrpcClient(server.grpcAddress);
    this.doors = [httpDoor(this.http), grpcDoor(this.grpc)];
  }

  close(): void {
    this.grpc.close();
  }

  /** By default the token of an operator for all accounts. */
  token(wish: TokenWish = OPERATOR): Promise<string> {
    return tokenFor(this.server.dataDir, wish);
  }

  /** Registers an account that no other test knows. */
  async newAccount(fields: { readonly name?: string; readonly externalId?: string } = {}): Promise<Account> {
    const body = { name: 'Acme', ...fields };
    const reply = await this.http.post<AccountReply>('/v1/accounts', body, { token: await this.token() });
    if (reply.status !== 201) throw new Error(`No account: ${reply.status} ${reply.text}`);
    return reply.body.account;
  }
}

/** The server that the global setup has started for the suites of this worker, which run one after the other. */
export const sharedServer = (): Visit => {
  const addresses = JSON.parse(process.env[SHARED_SERVERS] ?? '[]') as readonly ServerAddress[];
  const address = addresses[Number(process.env['JEST_WORKER_ID']) - 1];
  if (address === undefined) throw new Error('The global setup has started no server for this worker.');
  return new Visit(address);
};
