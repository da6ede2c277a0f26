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
    const slow = Array.from({ length: 400 }, () => database.endpoint(receiver.url));
    await Promise.all(slow.map((endpoint) => database.send(endpoint)));
    await until(() => receiver.received.length === 400);
    await database.send(database.endpoint(quick.url));
    await until(async () => (await database.states())['delivered'] === 1);
    expect(quick.received).toHaveLength(1);
    expect(await database.states()).toEqual({ delivered: 1, pending: 400 });
    await Promise.all([receiver.close(), quick.close()]);
    receiver = await openReceiver();
  });

  it('sends to others, of the account too, while many of its receivers never answer', async () => {
    receiver.answer = () => undefined;
    const quick = await openReceiver();
    start();
    const { accountId } = database.endpoint(receiver.url);
    const slow = Array.from({ length: 49 }, () => database.endpoint(receiver.url, accountId));
    await Promise.all(slow.flatMap((endpoint) => Array.from({ length: 8 }, () => database.send(endpoint))));
    await until(() => receiver.received.length >= 49);
    await database.send(database.endpoint(quick.url, accountId));
    await Promise.all(Array.from({ length: 20 }, () => database.send(database.endpoint(quick.url))));
    await until(() => quick.received.length === 21);
    // An eighth of what a process may have on their way.
    expect(receiver.received.length).toBeLessThanOrEqual(128);
    await Promise.all([receiver.close(), quick.close()]);
    receiver = await openReceiver();
  });

  it('sends what it can beside messages that an endpoint never answers', async () => {
    const hanging = new Set<string>();
    receiver.answer = (response, { id }) => {
      if (hanging.size === 0) hanging.add(id);
      else if (!hanging.has(id)) response.writeHead(204).end();
    };
    start();
    const endpoint = database.endpoint(receiver.url);
    await Promise.all(Array.from({ length: 100 }, () => database.send(endpoint)));
    await until(async () => (await database.states())['delivered'] === 99);
    const [id = ''] = hanging;
    expect(receiver.received.filter((one) => one.id === id)).toHaveLength(1);
    await receiver.close();
    receiver = await openReceiver();
  });

  it('sends what is new beside what fails slowly each time it is tried again', async () => {
    const hanging = new Set<string>();
    let isDown = true;
    receiver.answer = (response, { id }) => {
      if (!isDown && !hanging.has(id)) response.writeHead(204).end();
      else if (hanging.has(id)) return;
      else {
        hanging.add(id);
        response.writeHead(500).end();
      }
    };
    start({ now: () => new Date(), random: () => 0.5, delaysMs: [100, 60_000] });
    const endpoint = database.endpoint(receiver.url);
    await Promise.all(Array.from({ length: 30 }, () => database.send(endpoint)));
    await until(() => hanging.size === 30);
    isDown = false;
    // Each is tried again by now, and holds its place.
    await until(() => receiver.received.length >= 34);
    const sent = await Promise.all(Array.from({ length: 50 }, () => database.send(endpoint)));
    await until(async () => (await database.states())['delivered'] === 50);
    expect(receiver.received.filter(({ id }) => hanging.has(id))).toHaveLength(34);
    expect(receiver.received.filter(({ id }) => sent.includes(id))).toHaveLength(50);
    await receiver.close();
    receiver = await openReceiver();
  });
});
