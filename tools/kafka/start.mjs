// Runs a broker of Apache Kafka for development and tests: one node, in this terminal, until it is interrupted. Needs
// Java 17 and, the first time, Maven, which fetches about 45 MB into a cache.
//
//   node tools/kafka/start.mjs [--port 9092] [--data .keyledger/kafka]
//
// For tests there are four more:
//   --advertised host:port     where clients are told to connect: a proxy in front of the broker
//   --listener NAME:PROTOCOL   a further listener at a free port, such as TLS:SSL; may come several times
//   --properties FILE          further settings of the broker
//   --add-scram TEXT           a user, as Kafka's own `format` takes one; may come several times
//
// Prints one line of JSON once it is ready: {"brokers": "127.0.0.1:9092", "listeners": {}, "pid": 4711}
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const run = promisify(execFile);
const VERSION = '4.1.1';
const POM = fileURLToPath(new URL('pom.xml', import.meta.url));
const READY_MS = 150_000;
const FETCH_MS = 120_000;

/** Ends with one line that says what to do. */
const giveUp = (line) => {
  process.stderr.write(`${line}\n`);
  process.exit(1);
};

/** The jars of the broker, fetched once. */
const fetchJars = async () => {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const jars = join(cache, 'keyledger-kafka', VERSION);
  if (existsSync(jars)) return jars;
  const fetched = `${jars}.${randomBytes(4).toString('hex')}`;
  try {
    await run('mvn', ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${fetched}`], {
      timeout: FETCH_MS,
    });
    // Whoever was first has the same.
    await rename(fetched, jars).catch((error) => (existsSync(jars) ? undefined : Promise.reject(error)));
  } catch (error) {
    giveUp(
      error.code === 'ENOENT'
        ? 'Maven is needed to fetch Kafka once: install it (Debian: apt-get install maven).'
        : `Kafka cannot be fetched: ${String(error.stdout || error.message).trim()}`,
    );
  } finally {
    await rm(fetched, { recursive: true, force: true });
  }
  return jars;
};

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
};

/** A further listener, as `NAME:PROTOCOL` wishes it. */
const listenerOf = async (map) => ({ map, name: map.split(':')[0], address: `127.0.0.1:${await freePort()}` });

const urlOf = ({ name, address }) => `${name}://${address}`;

/** As one node that is broker and controller, and forgets nothing that it has acknowledged. */
const propertiesOf = ({
  port,
  advertised,
  listeners,
  controllerPort,
  data,
  further,
}) => `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=${[`PLAINTEXT://127.0.0.1:${port}`, `CONTROLLER://127.0.0.1:${controllerPort}`, ...listeners.map(urlOf)]}
advertised.listeners=${[`PLAINTEXT://${advertised ?? `127.0.0.1:${port}`}`, ...listeners.map(urlOf)]}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=${['CONTROLLER:PLAINTEXT', 'PLAINTEXT:PLAINTEXT', ...listeners.map((one) => one.map)]}
log.dirs=${join(data, 'log')}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
${further}`;

const java = (jars, args, options) => {
  const process = spawn('java', ['-Xmx512m', '-cp', join(jars, '*'), ...args], options);
  process.once('error', () => giveUp('Java 17 or later is needed (Debian: apt-get install default-jre-headless).'));
  return process;
};

/** Gives a new data directory its identity. */
const format = async (jars, config, scram) => {
  // It may begin with a hyphen.
  const id = randomBytes(16).toString('base64url');
  const users = scram.flatMap((user) => ['--add-scram', user]);
  const args = ['kafka.tools.StorageTool', 'format', `--cluster-id=${id}`, '-c', config, ...users];
  const formatting = java(jars, args, { stdio: 'pipe' });
  let said = '';
  for (const stream of [formatting.stdout, formatting.stderr]) stream.on('data', (text) => (said += text));
  const [code] = await once(formatting, 'close');
  if (code !== 0) giveUp(`The data directory of Kafka cannot be made: ${said.trim()}`);
};

const text = { type: 'string' };
const texts = { ...text, multiple: true, default: [] };
const { values } = parseArgs({
  options: {
    ...{ port: text, data: text, advertised: text, properties: text },
    ...{ listener: texts, 'add-scram': texts },
  },
});
const data = values.data ?? join('.keyledger', 'kafka');
const jars = await fetchJars();
const port = values.port === '0' ? await freePort() : Number(values.port ?? 9092);
const listeners = [];
for (const wished of values.listener) listeners.push(await listenerOf(wished));
const further = values.properties === undefined ? '' : await readFile(values.properties, 'utf8');
const config = join(data, 'server.properties');
const controllerPort = await freePort();
await mkdir(data, { recursive: true });
await writeFile(
  config,
  propertiesOf({ port, advertised: values.advertised, listeners, controllerPort, data, further }),
);
if (!existsSync(join(data, 'log', 'meta.properties'))) await format(jars, config, values['add-scram']);

const log = createWriteStream(join(data, 'kafka.log'), { flags: 'a' });
const broker = java(jars, ['kafka.Kafka', config], { stdio: ['ignore', 'ignore', 'pipe'] });
broker.once('exit', (code, signal) => {
  if (code !== 0 && code !== 143) giveUp(`Kafka has ended (${signal ?? code}). ${join(data, 'kafka.log')} says why.`);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => broker.kill('SIGTERM'));
process.on('exit', () => broker.kill('SIGKILL'));

const lines = createInterface(broker.stderr);
const late = setTimeout(() => giveUp(`Kafka was not ready in time. ${join(data, 'kafka.log')} says why.`), READY_MS);
lines.on('line', (line) => {
  log.write(`${line}\n`);
  if (!line.endsWith('Kafka Server started')) return;
  clearTimeout(late);
  const addresses = Object.fromEntries(listeners.map(({ name, address }) => [name, address]));
  const ready = { brokers: `127.0.0.1:${port}`, listeners: addresses, pid: broker.pid };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
});
