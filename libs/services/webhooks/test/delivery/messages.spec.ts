import { generateToken } from '@keyledger/secrets';
import { v4 as uuid, v7 as uuidV7 } from 'uuid';
import { until } from './deliverer.js';
import { openReceiver, type Receiver } from './receiver.js';
import { Serving } from './serving.js';

interface Item {
  readonly messageId: string;
  readonly source: string;
}

let serving: Serving;
let receiver: Receiver;
beforeAll(async () => {
  [serving, receiver] = await Promise.all([Serving.open(), openReceiver()]);
});
afterAll(async () => {
  await serving.close();
  await receiver.close();
});

type Headers = Readonly<Record<string, string>>;

const list = async (accountId: string, query: string, headers: Headers) => {
  const { body } = await serving.send(`GET /v1/accounts/${accountId}/messages${query}`, undefined, headers);
  return body as { readonly items: readonly Item[]; readonly nextCursor: string | null };
};

describe('a sender', () => {
  /** What an account has sent, and what came of its events and of a test. */
  const everySource = async () => {
    const accountId = await serving.account();
    const endpointId = await serving.endpoint(accountId, receiver.url, { types: [] });
    const viewer = await serving.as('viewer', accountId);
    const sent = [await serving.message(accountId)];
    await serving.append(accountId, {
      ...{ type: 'AccountChanged', at: new Date().toISOString() },
      changes: { name: { from: 'Acme', to: 'Renamed' } },
    });
    await serving.send(`POST /v1/accounts/${accountId}/webhook-endpoints/${endpointId}/test`);
    let items: readonly Item[] = [];
    await until(async () => {
      ({ items } = await list(accountId, '', viewer));
      return ['sent', 'event', 'ping'].every((source) => items.some((each) => each.source === source));
    });
    sent.unshift(await serving.message(accountId));
    return { accountId, endpointId, viewer, sent, others: items.filter(({ source }) => source !== 'sent') };
  };

  it('lists what was sent alone, page by page, and whoever reads the account lists all', async () => {
    const { accountId, endpointId, viewer, sent, others } = await everySource();
    const sender = await serving.as('sender', accountId);
    for (const filter of ['', `&endpointId=${endpointId}`]) {
      const first = await list(accountId, `?limit=1${filter}`, sender);
      const second = await list(accountId, `?limit=1${filter}&cursor=${first.nextCursor}`, sender);
      expect([...first.items, ...second.items].map(({ messageId }) => messageId)).toEqual(sent);
      expect(second.nextCursor).toBeNull();
      const all = await list(accountId, `?limit=200${filter}`, viewer);
      expect(all.items.map(({ messageId }) => messageId)).toEqual(
        expect.arrayContaining([...sent, ...others.map(({ messageId }) => messageId)]),
      );
    }
  });

  it('finds no other message, nor its attempts, nor sends it again', async () => {
    const { accountId, viewer, sent, others } = await everySource();
    const sender = await serving.as('sender', accountId);
    const owner = await serving.as('owner', accountId);
    const path = `/v1/accounts/${accountId}/messages`;
    const status = async (route: string, headers: Headers) =>
      (await serving.send(route, route.startsWith('POST') ? {} : undefined, headers)).status;
    for (const messageId of sent) {
      expect(await status(`GET ${path}/${messageId}`, sender)).toBe(200);
      expect(await status(`GET ${path}/${messageId}/attempts`, sender)).toBe(200);
      expect(await status(`POST ${path}/${messageId}/resend`, sender)).toBe(202);
    }
    for (const { messageId } of others) {
      expect(await status(`GET ${path}/${messageId}`, sender)).toBe(404);
      expect(await status(`GET ${path}/${messageId}/attempts`, sender)).toBe(404);
      expect(await status(`POST ${path}/${messageId}/resend`, sender)).toBe(404);
      expect(await status(`GET ${path}/${messageId}`, viewer)).toBe(200);
      expect(await status(`GET ${path}/${messageId}/attempts`, viewer)).toBe(200);
      expect(await status(`POST ${path}/${messageId}/resend`, owner)).toBe(202);
    }
  });
});

