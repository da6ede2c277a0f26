import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { StartedTestContainer } from 'testcontainers';
import { startEsdbNode } from './esdb-node/esdb-node.js';

export interface ProvidedEventStore {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** A server that was given, one in a container, or the node of this library. */
  readonly kind: 'given' | 'container' | 'node';
  /** A given server goes on: what a suite wrote to it stays. */
  readonly stop: () => Promise<void>;
}

const run = promisify(execFile);

const IMAGE = 'eventstore/eventstore:23.10.7-bookworm-slim';
const PORT = 2113;

/**
 * An EventStoreDB for a suite: the one that `EVENTSTOREDB_URL` names (with `EVENTSTOREDB_USERNAME` and
 * `EVENTSTOREDB_PASSWORD`), else a real one in a container where Docker and the image are there, else the protocol
 * node. It may hold anything: a suite keeps to streams with a prefix of its own.
 */
export async function provideEventStore(): Promise<ProvidedEventStore> {
  return given() ?? (await inContainer()) ?? (await asNode());
}

function given(): ProvidedEventStore | null {
  const { EVENTSTOREDB_URL: url, EVENTSTOREDB_USERNAME: username, EVENTSTOREDB_PASSWORD: password } = process.env;
  if (!url) return null;
  return {
    url,
    ...(username && { username }),
    ...(password && { password }),
    kind: 'given',
    stop: async () => undefined,
  };
}

async function inContainer(): Promise<ProvidedEventStore | null> {
  if (!(await hasImage())) return null;
  const { GenericContainer, Wait } = await import('testcontainers');
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  const container = await new GenericContainer(IMAGE)
    .withEnvironment({ EVENTSTORE_INSECURE: 'true', EVENTSTORE_MEM_DB: 'true', EVENTSTORE_RUN_PROJECTIONS: 'None' })
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forHttp('/health/live', PORT).forStatusCode(204))
    .start();
  return { url: urlOf(container), kind: 'container', stop: async () => void (await container.stop()) };
}

/** The image is never pulled: a suite takes what is there. */
async function hasImage(): Promise<boolean> {
  return run('docker', ['image', 'inspect', IMAGE], { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}

const urlOf = (container: StartedTestContainer): string =>
  `esdb://${container.getHost()}:${container.getMappedPort(PORT)}?tls=false`;

async function asNode(): Promise<ProvidedEventStore> {
  const node = await startEsdbNode();
  return { url: node.url, kind: 'node', stop: () => node.stop() };
}
