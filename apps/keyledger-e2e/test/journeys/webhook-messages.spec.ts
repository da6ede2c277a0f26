import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  DeliveryAttempt,
  EndpointStatistics,
  IssuedCredentialReply,
  Message,
  MessageReply,
  MessageSummary,
  Page,
  PublicEvent,
  RecoverReply,
  WebhookEndpointReply,
} from '@keyledger/contract';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../harness/eventually.js';
import { newJourney, type Journey } from '../harness/journey.js';
import { startKeyledger, type KeyledgerProcess } from '../harness/keyledger-process.js';
import { Visit } from '../harness/shared-server.js';

const TEXT = '{"id":7,"total":12.50,"note":"é"}';
const TYPE = 'invoice.paid';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: KeyledgerProcess;
let visit: Visit;
/** What came to each path, and what is answered there. */
const received = new Map<string, Received[]>();
const answers = new Map<string, number>();
const receiver = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (some: string) => (body += some));
  request.on('end', () => {
    const path = request.url ?? '';
    received.set(path, [...(received.get(path) ?? []), { headers: request.headers, body }]);
    response.writeHead(answers.get(path) ?? 200).end('thank you');
  });
});

beforeAll(async () => {
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  server = await startKeyledger({ KEYLEDGER_WEBHOOK_ALLOW_LOOPBACK: 'true' });
  visit = new Visit(server);
});

afterAll(async () => {
  visit.close();
  await server.remove();
  receiver.close();
  receiver.closeAllConnections();
});

/** What has come to the path, once there is so much. */
const arrived = (path: string, count: number): Promise<readonly Received[]> =>
  eventually(() => {
    const all = received.get(path) ?? [];
    return Promise.resolve(all.length >= count ? { answer: all, seen: all.length } : { seen: all.length });
  });