describe('a message is sent again', () => {
  const resend = (accountId: string, messageId: string, body: object = {}) =>
    serving.send(`POST /v1/accounts/${accountId}/messages/${messageId}/resend`, body);

  it('to an endpoint that it went to or that asks for its type, and to no other', async () => {
    const accountId = await serving.account();
    const at = new Date().toISOString();
    const before = await serving.endpoint(accountId, receiver.url);
    const messageId = await serving.message(accountId);
    // It went there, and would not now.
    await serving.append(accountId, {
      ...{ type: 'WebhookEndpointChanged', endpointId: before, at },
      changes: { types: { from: ['order.*'], to: ['invoice.*'] } },
    });
    const asking = await serving.endpoint(accountId, receiver.url);
    const other = await serving.endpoint(accountId, receiver.url, { types: ['invoice.*'] });
    for (const endpointId of [before, asking]) {
      expect(await resend(accountId, messageId, { endpointId })).toMatchObject({ status: 202 });
    }
    expect(await resend(accountId, messageId, { endpointId: other })).toMatchObject({
      status: 422,
      body: { code: 'invalid-request', errors: [{ field: 'endpointId' }] },
    });
    const unknown = await resend(accountId, messageId, { endpointId: `whe_${uuid()}` });
    expect(unknown.status).toBe(404);
    const { body } = await serving.send(`GET /v1/accounts/${accountId}/messages/${messageId}`);
    const deliveries = body['deliveries'] as readonly { readonly endpointId: string }[];
    expect(deliveries.map(({ endpointId }) => endpointId).sort()).toEqual([before, asking].sort());
  });

  it('only where an endpoint is left that it went to', async () => {
    const accountId = await serving.account();
    const toNobody = await serving.message(accountId);
    const endpointId = await serving.endpoint(accountId, receiver.url);
    const messageId = await serving.message(accountId);
    await serving.append(accountId, { type: 'WebhookEndpointDeleted', endpointId, at: new Date().toISOString() });
    for (const each of [toNobody, messageId]) {
      const { status, body } = await resend(accountId, each);
      expect({ status, code: body['code'] }).toEqual({ status: 404, code: 'not-found' });
      expect(body['detail']).toContain('endpoint');
    }
  });
});

describe('many requests to send again, of one account', () => {
  it('are served one after the other, or told to wait, and none fails by the others', async () => {
    const accountId = await serving.account();
    const endpoints = new Set<string>();
    while (endpoints.size < 20) endpoints.add(await serving.endpoint(accountId, receiver.url));
    const sent = await Promise.all(Array.from({ length: 5 }, () => serving.message(accountId)));
    const calls = Array.from({ length: 100 }, (_, index) => sent[index % 5] ?? '');
    const replies = await Promise.all(
      calls.map((messageId) => serving.send(`POST /v1/accounts/${accountId}/messages/${messageId}/resend`, {})),
    );
    const codes = new Set(replies.map(({ status, body }) => (status === 202 ? 'sent' : body['code'])));
    expect([...codes].sort()).toEqual(['sent', 'too-busy']);
    const recover = () =>
      serving.send(`POST /v1/accounts/${accountId}/webhook-endpoints/${[...endpoints][0]}/recover`, {
        since: '2021-05-20T00:00:00Z',
      });
    expect((await recover()).status).toBe(200);
    const pending = async () =>
      (await serving.send(`GET /v1/accounts/${accountId}/messages?state=pending`)).body['items'];
    await until(async () => ((await pending()) as readonly unknown[]).length === 0);
  });
});

