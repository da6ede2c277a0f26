import { Deliverer, openDatabase, schemas, until, type Database } from './deliverer.js';
import { openReceiver, type Receiver } from './receiver.js';

describe('the queue of deliveries', () => {
  let database: Database;
  let receiver: Receiver;
  const deliverers: Deliverer[] = [];

  const start = (...parameters: ConstructorParameters<typeof Deliverer> extends [unknown, ...infer R] ? R : never) => {
    const deliverer = new Deliverer(database, ...parameters);
    deliverers.push(deliverer);
    return deliverer;
  };

  beforeEach(async () => {
    database = await openDatabase();
    receiver = await openReceiver();
  });

  afterEach(async () => {
    await Promise.all(deliverers.splice(0).map((deliverer) => deliverer.stop()));
    await receiver.close();
    await database.drop();
  });

  const settled = async (): Promise<boolean> => (await database.states())['pending'] === undefined;

  it('brings each message to its endpoint once, whichever of two processes does it', async () => {
    start();
    start();
    const endpoints = Array.from({ length: 10 }, () => database.endpoint(receiver.url));
    const sent = await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        database.send(endpoints[index % 10] ?? database.endpoint(receiver.url)),
      ),
    );
    await until(settled);
    expect(receiver.received.map(({ id }) => id).sort()).toEqual([...sent].sort());
    const { rows } = await database.pool.query(`select outcome, count::int from ${schemas.webhooks}.days`);
    expect(rows.reduce((sum: number, row: { count: number }) => sum + row.count, 0)).toBe(300);
  });

  it('keeps the bytes of the payload', async () => {
    start();
    const payload = '{"b": 1.50, "a" : [12345678901234567890,"é\\u00e9"]}';
    await database.send(database.endpoint(receiver.url), { payload: Buffer.from(payload) });
    await until(settled);
    expect(receiver.received[0]?.body).toBe(payload);
  });

  it('tries again with the same id as the schedule says, and gives up after the last attempt', async () => {
    receiver.answer = (response) => void response.writeHead(500).end('no');
    start({ now: () => new Date(), random: () => 0.5, delaysMs: [20, 30] });
    const id = await database.send(database.endpoint(receiver.url));
    await until(settled);
    expect(await database.states()).toEqual({ failed: 1 });
    expect(receiver.received.map((one) => one.id)).toEqual([id, id, id]);
    const { rows } = await database.pool.query(
      `select number, outcome, status, answer from ${schemas.webhooks}.attempts order by number`,
    );
    expect(rows).toEqual([1, 2, 3].map((number) => ({ number, outcome: 'refused', status: 500, answer: 'no' })));
  });

  it('goes on after the database has cut all connections, and tells of each once', async () => {
    const deliverer = start();
    const endpoint = database.endpoint(receiver.url);
    await database.send(endpoint);
    await until(settled);
    const text =
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = $1';
    await database.pool.query(text, [new URL(database.url).pathname.slice(1)]);
    await until(() =>
      database.send(endpoint).then(
        () => true,
        () => false,
      ),
    );
    await until(async () => receiver.received.length >= 2 && (await settled()));
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(2);
    await until(() => deliverer.informed.length > 0);
    expect(deliverer.informed).toEqual(['The queue of webhooks runs again.']);
    expect(deliverer.warnings.filter((line) => line.includes('does not run now'))).toHaveLength(1);
    expect(deliverer.warnings.filter((line) => line.includes('Worker exited'))).toEqual([]);
  });

  it('sends nothing more to an endpoint that is deleted, and holds what is for one that is disabled', async () => {
    const [deleted, disabled] = [database.endpoint(receiver.url), database.endpoint(receiver.url)];
    database.accounts.urls.delete(deleted.endpointId);
    database.accounts.disabled.add(disabled.endpointId);
    await database.send(deleted);
    await database.send(disabled);
    start();
    await until(settled);
    expect(await database.states()).toEqual({ cancelled: 1, held: 1 });
    expect(receiver.received).toEqual([]);
  });

  it('sends to others while one receiver never answers', async () => {
    receiver.answer = () => undefined;
    const quick = await openReceiver();
    start();
    const slow = database.endpoint(receiver.url);
    await Promise.all(Array.from({ length: 40 }, () => database.send(slow)));
    await database.send(database.endpoint(quick.url));
    await until(() => quick.received.length === 1);
    expect(receiver.received.length).toBeLessThanOrEqual(8);
    await Promise.all([receiver.close(), quick.close()]);
    receiver = await openReceiver();
  });

  it('sends to others while more receivers never answer than it begins to send to at a time', async () => {
    receiver.answer = () => undefined;
    const quick = await openReceiver();
    start();
    const slow = Array.from({ length: 100 }, () => database.endpoint(receiver.url));
    await Promise.all(slow.map((endpoint) => database.send(endpoint)));
    await until(() => receiver.received.length >= 16);
    await database.send(database.endpoint(quick.url));
    await until(() => quick.received.length === 1 && receiver.received.length === 100);
    await until(async () => (await database.states())['delivered'] === 1);
    expect(await database.states()).toEqual({ delivered: 1, pending: 100 });
    await Promise.all([receiver.close(), quick.close()]);
    receiver = await openReceiver();
  });

  it('sends to others while one account has more receivers that never answer than its share', async () => {
    receiver.answer = () => undefined;
    const quick = await openReceiver();
    start();
    const accountId = database.endpoint(receiver.url).accountId;
    const slow = Array.from({ length: 50 }, () => database.endpoint(receiver.url, accountId));
    await Promise.all(slow.map((endpoint) => database.send(endpoint)));
    await until(() => receiver.received.length >= 8);
    await Promise.all(Array.from({ length: 20 }, () => database.send(database.endpoint(quick.url))));
    await until(() => quick.received.length === 20);
    expect(receiver.received).toHaveLength(8);
    await Promise.all([receiver.close(), quick.close()]);
    receiver = await openReceiver();
  });
});
