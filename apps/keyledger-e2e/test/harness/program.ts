import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { logSettings } from './log-engine.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const START_DEADLINE_MS = 150_000;

export type Settings = Readonly<Record<string, string>>;

/** What can be deployed: everything in one process, or the services apart. */
export type App =
  | 'all-in-one'
  | 'command-service'
  | 'listing-service'
  | 'audit-service'
  | 'verification-service'
  | 'event-publisher'
  | 'webhook-service'
  | 'console-service';

export interface Exit {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One run of one of our programs, as a user would start it. */
export interface Program {
  readonly process: ChildProcess;
  /** Resolves when it has ended and all its output has been read. */
  readonly exit: Promise<Exit>;
  stdout(): string;
  stderr(): string;
}

/** Where a server says that it listens. */
export interface Addresses {
  readonly httpUrl: string;
  readonly grpcAddress: string;
}

/** Nothing of this process's own environment reaches a program but where to find other programs. */
const cleanEnvironment = (settings: Settings): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  ...settings,
});

const launch = (script: string, args: readonly string[], settings: Settings): Program => {
  const child = spawn(process.execPath, ['--enable-source-maps', join(root, 'apps', script), ...args], {
    cwd: root,
    env: cleanEnvironment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const exit = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  return { process: child, exit, stdout: () => output.stdout, stderr: () => output.stderr };
};

/** Of every server that is started without one of its own. */
export const METRICS_TOKEN = 'metrics-token-of-these-tests';

/** Starts a server and does not wait: for starts that are expected to fail. Both ports are free ones by default. */
export const launchServer = (app: App, settings: Settings, args: readonly string[] = []): Program =>
  launch(`${app}/dist/main.js`, args, {
    ...{ KEYLEDGER_HTTP_PORT: '0', KEYLEDGER_GRPC_PORT: '0', KEYLEDGER_METRICS_TOKEN: METRICS_TOKEN },
    ...logSettings(settings),
    ...settings,
  });

/** Starts everything in one process, as `launchServer` does. */
export const launchKeyledger = (settings: Settings): Program => launchServer('all-in-one', settings);

/** Starts a program that does one thing and ends. */
export const launchTool = (
  tool: 'token' | 'rebuild' | 'log-copy' | 'republish' | 'openapi',
  args: readonly string[],
  settings: Settings,
): Program => launch(`all-in-one/dist/${tool}.js`, args, settings);

/** Runs the program that prints a token. */
export const runToken = (args: readonly string[], settings: Settings): Promise<Exit> =>
  launchTool('token', args, settings).exit;

/** The lines of JSON among what a program has printed. */
export const jsonLines = (text: string): readonly Readonly<Record<string, unknown>>[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** A greeting for people, or a line of JSON, with both addresses; undefined until the server is ready. */
export const addressesIn = (stdout: string): Addresses | undefined => {
  // The last line may not have come to its end.
  const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
  const [, httpUrl, grpcAddress] = /^ +HTTP +(\S+)\n +gRPC +(\S+)$/m.exec(whole) ?? [];
  if (httpUrl !== undefined && grpcAddress !== undefined) return { httpUrl, grpcAddress };
  return jsonLines(whole).find(
    (line): line is Addresses & typeof line =>
      typeof line['httpUrl'] === 'string' && typeof line['grpcAddress'] === 'string',
  );
};

/** Waits until the server is ready; throws with its output if it ends or takes too long. */
export const whenReady = async (program: Program): Promise<Addresses> => {
  const { stdout } = program.process;
  if (stdout === null) throw new Error('The output of the server is not piped.');
  const ready = new Promise<Addresses>((resolve) => {
    stdout.on('data', () => {
      const addresses = addressesIn(program.stdout());
      if (addresses !== undefined) resolve(addresses);
    });
  });
  const abandoned = new AbortController();
  const late = delay(START_DEADLINE_MS, undefined, { signal: abandoned.signal }).catch(() => undefined);
  const addresses = await Promise.race([ready, late, program.exit.then(() => undefined)]);
  abandoned.abort();
  if (addresses !== undefined) return addresses;
  program.process.kill('SIGKILL');
  throw new Error(`Keyledger did not start:\n${program.stdout()}\n${program.stderr()}`);
};