describe('a time or a place that is none', () => {
  it.each([
    ['2026-01-01T00:00:00.000Z', 'nouuid'],
    ['2026-01-01T00:00:00Z', uuidV7()],
    ['2020', uuidV7()],
    ['1', uuidV7()],
    ['Sat, 1 Jan 2026 (x)', uuidV7()],
    ['+275760-09-13T00:00:00.000Z', uuidV7()],
    ['-000001-01-01T00:00:00.000Z', uuidV7()],
    ['0000-01-01T00:00:00.000Z', uuidV7()],
    ['2026-02-30T00:00:00.000Z', uuidV7()],
    ['2026-01-01T00:00:00.000Z', null],
  ])('is refused as a cursor: %j, %j', async (...keys) => {
    const accountId = await serving.account();
    await serving.message(accountId);
    await serving.message(accountId);
    const { nextCursor } = await list(accountId, '?limit=1', {});
    const [scope] = JSON.parse(Buffer.from(nextCursor ?? '', 'base64url').toString()) as unknown[];
    const cursor = Buffer.from(JSON.stringify([scope, ...keys])).toString('base64url');
    const { status, body } = await serving.send(`GET /v1/accounts/${accountId}/messages?cursor=${cursor}`);
    expect({ status, code: body['code'] }).toEqual({ status: 422, code: 'invalid-request' });
  });

  it('is refused before the year 1', async () => {
    const accountId = await serving.account();
    const endpointId = await serving.endpoint(accountId, receiver.url);
    const time = '0000-01-01T00:00:00Z';
    for (const name of ['from', 'to']) {
      expect((await serving.send(`GET /v1/accounts/${accountId}/messages?${name}=${time}`)).status).toBe(422);
    }
    const recover = `POST /v1/accounts/${accountId}/webhook-endpoints/${endpointId}/recover`;
    expect((await serving.send(recover, { since: time })).status).toBe(422);
    expect((await serving.send(recover, { since: '0001-01-01T00:00:00Z' })).status).toBe(200);
  });
});

describe('recovery', () => {
  it('takes each message once, and nothing for an endpoint that is disabled', async () => {
    const accountId = await serving.account();
    const endpointId = await serving.endpoint(accountId, receiver.url, { enabled: false });
    const sent = new Set<string>();
    while (sent.size < 1_100) {
      const some = Array.from({ length: 100 }, () => serving.message(accountId));
      for (const messageId of await Promise.all(some)) sent.add(messageId);
    }
    const recover = () =>
      serving.send(`POST /v1/accounts/${accountId}/webhook-endpoints/${endpointId}/recover`, {
        since: '2021-05-20T00:00:00Z',
      });
    const test = `POST /v1/accounts/${accountId}/webhook-endpoints/${endpointId}/test`;
    const [messageId = ''] = sent;
    const resend = `POST /v1/accounts/${accountId}/messages/${messageId}/resend`;
    for (const refused of [await recover(), await serving.send(test), await serving.send(resend, { endpointId })]) {
      expect(refused.body['code']).toBe('webhook-endpoint-disabled');
    }
    await serving.append(accountId, { type: 'WebhookEndpointEnabled', endpointId, at: new Date().toISOString() });
    let recovered: unknown;
    await until(async () => (recovered = (await recover()).body['recovered']) !== undefined);
    expect(recovered).toBe(sent.size);
    const arrived = () => receiver.received.map(({ id }) => id).filter((id) => sent.has(id));
    await until(() => arrived().length >= sent.size);
    expect(new Set(arrived())).toEqual(sent);
    expect((await recover()).body['recovered']).toBe(0);
  });
});

describe('a payload', () => {
  const token = generateToken('kcs');
  const escaped = token.replaceAll('_', '\\u005f');

  it.each([
    ['a value', JSON.stringify({ note: `it is ${token}` })],
    ['a name', JSON.stringify({ [token]: 1 })],
    ['a text alone', JSON.stringify(token)],
    ['escapes', `{"note":"${escaped}"}`],
    ['a name that comes twice', `{"note":"${token}","note":1}`],
    ['JSON in a text', JSON.stringify({ inner: JSON.stringify({ note: [token] }) })],
  ])('is refused where a secret of ours stands in it: as %s', async (_, payload) => {
    const accountId = await serving.account();
    // Before, the list says that there is no such account.
    await until(async () => Array.isArray((await list(accountId, '', {})).items));
    const sent = await serving.sendText(
      `POST /v1/accounts/${accountId}/messages`,
      `{"type":"order.paid","payload":${payload}}`,
    );
    expect(sent).toMatchObject({
      status: 422,
      body: { code: 'invalid-request', errors: [{ field: 'payload' }] },
    });
    expect(JSON.stringify(sent.body)).not.toContain(token);
    expect((await list(accountId, '', {})).items).toEqual([]);
  });

  it('is taken where something only looks like one', async () => {
    const accountId = await serving.account();
    for (const payload of [
      { note: `${token.slice(0, -1)}` },
      { note: 'kcs_…abcd' },
      { [token.slice(0, 20)]: token.slice(20) },
    ]) {
      await serving.message(accountId, payload);
    }
  });
});
