import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority, KafkaBroker, TopicReader } from '@keyledger/testing';
import { eventually } from '../harness/eventually.js';
import { HttpClient } from '../harness/http-client.js';
import type { KeyledgerProcess } from '../harness/keyledger-process.js';
import { jsonLines, METRICS_TOKEN, type Settings } from '../harness/program.js';
import { Installation } from './installation.js';

const PASSWORD = 'open sesame';

const directory = await mkdtemp(join(tmpdir(), `keyledger-kafka-tls-${process.pid}-`));
const authority = await CertificateAuthority.make(directory);

/** A listener with TLS alone, and one with TLS that asks for a user. */
const securedBroker = async (): Promise<KafkaBroker | undefined> => {
  const { cert, key } = await authority.issue('broker');
  const [keystore, properties] = [join(directory, 'keystore.pem'), join(directory, 'broker.properties')];
  await writeFile(keystore, (await readFile(key, 'utf8')) + (await readFile(cert, 'utf8')));
  const modules = 'org.apache.kafka.common.security';
  const scram = `${modules}.scram.ScramLoginModule required;`;
  const lines = [
    ...['ssl.keystore.type=PEM', `ssl.keystore.location=${keystore}`],
    'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.users.plain.sasl.jaas.config=' +
      `${modules}.plain.PlainLoginModule required user_keyledger="${PASSWORD}";`,
    ...[256, 512].map((bits) => `listener.name.users.scram-sha-${bits}.sasl.jaas.config=${scram}`),
  ];
  await writeFile(properties, `${lines.join('\n')}\n`);
  const users = [256, 512].flatMap((bits) => [
    '--add-scram',
    `SCRAM-SHA-${bits}=[name=keyledger,password="${PASSWORD}"]`,
  ]);
  const listeners = ['--listener', 'TLS:SSL', '--listener', 'USERS:SASL_SSL'];
  return KafkaBroker.startIfThere('brokers with TLS and users', ['--properties', properties, ...listeners, ...users]);
};

const broker = await securedBroker();
const ifThere = broker === undefined ? it.skip : it;

let installation: Installation;
let command: KeyledgerProcess;

beforeAll(async () => {
  if (broker === undefined) return;
  installation = await Installation.create();
  command = await installation.start('command-service');
});

afterAll(async () => {
  if (broker !== undefined) await installation.remove();
  await broker?.remove();
  await rm(directory, { recursive: true });
});

const publisherAt = (listener: 'TLS' | 'USERS', topic: string, settings: Settings = {}): Promise<KeyledgerProcess> =>
  installation.start('event-publisher', {
    ...{ KAFKA_BROKERS: `${broker?.listeners[listener]}`, KAFKA_TLS: 'true', KAFKA_TOPIC: topic },
    ...{ KAFKA_REPLICATION_FACTOR: '1', NODE_EXTRA_CA_CERTS: authority.cert },
    ...settings,
  });

const userBy = (mechanism: string, password = PASSWORD): Settings => ({
  ...{ KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: 'keyledger', KAFKA_SASL_PASSWORD: password },
});

/** Waits until a consumer has the events of the account, however the publisher has reached the broker. */
const untilRead = async (topic: string, accountId: string): Promise<void> => {
  const reader = await eventually(async () => {
    try {
      return { answer: await TopicReader.open(`${broker?.brokers}`, topic), seen: topic };
    } catch (error) {
      return { seen: String(error) };
    }
  });
  await eventually(() => {
    const seen = reader.messages.map(({ key }) => key);
    return Promise.resolve(seen.includes(accountId) ? { answer: true, seen } : { seen });
  });
  await reader.remove();
};

ifThere.each([
  ['TLS alone', 'TLS', {}],
  ['a password', 'USERS', userBy('plain')],
  ['SCRAM-SHA-256', 'USERS', userBy('scram-sha-256')],
  ['SCRAM-SHA-512', 'USERS', userBy('scram-sha-512')],
] as const)('publishes by %s', async (name, listener, settings) => {
  const topic = name.replaceAll(' ', '-');
  const publisher = await publisherAt(listener, topic, settings);
  await untilRead(topic, await installation.newAccount(command));
  await publisher.stop();
});

/** How often it has tried in vain. */
const retriesOf = async (publisher: KeyledgerProcess): Promise<number> => {
  const { text } = await new HttpClient(publisher.httpUrl).get('/metrics', { token: METRICS_TOKEN });
  return Number(/^keyledger_publisher_retries_total (\d+)$/m.exec(text)?.[1]);
};

const TO_CHECK = 'Do KAFKA_BROKERS, KAFKA_TLS, KAFKA_SASL_MECHANISM and NODE_EXTRA_CA_CERTS fit the brokers?';

ifThere.each([
  [
    'a wrong password',
    'USERS',
    userBy('plain', 'open barley'),
    /^SASL PLAIN authentication failed: .*Invalid username/,
  ],
  ['the same by SCRAM', 'USERS', userBy('scram-sha-512', 'open barley'), /^SASL SCRAM SHA512 .*invalid credentials/],
  ['no user', 'USERS', {}, /^Closed connection\. /],
  ['an authority that it does not know', 'TLS', { NODE_EXTRA_CA_CERTS: '' }, /unable to verify the first certificate/],
  ['no TLS', 'TLS', { KAFKA_TLS: 'false' }, /^Closed connection\. /],
] as const)('says once, however often it tries, why it cannot publish: %s', async (_, listener, settings, reason) => {
  const publisher = await publisherAt(listener, 'never', settings);
  await installation.newAccount(command);
  await eventually(async () => {
    const seen = await retriesOf(publisher);
    return seen >= 4 ? { answer: seen, seen } : { seen };
  });
  const { stdout, stderr } = await publisher.stop();
  const warnings = jsonLines(stdout).filter(({ level }) => level === 'warn');
  const said = warnings.map(({ msg }) => String(msg).replace('Not following the log now: ', ''));
  expect(said).toEqual([expect.stringMatching(reason)]);
  expect(said[0]).toContain(TO_CHECK);
  expect(jsonLines(stdout).length).toBeLessThan(12);
  expect(stdout + stderr).not.toContain('open barley');
});
