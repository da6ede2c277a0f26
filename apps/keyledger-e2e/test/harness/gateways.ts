import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** The folder of the recipes. */
export const recipes = fileURLToPath(new URL('../../../../deploy/gateways/', import.meta.url));

/** Where a recipe leads, in the place of what it names. */
interface Wiring {
  readonly port: number;
  /** In the place of the folders below /etc. */
  readonly folder: string;
  readonly keyledger: string;
  readonly application: string;
  readonly token: string;
}

const wired = (file: string, { port, folder, keyledger, application }: Wiring): string =>
  readFileSync(join(recipes, file), 'utf8')
    .replaceAll('8080', `${port}`)
    .replaceAll(/\/etc\/(nginx|haproxy)\//g, `${folder}/`)
    .replaceAll('127.0.0.1:3000', keyledger)
    .replaceAll('127.0.0.1:8081', application);

export interface Gateway {
  readonly program: string;
  readonly args: (folder: string) => readonly string[];
  /** The names of its recipes. */
  readonly recipes: readonly string[];
  readonly files: (wiring: Wiring) => Readonly<Record<string, string>>;
}

const temporary = ['client_body', 'proxy', 'fastcgi', 'scgi', 'uwsgi'];

/** The block around the recipe, as open as can be, and without what a test may not write to. */
const nginxMain = (folder: string): string => `
  daemon off; master_process off; pid ${folder}/pid; error_log stderr crit; events {}
  http {
    access_log off;
    underscores_in_headers on; ignore_invalid_headers off;
    ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
    include ${folder}/*.conf;
  }`;

/** A server that has nothing to do with Keyledger. */
const otherServer = ({ port, application }: Wiring): string =>
  `server { listen ${port}; server_name other.test; location / { proxy_pass http://${application}; } }`;

export const gateways: Readonly<Record<string, Gateway>> = {
  nginx: {
    program: 'nginx',
    args: (folder) => ['-p', folder, '-e', 'stderr', '-c', join(folder, 'main')],
    recipes: ['nginx.conf'],
    files: (wiring) => ({
      'nginx.conf': wired('nginx.conf', wiring),
      'other.conf': otherServer(wiring),
      'keyledger-token.inc': `proxy_set_header X-Keyledger-Token "${wiring.token}";`,
      main: nginxMain(wiring.folder),
    }),
  },
  Caddy: {
    program: 'caddy',
    args: (folder) => ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')],
    recipes: ['Caddyfile'],
    files: (wiring) => ({ Caddyfile: `{\n\tadmin off\n}\n${wired('Caddyfile', wiring)}` }),
  },
  HAProxy: {
    program: 'haproxy',
    args: (folder) => ['-db', '-f', join(folder, 'haproxy.cfg')],
    recipes: ['haproxy.cfg', 'keyledger.lua'],
    files: (wiring) => ({
      'haproxy.cfg': wired('haproxy.cfg', wiring),
      'keyledger.lua': wired('keyledger.lua', wiring),
    }),
  },
};

export interface RunningGateway {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

type Asked = Omit<Wiring, 'port' | 'folder'>;

/** Starts a gateway with its recipe, from a folder that is not the recipe's. */
export const startGateway = async ({ program, args, files }: Gateway, asked: Asked): Promise<RunningGateway> => {
  const folder = mkdtempSync(join(tmpdir(), `keyledger-gateway-${process.pid}-`));
  const port = await freePort();
  for (const [name, content] of Object.entries(files({ ...asked, folder, port })))
    writeFileSync(join(folder, name), content);
  const { PATH } = process.env;
  const settings = { KEYLEDGER_TOKEN: asked.token, KEYLEDGER_URL: asked.keyledger && `http://${asked.keyledger}` };
  const process_ = spawn(program, args(folder), { cwd: tmpdir(), env: { PATH, HOME: folder, ...settings } });
  let output = '';
  for (const stream of [process_.stdout, process_.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(process_, 'close');
  const stop = async (): Promise<void> => {
    process_.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  };
  const url = `http://127.0.0.1:${port}`;
  const answers = (): Promise<boolean> =>
    fetch(url).then(
      (response) => response.text().then(() => true),
      () => false,
    );
  try {
    await eventually(async () => {
      if (process_.exitCode === null) return { seen: output, ...((await answers()) ? { answer: true } : {}) };
      await ended;
      throw new Error(`${program} ended with ${process_.exitCode}.\n${output}`);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
};
