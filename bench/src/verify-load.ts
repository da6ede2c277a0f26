import { issueToken, openLocalIssuer } from '@keyledger/edge';
import { HttpConnection } from './http-connection.js';
import { requestText } from './http-requests.js';
import type { Installation } from './installation.js';
import { load, type Load } from './load.js';

export const CONNECTIONS = 64;
const TTL_SECONDS = 3_600;
/** As many gateways would ask, each below the limit of one caller. */
const CALLERS = 4;

/** Tokens of verifiers. */
export const verifierTokens = async ({ settings }: Installation): Promise<readonly string[]> => {
  const issuer = await openLocalIssuer(settings['KEYLEDGER_DATA_DIR'] ?? '');
  const tokens = Array.from({ length: CALLERS }, (_, caller) =>
    issueToken(issuer, { subject: `gateway-${caller}`, roles: ['verifier'], accounts: '*', ttlSeconds: TTL_SECONDS }),
  );
  return Promise.all(tokens);
};

/** What clients send: the bodies in turn, by callers in turn. */
export const verifyTexts = (
  path: `/${string}`,
  tokens: readonly string[],
  bodies: readonly object[],
): readonly string[] =>
  bodies.map((body, index) => requestText(`POST ${path}`, tokens[index % tokens.length] ?? '', body));

/** Asks for verdicts over HTTP, on connections that are kept alive, and takes no answer but `expected`. */
export class VerifyLoad {
  private next = 0;

  private constructor(
    private readonly connections: readonly HttpConnection[],
    private readonly texts: readonly string[],
    private readonly isExpected: (body: string) => boolean,
  ) {}

  static async open(
    url: string,
    texts: readonly string[],
    isExpected: (body: string) => boolean = (body) => body.startsWith('{"valid":true'),
  ): Promise<VerifyLoad> {
    const opened = Array.from({ length: CONNECTIONS }, () => HttpConnection.open(url));
    return new VerifyLoad(await Promise.all(opened), texts, isExpected);
  }

  /** The body of one answer. */
  async sample(): Promise<string> {
    const [connection] = this.connections;
    if (connection === undefined) throw new Error('There is no connection.');
    return this.ask(connection);
  }

  run(durationMs: number): Promise<Load> {
    const workers = this.connections.map((connection) => async (): Promise<void> => {
      await this.ask(connection);
    });
    return load(workers, durationMs);
  }

  close(): void {
    for (const connection of this.connections) connection.close();
  }

  private async ask(connection: HttpConnection): Promise<string> {
    this.next = (this.next + 1) % this.texts.length;
    const { status, body } = await connection.request(this.texts[this.next] ?? '');
    if (status !== 200 || !this.isExpected(body))
      throw new Error(`A verification was answered with ${status}: ${body}`);
    return body;
  }
}
