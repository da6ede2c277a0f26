import type { IssuedCredentialReply } from '@keyledger/contract';
import { KafkaBroker, TopicReader, type ReadMessage } from '@keyledger/testing';
import { eventually } from './harness/eventually.js';
import { HttpClient, type Json } from './harness/http-client.js';
import { IdentityProvider } from './harness/identity-provider.js';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';

const broker = await KafkaBroker.startIfThere('everything in one process, with Kafka');
const ifThere = broker === undefined ? it.skip : it;

let provider: IdentityProvider;
let token: string;
let server: KeyledgerProcess;
let reader: TopicReader;

beforeAll(async () => {
  if (broker === undefined) return;
  provider = await IdentityProvider.start();
  token = await provider.token({ roles: ['operator'], accounts: '*', subject: 'Jane Doe' });
  const kafka = { KAFKA_BROKERS: broker.brokers, KAFKA_REPLICATION_FACTOR: '1' };
  server = await startKeyledger({ ...provider.settings, ...kafka });
});

afterAll(async () => {
  await reader?.remove();
  await server?.remove();
  await provider?.stop();
  await broker?.remove();
});

const post = async <T = Json>(path: string, body: Json = {}): Promise<T> => {
  const reply = await new HttpClient(server.httpUrl).post<T>(path, body, { token });
  if (reply.status >= 300) throw new Error(`POST ${path}: ${reply.status} ${reply.text}`);
  return reply.body;
};

/** What the consumer has of an account, once that is so many events. */
const heardOf = (accountId: string, count: number): Promise<readonly ReadMessage[]> =>
  eventually(() => {
    const heard = reader.messages.filter(({ key }) => key === accountId);
    return Promise.resolve(heard.length >= count ? { answer: heard, seen: count } : { seen: heard });
  });

ifThere('tells other services what is done over HTTP, and goes on after a stop where it was', async () => {
  const { account } = await post<{ account: { accountId: string } }>('/v1/accounts', { name: 'Acme' });
  const credentials = `/v1/accounts/${account.accountId}/credentials`;
  const wished = { type: 'api_key', mode: 'test', description: 'Nightly export' };
  const { credential, secret } = await post<IssuedCredentialReply>(credentials, wished);
  reader = await eventually(async () => {
    const opened = TopicReader.open(`${broker?.brokers}`, 'keyledger.credentials.v1');
    return opened.then((answer) => ({ answer, seen: 'a topic' })).catch((error: unknown) => ({ seen: String(error) }));
  });
  await post(`${credentials}/${credential.credentialId}/suspend`);
  await heardOf(account.accountId, 3);

  await server.stop();
  await server.start();
  await post(`${credentials}/${credential.credentialId}/revoke`);
  const heard = await heardOf(account.accountId, 4);
  expect(heard.map(({ type, sequence }) => [sequence, type])).toEqual([
    [0, 'keyledger.account.registered.v1'],
    [1, 'keyledger.credential.created.v1'],
    [2, 'keyledger.credential.suspended.v1'],
    [3, 'keyledger.credential.revoked.v1'],
  ]);
  const topic = reader.messages.map(({ bytes }) => bytes).join('\n');
  for (const text of [...Object.values(secret), 'Jane Doe', provider.issuer]) expect(topic).not.toContain(text);

  expect(reader.audit()).toMatchObject({ events: 4, repeats: 0, mistakes: [] });
});
