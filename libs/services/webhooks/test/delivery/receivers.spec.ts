import { until } from './deliverer.js';
import { ok, openReceiver, type Receiver } from './receiver.js';
import { Serving } from './serving.js';

describe('what a receiver does', () => {
  let serving: Serving;
  let receiver: Receiver;
  beforeAll(async () => {
    serving = await Serving.open();
  });
  afterAll(() => serving.close());
  beforeEach(async () => {
    receiver = await openReceiver();
  });
  afterEach(() => receiver.close());

  const firstOutcome = async (accountId: string, messageId: string): Promise<unknown> => {
    let outcomes: readonly unknown[] = [];
    await until(async () => (outcomes = await serving.outcomes(accountId, messageId)).length > 0);
    return outcomes[0];
  };

  const endpointState = async (accountId: string): Promise<unknown> => {
    const { body } = await serving.send(`GET /v1/accounts/${accountId}/messages?limit=1`);
    return (body['items'] as { deliveries: { state: string }[] }[])[0]?.deliveries[0]?.state;
  };

  it.each<[string, Receiver['answer'], string]>([
    ['takes it', ok, 'delivered'],
    ['takes it without a word', (response) => void response.writeHead(204).end(), 'delivered'],
    ['fails', (response) => void response.writeHead(500).end('no'), 'refused'],
    ['sends elsewhere', (response) => void response.writeHead(302, { location: '/other' }).end(), 'redirected'],
    ['ends the connection', (response) => void response.socket?.end(), 'connection-failed'],
    ['resets the connection', (response) => void response.socket?.resetAndDestroy(), 'connection-failed'],
    ['answers garbage', (response) => void response.socket?.end('no HTTP at all\r\n\r\n'), 'bad-answer'],
  ])('who %s', async (_, answer, expected) => {
    receiver.answer = answer;
    const accountId = await serving.account();
    await serving.endpoint(accountId, receiver.url);
    const messageId = await serving.message(accountId);
    expect(await firstOutcome(accountId, messageId)).toBe(expected);
    expect(receiver.received[0]?.headers['webhook-signature']).toMatch(/^v1,/);
  });

  it('streams for ever: the status counts, and the rest is not read', async () => {
    receiver.answer = (response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
      response.on('close', () => clearInterval(timer)).on('error', () => undefined);
    };
    const accountId = await serving.account();
    await serving.endpoint(accountId, receiver.url);
    expect(await firstOutcome(accountId, await serving.message(accountId))).toBe('delivered');
  });

  it('says 410: the endpoint is disabled, and what comes later is held until somebody asks for it', async () => {
    receiver.answer = (response) => void response.writeHead(410).end();
    const accountId = await serving.account();
    const endpointId = await serving.endpoint(accountId, receiver.url);
    expect(await firstOutcome(accountId, await serving.message(accountId))).toBe('gone');
    await until(async () => {
      await serving.message(accountId);
      return (await endpointState(accountId)) === 'held';
    });
    receiver.answer = ok;
    const at = new Date().toISOString();
    await serving.append(accountId, { type: 'WebhookEndpointEnabled', endpointId, at });
    const log = 'select count(*)::int as count from webhooks.deliveries where state = any($1) and endpoint_id = $2';
    const held = await serving.pool.query<{ count: number }>(log, [['held', 'failed'], endpointId.slice(4)]);
    expect(held.rows[0]?.count).toBeGreaterThanOrEqual(2);
  });

  const failedSince = async (endpointId: string, since: string, last = '1 second'): Promise<void> => {
    const text = `update webhooks.health set failing_since = now() - $2::interval,
      last_failure_at = now() - $3::interval
      where endpoint_id = $1`;
    await serving.pool.query(text, [endpointId.slice(4), since, last]);
  };

  const failing = async () => {
    receiver.answer = (response) => void response.writeHead(500).end();
    const accountId = await serving.account();
    const endpointId = await serving.endpoint(accountId, receiver.url);
    await firstOutcome(accountId, await serving.message(accountId));
    return { accountId, endpointId };
  };

  it('has failed for five days: the endpoint is disabled, and once enabled the days count anew', async () => {
    const { accountId, endpointId } = await failing();
    await failedSince(endpointId, '5 days');
    await firstOutcome(accountId, await serving.message(accountId));
    await until(async () => {
      await serving.message(accountId);
      return (await endpointState(accountId)) === 'held';
    });
    await serving.append(accountId, { type: 'WebhookEndpointEnabled', endpointId, at: new Date().toISOString() });
    for (let times = 0; times < 3; times += 1) {
      await until(async () => {
        await serving.message(accountId);
        return (await endpointState(accountId)) === 'pending';
      });
      await firstOutcome(accountId, await serving.message(accountId));
    }
    expect(await serving.lastEventOf(accountId, endpointId)).toBe('WebhookEndpointEnabled');
  });

  it('failed once, days ago, and fails again: the endpoint is left alone', async () => {
    const { accountId, endpointId } = await failing();
    await failedSince(endpointId, '6 days', '6 days');
    await firstOutcome(accountId, await serving.message(accountId));
    await firstOutcome(accountId, await serving.message(accountId));
    expect(await serving.lastEventOf(accountId, endpointId)).toBe('WebhookEndpointRegistered');
  });

  it('is not reached because its account is suspended: the endpoint is left alone', async () => {
    const { accountId, endpointId } = await failing();
    const messageId = await serving.message(accountId);
    await firstOutcome(accountId, messageId);
    await failedSince(endpointId, '6 days');
    await serving.append(accountId, { type: 'AccountSuspended', at: new Date().toISOString() });
    // Once the second is told, all has come of the first that will.
    for (const times of [1, 2]) {
      await until(async () => {
        await serving.dueNow(messageId);
        const outcomes = await serving.outcomes(accountId, messageId);
        return outcomes.filter((each) => each === 'account-suspended').length >= times;
      });
    }
    expect(await serving.lastEventOf(accountId, endpointId)).toBe('WebhookEndpointRegistered');
  });

  it('is asked nothing without a secret to sign with, or while the account is suspended', async () => {
    const unsigned = await serving.account({ signs: false });
    await serving.endpoint(unsigned, receiver.url);
    expect(await firstOutcome(unsigned, await serving.message(unsigned))).toBe('no-secret');
    const suspended = await serving.account();
    await serving.endpoint(suspended, receiver.url);
    const at = new Date().toISOString();
    await serving.append(suspended, { type: 'AccountSuspended', at });
    const { body } = await serving.send(`POST /v1/accounts/${suspended}/messages`, { type: 'order.paid', payload: 1 });
    expect(body['code']).toBe('account-suspended');
    expect(receiver.received).toEqual([]);
  });

  it('gets nothing more once its endpoint is deleted', async () => {
    receiver.answer = (response) => void response.writeHead(500).end();
    const accountId = await serving.account();
    const endpointId = await serving.endpoint(accountId, receiver.url);
    await firstOutcome(accountId, await serving.message(accountId));
    await serving.append(accountId, { type: 'WebhookEndpointDeleted', endpointId, at: new Date().toISOString() });
    const seen = receiver.received.length;
    await until(async () => (await endpointState(accountId)) === 'cancelled');
    await serving.message(accountId);
    expect(receiver.received).toHaveLength(seen);
  });
});

