import { randomUUID } from 'node:crypto';
import { HttpConnection } from './http-connection.js';
import { requestText } from './http-requests.js';
import { load, type Load } from './load.js';
import type { ServerProcess } from './server-process.js';

const credential = { type: 'api_key', mode: 'test', description: 'Benchmark' };

/** Creates accounts and credentials over HTTP, on connections that are kept alive. */
export class CreateLoad {
  private constructor(
    private readonly server: ServerProcess,
    private readonly connections: readonly HttpConnection[],
  ) {}

  static async open(server: ServerProcess, connections: number): Promise<CreateLoad> {
    const opened = Array.from({ length: connections }, () => HttpConnection.open(server.url));
    return new CreateLoad(server, await Promise.all(opened));
  }

  /** Registers accounts and answers with their ids. */
  async registerAccounts(count: number): Promise<readonly string[]> {
    const accountIds: string[] = [];
    const text = requestText('POST /v1/accounts', this.server.token, { name: 'Benchmark' });
    let left = count;
    const register = async (connection: HttpConnection): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const body = await this.created(connection, text);
        accountIds.push((JSON.parse(body) as { account: { accountId: string } }).account.accountId);
      }
    };
    await Promise.all(this.connections.map(register));
    return accountIds;
  }

  /** Creates credentials in the accounts, in turn. Any answer but 201 ends it: no conflict may reach a client. */
  run(accountIds: readonly string[], durationMs: number, keyed = false): Promise<Load> {
    const texts = accountIds.map((accountId) => this.createText(accountId, {}));
    let next = 0;
    const workers = this.connections.map((connection) => async (): Promise<void> => {
      next = (next + 1) % accountIds.length;
      const accountId = accountIds[next] ?? '';
      const text = keyed ? this.createText(accountId, { 'idempotency-key': randomUUID() }) : texts[next];
      await this.created(connection, text ?? '');
    });
    return load(workers, durationMs);
  }

  close(): void {
    for (const connection of this.connections) connection.close();
  }

  private createText(accountId: string, headers: Readonly<Record<string, string>>): string {
    return requestText(`POST /v1/accounts/${accountId}/credentials`, this.server.token, credential, headers);
  }

  private async created(connection: HttpConnection, text: string): Promise<string> {
    const { status, body } = await connection.request(text);
    if (status !== 201) throw new Error(`A creation was answered with ${status}: ${body}`);
    return body;
  }
}