describe.each([
  { name: 'HTTP', number: 0 },
  { name: 'gRPC', number: 1 },
])('messages over $name', ({ name, number }) => {
  let journey: Journey;
  let secret: string;
  const path = `/${name}`;
  /** An object would be written with other numbers, so over HTTP the request has the very text. */
  const send = async (type = TYPE): Promise<string> => {
    if (number === 1) {
      return (await journey.does<MessageReply>('WebhookService/SendMessage', { type, payload: TEXT })).messageId;
    }
    const response = await fetch(`${server.httpUrl}/v1/accounts/${journey.accountId}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await visit.token()}`, 'content-type': 'application/json' },
      body: `{"type":${JSON.stringify(type)},"payload":${TEXT}}`,
    });
    expect(response.status).toBe(202);
    return ((await response.json()) as MessageReply).messageId;
  };

  const endpoint = async (at: string, types: readonly string[]): Promise<string> => {
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}${at}`;
    const request = { url, types, scheme: 'standard' };
    const reply = await journey.does<WebhookEndpointReply>('WebhookService/RegisterEndpoint', request);
    return reply.webhookEndpoint.endpointId;
  };

  /** The message, once its only delivery is so. */
  const delivered = (messageId: string, state: string): Promise<Message> =>
    eventually(async () => {
      const message = await journey.does<Message>('WebhookService/GetMessage', { messageId });
      return message.deliveries[0]?.state === state ? { answer: message, seen: message } : { seen: message };
    });

  beforeEach(async () => {
    journey = await newJourney(visit, visit.doors[number] ?? visit.doors[0]);
    const issued = await journey.does<IssuedCredentialReply>('CredentialService/CreateCredential', {
      type: 'api_secret',
    });
    secret = issued.secret['secret'] ?? '';
    received.clear();
    answers.clear();
  });

  it('arrive as they were written, signed, and say what has become of them', async () => {
    const endpointId = await endpoint(path, ['invoice.*']);
    await endpoint(`${path}/others`, ['order.*']);
    const messageId = await send();
    const [came] = await arrived(path, 1);
    expect(came?.body).toBe(TEXT);
    expect(came?.headers['webhook-id']).toBe(messageId);
    const headers = came?.headers as Record<string, string>;
    expect(new Webhook(secret).verify(TEXT, headers)).toEqual(JSON.parse(TEXT));
    const message = await delivered(messageId, 'delivered');
    expect(message).toMatchObject({ type: TYPE, source: 'sent', payload: TEXT });
    expect(message.deliveries).toMatchObject([{ endpointId, attempts: 1, lastOutcome: 'delivered', lastStatus: 200 }]);
    const { items } = await journey.does<Page<MessageSummary>>('WebhookService/ListMessages', { type: TYPE });
    expect(items.map((each) => each.messageId)).toEqual([messageId]);
    const attempts = await journey.does<Page<DeliveryAttempt>>('WebhookService/ListAttempts', { messageId });
    expect(attempts.items).toMatchObject([{ endpointId, number: 1, outcome: 'delivered', answer: 'thank you' }]);
    const statistics = await journey.does<EndpointStatistics>('WebhookService/GetEndpointStatistics', { endpointId });
    expect(statistics.days.map(({ outcome, count }) => [outcome, Number(count)])).toEqual([['delivered', 1]]);
    await journey.does('WebhookService/ResendMessage', { messageId });
    expect((await arrived(path, 2)).map((each) => each.headers['webhook-id'])).toEqual([messageId, messageId]);
    expect(received.has(`${path}/others`)).toBe(false);
  });

  it('are kept while the endpoint is disabled, and sent when its owner asks', async () => {
    const endpointId = await endpoint(path, ['invoice.*']);
    await journey.does('WebhookService/UpdateEndpoint', { endpointId, enabled: false });
    const since = new Date(Date.now() - 60_000).toISOString();
    const messageId = await send();
    await delivered(messageId, 'held');
    await journey.does('WebhookService/UpdateEndpoint', { endpointId, enabled: true });
    const asked = { endpointId, since: number === 1 ? { seconds: Math.floor(Date.parse(since) / 1000) } : since };
    const { recovered } = await journey.does<RecoverReply>('WebhookService/RecoverEndpoint', asked);
    expect(Number(recovered)).toBe(1);
    const yearZero = { endpointId, since: number === 1 ? { seconds: -62_135_596_801 } : '0000-12-31T23:59:59Z' };
    expect(await journey.isRefused('WebhookService/RecoverEndpoint', yearZero)).toMatchObject({
      code: 'invalid-request',
    });
    await delivered(messageId, 'delivered');
    expect((await arrived(path, 1))[0]?.headers['webhook-id']).toBe(messageId);
  });

  it('wait while the account is suspended, and are refused meanwhile', async () => {
    await endpoint(path, ['invoice.*']);
    answers.set(path, 503);
    const messageId = await send();
    await arrived(path, 1);
    await journey.does('AccountService/SuspendAccount');
    expect(
      await journey.isRefused('WebhookService/SendMessage', { type: TYPE, payload: number === 1 ? TEXT : {} }),
    ).toMatchObject({ code: 'account-suspended' });
    // The next attempt comes after five seconds, and is not made.
    await eventually(async () => {
      const { deliveries } = await journey.does<Message>('WebhookService/GetMessage', { messageId });
      const [delivery] = deliveries;
      return delivery?.lastOutcome === 'account-suspended' ? { answer: delivery, seen: delivery } : { seen: delivery };
    });
    expect(received.get(path)).toHaveLength(1);
  });

  it('come of the events of the account as well, and of a test', async () => {
    const endpointId = await endpoint(path, ['keyledger.account.*']);
    await journey.does('AccountService/UpdateAccount', { name: 'Renamed' });
    const [came] = await arrived(path, 1);
    const event = JSON.parse(came?.body ?? '') as PublicEvent<'AccountChanged'>;
    expect(event).toMatchObject({ type: 'keyledger.account.changed.v1', partitionkey: journey.accountId });
    expect(event.data.changes.name.to).toBe('Renamed');
    expect(came?.headers['content-type']).toBe('application/cloudevents+json');
    expect(new Webhook(secret).verify(came?.body ?? '', came?.headers as Record<string, string>)).toEqual(event);
    const { messageId } = await journey.does<MessageReply>('WebhookService/TestEndpoint', { endpointId });
    expect((await arrived(path, 2))[1]?.headers['webhook-id']).toBe(messageId);
  });
});