describe('a message', () => {
  let serving: Serving;
  let receiver: Receiver;
  beforeAll(async () => {
    [serving, receiver] = [await Serving.open(), await openReceiver()];
  });
  afterAll(async () => {
    await serving.close();
    await receiver.close();
  });

  it('is accepted once, however often the same request comes', async () => {
    const accountId = await serving.account();
    await serving.endpoint(accountId, receiver.url);
    const request = (payload: unknown) =>
      serving.send(
        `POST /v1/accounts/${accountId}/messages`,
        { type: 'order.paid', payload },
        { 'idempotency-key': 'the-same-key-again' },
      );
    const replies = await Promise.all(Array.from({ length: 8 }, () => request(1)));
    expect(new Set(replies.map(({ body }) => body['messageId'])).size).toBe(1);
    expect(replies.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect((await request(2)).body['code']).toBe('idempotency-key-reused');
    await until(() => receiver.received.length === 1);
  });

  it('is in flight when its process stops: it is waited for, and goes on elsewhere', async () => {
    await serving.start();
    const accountId = await serving.account();
    const slow = await openReceiver(
      (response) => void setTimeout(() => ok(response, { id: '', body: '', headers: {} }, 0), 300),
    );
    await serving.endpoint(accountId, slow.url);
    const sent = await Promise.all(Array.from({ length: 30 }, () => serving.message(accountId)));
    await until(() => slow.received.length > 0);
    await serving.stopLast();
    await until(async () => {
      const { body } = await serving.send(`GET /v1/accounts/${accountId}/messages?state=pending`);
      return (body['items'] as unknown[]).length === 0;
    });
    expect([...new Set(slow.received.map(({ id }) => id))].sort()).toEqual([...sent].sort());
    await slow.close();
  });
});
