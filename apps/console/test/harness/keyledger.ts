import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

type Settings = Readonly<Record<string, string>>;

const launch = (script: string, args: readonly string[], settings: Settings): ChildProcess =>
  spawn(process.execPath, [join(root, 'apps/all-in-one/dist', script), ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** What a program prints until it ends. */
const outputOf = async (child: ChildProcess): Promise<string> => {
  let output = '';
  child.stdout?.on('data', (text) => (output += String(text)));
  child.stderr?.on('data', (text) => (output += String(text)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(output);
  return output.trim();
};

/** Everything in one process, as `npm start` runs it, on data of its own. */
export class Keyledger {
  private operatorToken: Promise<string> | undefined;

  private constructor(
    /** Undefined where the server was there before. */
    private readonly child: ChildProcess | undefined,
    private readonly settings: Settings & { readonly KEYLEDGER_DATA_DIR: string },
    readonly url: string,
    /** What it has printed at its start. */
    readonly greeting: string,
  ) {}

  /** One of its own, or the one that runs already and KEYLEDGER_TEST_CONSOLE names: `<url>,<folder of its data>`. */
  static async start(more: Settings = {}): Promise<Keyledger> {
    const [url = '', folder = ''] = (process.env['KEYLEDGER_TEST_CONSOLE'] ?? '').split(',');
    if (url !== '' && Object.keys(more).length === 0) {
      return new Keyledger(undefined, { KEYLEDGER_DATA_DIR: folder }, url, '');
    }
    return Keyledger.launch(more);
  }

  private static async launch(more: Settings): Promise<Keyledger> {
    const dataDir = await mkdtemp(join(tmpdir(), `keyledger-console-${process.pid}-`));
    const ports = { KEYLEDGER_HTTP_PORT: '0', KEYLEDGER_GRPC_PORT: '0' };
    // Receivers of webhooks are on this machine.
    const loopback = { KEYLEDGER_WEBHOOK_ALLOW_LOOPBACK: 'true' };
    const settings = { ...ports, ...loopback, KEYLEDGER_LOG_LEVEL: 'error', KEYLEDGER_DATA_DIR: dataDir, ...more };
    const child = launch('main.js', [], settings);
    let output = '';
    child.stderr?.on('data', (text) => (output += String(text)));
    const address = await new Promise<string>((resolve, reject) => {
      child.once('close', () => reject(new Error(`Keyledger did not start:\n${output}`)));
      child.stdout?.on('data', (text) => {
        output += String(text);
        const [, found] = /^ +HTTP +(\S+)\n[^]*^ +(Console|A token) .*\n/m.exec(output) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
    return new Keyledger(child, settings, address, output);
  }

  /** As `npm run console` prints it. */
  signInLink(): Promise<string> {
    return outputOf(launch('console.js', [this.url], this.settings));
  }

  /** As `npm run token` prints it. */
  token(...args: readonly string[]): Promise<string> {
    return outputOf(launch('token.js', args, this.settings));
  }

  /** One token for all that an operator does here. */
  operator(): Promise<string> {
    return (this.operatorToken ??= this.token('--role', 'operator'));
  }

  /** Calls the API past the console, as an operator, and answers with the body. */
  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${await this.operator()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Registers an account, and answers with its id. */
  async account(name: string): Promise<string> {
    const { account } = await this.call<{ account: { accountId: string } }>('POST', '/v1/accounts', { name });
    return account.accountId;
  }

  async stop(): Promise<void> {
    if (this.child === undefined) return;
    const closed = once(this.child, 'close');
    this.child.kill('SIGTERM');
    await closed;
    await rm(this.settings.KEYLEDGER_DATA_DIR, { recursive: true, force: true });
  }
}
