import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The EventStoreDB in which all installations of a run have their logs. */
export interface EventStore {
  /** What a server needs to know of it. */
  readonly settings: Readonly<Record<string, string>>;
  /** What it is, for the table. */
  readonly description: string;
  stop(): Promise<void>;
}

const NODE = fileURLToPath(new URL('../../libs/testing/esdb-node.mjs', import.meta.url));

const settingsOf = (url: string): Readonly<Record<string, string>> => {
  const { EVENTSTOREDB_USERNAME: username, EVENTSTOREDB_PASSWORD: password } = process.env;
  return {
    KEYLEDGER_EVENT_LOG: 'eventstoredb',
    EVENTSTOREDB_URL: url,
    ...(username && { EVENTSTOREDB_USERNAME: username }),
    ...(password && { EVENTSTOREDB_PASSWORD: password }),
  };
};

/** The tests' node in a process of its own, so that it has a core as a server would. */
const startNode = async (): Promise<EventStore> => {
  const child = spawn(process.execPath, [NODE, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill());
  const ended = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (line: string) => resolve(line.trim()));
    void ended.then(() => reject(new Error('The node of the tests did not start.')));
  });
  return {
    settings: settingsOf(url),
    description: "the tests' own node, in memory: nothing is durable, so its figures are not those of a real server",
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
};

/** The server of `EVENTSTOREDB_URL`, or else the tests' own node. */
export const startEventStore = async (): Promise<EventStore> => {
  const url = process.env['EVENTSTOREDB_URL'];
  if (!url) return startNode();
  return { settings: settingsOf(url), description: 'a given server', stop: () => Promise.resolve() };
};
