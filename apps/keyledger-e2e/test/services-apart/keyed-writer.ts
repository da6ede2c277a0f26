import type { IssuedCredentialReply } from '@keyledger/contract';
import { eventually } from '../harness/eventually.js';
import { ConnectionLost, HttpClient, type HttpReply } from '../harness/http-client.js';
import type { KeyledgerProcess } from '../harness/keyledger-process.js';

/** A command that was acknowledged. */
export interface Acknowledged {
  readonly accountId: string;
  /** Also the description of the credential, so that a second one of the same command would show. */
  readonly key: string;
  readonly credentialId: string;
  readonly secret: string;
  readonly position: string;
}

const RETRY_WITHIN_MS = 60_000;
const AT_A_TIME = 8;
const COMMANDS_EACH = 12;
/** How many commands a round of writing has. */
export const COMMANDS = AT_A_TIME * COMMANDS_EACH;

/** Creates credentials over HTTP, and repeats whatever gets no answer or may be tried again, under the same key. */
export class KeyedWriter {
  readonly acknowledged: Acknowledged[] = [];
  /** How often a request got no answer, or one that says to try again. */
  retries = 0;
  private rounds = 0;

  constructor(
    private readonly command: KeyledgerProcess,
    private readonly token: string,
  ) {}

  /** Returns once the command is acknowledged. Throws for any answer that is no success and no temporary refusal. */
  async create(accountId: string, key: string): Promise<void> {
    const { body } = await eventually(async () => {
      const reply = await this.attempt(accountId, key);
      if (reply?.status === 201) return { answer: reply, seen: key };
      this.retries += 1;
      if (reply !== undefined && reply.status !== 503) throw new Error(`${key}: ${reply.status} ${reply.text}`);
      return { seen: reply?.text ?? 'no answer' };
    }, RETRY_WITHIN_MS);
    const { credential, secret, position } = body;
    this.acknowledged.push({
      ...{ accountId, key, position, credentialId: credential.credentialId, secret: secret['key'] ?? '' },
    });
  }

  /**
   * Writes a round of commands to all accounts, several at a time. Once `after` of them are acknowledged, `disturb`
   * runs beside the rest.
   */
  async writeWhile(accounts: readonly string[], after: number, disturb: () => Promise<void>): Promise<void> {
    const before = this.acknowledged.length;
    const round = `round-${(this.rounds += 1)}`;
    const writing = Array.from({ length: AT_A_TIME }, async (_, index) => {
      for (let n = 0; n < COMMANDS_EACH; n += 1)
        await this.create(accounts[(index + n) % accounts.length] ?? '', `${round}-writer-${index}-command-${n}`);
    });
    const disturbance = eventually(async () => {
      const seen = this.acknowledged.length - before;
      return seen >= after ? { answer: seen, seen } : { seen };
    }).then(disturb);
    await Promise.all([...writing, disturbance]);
  }

  /** Where the command service is now, because its address changes with each start. */
  private async attempt(accountId: string, key: string): Promise<HttpReply<IssuedCredentialReply> | undefined> {
    const body = { type: 'api_key', mode: 'test', description: key };
    const options = { token: this.token, headers: { 'idempotency-key': key } };
    try {
      return await new HttpClient(this.command.httpUrl).post(`/v1/accounts/${accountId}/credentials`, body, options);
    } catch (error) {
      if (error instanceof ConnectionLost) return undefined;
      throw error;
    }
  }
}
