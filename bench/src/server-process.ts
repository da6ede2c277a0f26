import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { issueToken, openLocalIssuer } from '@keyledger/edge';
import type { Installation } from './installation.js';

const START_DEADLINE_MS = 60_000;
const TOKEN_TTL_SECONDS = 3_600;

/** What the scripts of `npm start` run, and what is only for measuring. */
type Program =
  'all-in-one' | 'command-service' | 'listing-service' | 'verification-service' | 'webhook-service' | 'followed-server';

const mainOf = (program: Program): string => {
  const path = program === 'followed-server' ? './followed-server.js' : `../../apps/${program}/dist/main.js`;
  return fileURLToPath(new URL(path, import.meta.url));
};

/** The all-in-one greets a person; the services apart log a line of JSON. */
const readyLines = {
  http: /^ *HTTP +(\S+)\n|"httpUrl":"([^"]+)"/m,
  grpc: /^ *gRPC +(\S+)|"grpcAddress":"([^"]+)"/m,
};

const found = (output: string, line: RegExp): string | undefined => {
  const [, greeted, logged] = line.exec(output) ?? [];
  return greeted ?? logged;
};

export interface ServerProcess {
  readonly url: string;
  readonly grpcAddress: string;
  readonly pid: number;
  /** A bearer token of an operator. */
  readonly token: string;
  /** Of a `followed-server` only: lets so many idle followers run. Answers the CPU time that it has used, in ms. */
  follow(idleFollowers: number): Promise<number>;
  stop(): Promise<void>;
}

interface ServerOptions {
  readonly program: Program;
  readonly installation: Installation;
  /** Where to put a CPU profile of the whole run; null for none. */
  readonly profileDir: string | null;
}

const nodeArguments = ({ program, profileDir }: ServerOptions): string[] => [
  ...(profileDir === null
    ? []
    : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${program}.cpuprofile`]),
  '--enable-source-maps',
  mainOf(program),
];

/** Starts a server in a process of its own and waits until it answers. */
export const startServerProcess = async (options: ServerOptions): Promise<ServerProcess> => {
  const { settings } = options.installation;
  const child = spawn(process.execPath, nodeArguments(options), {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
    stdio: ['ignore', 'pipe', 'inherit', ...(options.program === 'followed-server' ? ['ipc' as const] : [])],
  });
  process.once('exit', () => child.kill());
  let output = '';
  const ended = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The server did not start:\n${output}`)), START_DEADLINE_MS);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const address = found(output, readyLines.http);
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    void ended.then(() => reject(new Error(`The server ended:\n${output}`)));
  });
  const issuer = await openLocalIssuer(settings['KEYLEDGER_DATA_DIR'] ?? '');
  const token = await issueToken(issuer, {
    subject: 'benchmark',
    roles: ['operator'],
    accounts: '*',
    ttlSeconds: TOKEN_TTL_SECONDS,
  });
  return {
    url,
    grpcAddress: found(output, readyLines.grpc) ?? '',
    pid: child.pid ?? 0,
    token,
    async follow(idleFollowers) {
      const answered = once(child, 'message') as Promise<[NodeJS.CpuUsage]>;
      child.send(idleFollowers);
      const [{ user, system }] = await answered;
      return (user + system) / 1000;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
};
