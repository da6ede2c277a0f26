import { isIPv6, type Socket } from 'node:net';
import { Pool } from 'undici';
import { ConnectFailure } from './answer.js';

/** What a proxy says of the host behind it. All else it says of us. */
const SAID_OF_THE_HOST: readonly number[] = [502, 503, 504];

const credentialsOf = ({ username, password }: URL): Readonly<Record<string, string>> => {
  if (username === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
};

/**
 * Connections through a proxy (CONNECT). It is told addresses, so it needs no rule of its own against names that lead
 * to the inside.
 */
export class Tunnels {
  readonly #pool: Pool;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(proxy: string) {
    const url = new URL(proxy);
    this.#pool = new Pool(url.origin);
    this.#headers = credentialsOf(url);
  }

  /** Tries one address after the other. */
  async open(addresses: readonly string[], port: number, signal: AbortSignal): Promise<Socket> {
    for (const address of addresses) {
      const socket = await this.#open(isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`, signal);
      if (socket !== undefined) return socket;
    }
    throw new ConnectFailure('connection-failed');
  }

  async #open(path: string, signal: AbortSignal): Promise<Socket | undefined> {
    try {
      const { statusCode, socket } = await this.#pool.connect({ path, headers: this.#headers, signal });
      if (statusCode >= 200 && statusCode <= 299) return socket as Socket;
      socket.on('error', () => undefined).destroy();
      if (SAID_OF_THE_HOST.includes(statusCode)) return undefined;
    } catch {
      if (signal.aborted) throw new ConnectFailure('timeout');
    }
    throw new ConnectFailure('proxy-failed');
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
