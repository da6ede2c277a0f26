// Runs a broker of Apache Kafka for development and tests: one node, in this terminal, until it is interrupted. Needs
// Java 17 and, the first time, Maven, which fetches about 45 MB into a cache.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { constants, homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const run = promisify(execFile);
const USAGE = `Usage: node tools/kafka/start.mjs [--port 9092] [--data .keyledger/kafka]

  --port PORT                where it listens at 127.0.0.1; 0 takes a free one
  --data DIRECTORY           where it keeps its data, its settings and kafka.log
  --help                     prints this

For tests there are four more:
  --advertised host:port     where clients are told to connect: a proxy in front of the broker
  --listener NAME:PROTOCOL   a further listener at a free port, such as TLS:SSL; may come several times
  --properties FILE          further settings of the broker
  --add-scram TEXT           a user, as Kafka's own "format" takes one; may come several times

Prints one line of JSON once it is ready: {"brokers": "127.0.0.1:9092", "listeners": {}, "pid": 4711}
`;
const VERSION = '4.1.1';
const POM = fileURLToPath(new URL('pom.xml', import.meta.url));
const READY_MS = 150_000;
const FETCH_MS = 120_000;

/** Ends with one line that says what to do. */
const giveUp = (line) => {
  process.stderr.write(`${line}\n`);
  process.exit(1);
};

const text = { type: 'string' };
const texts = { ...text, multiple: true, default: [] };
const options = {
  ...{ help: { type: 'boolean' }, port: { ...text, default: '9092' }, advertised: text, properties: text },
  ...{ data: { ...text, default: join('.keyledger', 'kafka') }, listener: texts, 'add-scram': texts },
};

const optionsGiven = () => {
  try {
    const { values } = parseArgs({ options });
    if (/^\d{1,5}$/.test(values.port) && Number(values.port) <= 65_535) return values;
    return giveUp(`--port must be a number from 0 to 65535, not "${values.port}".\n${USAGE}`);
  } catch (error) {
    // What follows in its text is about arguments that this program does not take.
    return giveUp(`${error.message.split(/\.(?:\s|$)/)[0]}.\n${USAGE}`);
  }
};

const isGone = (pid) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
};

/** Two brokers on the same data would destroy it. */
const lockData = (data, lock) => {
  try {
    writeFileSync(lock, `${process.pid}`, { flag: 'wx' });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const pid = readFileSync(lock, 'utf8');
    if (!isGone(Number(pid))) {
      giveUp(
        `Kafka runs on ${data} already, as process ${pid}: end it, or name another directory with --data. ` +
          `If that process is no Kafka, remove ${lock}.`,
      );
    }
    rmSync(lock, { force: true });
    return lockData(data, lock);
  }
  process.on('exit', () => rmSync(lock, { force: true }));
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

/** Any that is free, or the wished one if it is. */
const freePort = async (wished = 0) => {
  const server = createServer().listen(wished, '127.0.0.1');
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
  const child = spawn('java', ['-Xmx512m', '-cp', join(jars, '*'), ...args], options);
  child.once('error', () => giveUp('Java 17 or later is needed (Debian: apt-get install default-jre-headless).'));
  process.on('exit', () => child.kill('SIGKILL'));
  return child;
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

// Such as a file that is not there: its message says all.
process.once('uncaughtException', (error) => giveUp(error.syscall === undefined ? error.stack : error.message));

const values = optionsGiven();
if (values.help) {
  process.stdout.write(USAGE);
  process.exit();
}
// Until it is ready there is nothing to end in order.
let end = (signal) => process.exit(128 + constants.signals[signal]);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => end(signal));

const { data } = values;
const lock = join(data, 'kafka.lock');
await mkdir(data, { recursive: true });
lockData(data, lock);
const port = await freePort(Number(values.port)).catch((error) =>
  giveUp(
    error.code === 'EADDRINUSE'
      ? `Something listens at 127.0.0.1:${values.port} already: end it, or name another port with --port.`
      : `Kafka cannot listen at 127.0.0.1:${values.port} (${error.code}): name another port with --port.`,
  ),
);
const jars = await fetchJars();
const listeners = [];
for (const wished of values.listener) listeners.push(await listenerOf(wished));
const further = values.properties === undefined ? '' : await readFile(values.properties, 'utf8');
const config = join(data, 'server.properties');
const controllerPort = await freePort();
await writeFile(
  config,
  propertiesOf({ port, advertised: values.advertised, listeners, controllerPort, data, further }),
);
if (!existsSync(join(data, 'log', 'meta.properties'))) await format(jars, config, values['add-scram']);

const logFile = join(data, 'kafka.log');
const log = openSync(logFile, 'a');
writeSync(log, `${new Date().toISOString()} Kafka ${VERSION} starts at 127.0.0.1:${port}\n`);
const broker = java(jars, ['kafka.Kafka', config], { stdio: ['ignore', 'ignore', 'pipe'] });
// It goes on if this program is killed.
writeFileSync(lock, `${broker.pid}`);
let ready = false;
broker.once('close', (code, signal) => {
  if (!ready || ![0, 130, 143].includes(code)) giveUp(`Kafka has ended (${signal ?? code}). ${logFile} says why.`);
});

const lines = createInterface(broker.stderr);
const late = setTimeout(() => giveUp(`Kafka was not ready in time. ${logFile} says why.`), READY_MS);
lines.on('line', (line) => {
  writeSync(log, `${line}\n`);
  if (!line.endsWith('Kafka Server started')) return;
  clearTimeout(late);
  ready = true;
  end = () => broker.kill('SIGTERM');
  const addresses = Object.fromEntries(listeners.map(({ name, address }) => [name, address]));
  process.stdout.write(`${JSON.stringify({ brokers: `127.0.0.1:${port}`, listeners: addresses, pid: broker.pid })}\n`);
});
