import { Sender } from '../src/index.js';
import { PUBLIC, PUBLIC_V6, publicAddresses, specialAddresses } from './addresses.js';
import { hostileUrls } from './hostile-urls.js';
import { ok, Receiver } from './receiver.js';

/** Listens at all addresses of this machine, of both families. */
let inside: Receiver;
let port: number;
beforeAll(async () => {
  inside = await Receiver.open(ok, { host: '::' });
  port = inside.port;
});
afterAll(() => inside.close());
afterEach(() => expect(inside.connections).toBe(0));

interface Counts {
  asked: string[];
  dialled: string[];
}

/** A sender of which each name leads to these addresses, and that connects to nothing of the internet. */
const senderTo = (addresses: readonly string[], counts: Counts, connects = false): Sender => {
  const resolve = async (name: string): Promise<readonly string[]> => {
    counts.asked.push(name);
    return addresses;
  };
  const refuse = (dialled: readonly string[]): never => {
    counts.dialled.push(...dialled);
    throw new Error('not in a test');
  };
  const settings = { allowLoopback: false, ports: [port], proxy: null };
  return new Sender(settings, connects ? { resolve } : { resolve, dial: refuse });
};

const hostile = Object.values(hostileUrls).flat();

it.each(hostile)('calls nobody for %j', async (url) => {
  const counts: Counts = { asked: [], dialled: [] };
  const sender = senderTo(['::1', '127.0.0.1'], counts, true);
  const answer = await sender.send(url.replace('PORT', String(port)), {}, '{}');
  expect(answer).toMatchObject({ outcome: 'refused-url', status: null, body: '' });
  expect(counts).toEqual({ asked: [], dialled: [] });
  await sender.close();
});

describe.each(specialAddresses)('a name that leads to %j', (address) => {
  it.each([
    ['alone', [address]],
    ['before a public one', [address, PUBLIC, PUBLIC_V6]],
    ['after a public one', [PUBLIC_V6, PUBLIC, address]],
    ['after many public ones', [...Array.from({ length: 300 }, () => PUBLIC), address]],
  ])('%s is not called', async (_, addresses) => {
    const counts: Counts = { asked: [], dialled: [] };
    const sender = senderTo(addresses, counts, true);
    const answer = await sender.send(`https://hooks.example.com:${port}/`, {}, '{}');
    expect(answer).toMatchObject({ outcome: 'refused-address', status: null, body: '' });
    expect(counts.asked).toEqual(['hooks.example.com']);
    await sender.close();
  });
});

it.each(publicAddresses)('would call a name that leads to %s, and that address alone', async (address) => {
  const counts: Counts = { asked: [], dialled: [] };
  const sender = senderTo([address], counts);
  expect(await sender.send('https://hooks.example.com/', {}, '{}')).toMatchObject({ outcome: 'connection-failed' });
  expect(counts).toEqual({ asked: ['hooks.example.com'], dialled: [address] });
  await sender.close();
});

it('tries a few of many addresses, of both families', async () => {
  const counts: Counts = { asked: [], dialled: [] };
  const sender = senderTo([...publicAddresses, ...publicAddresses], counts);
  expect(await sender.send('https://hooks.example.com/', {}, '{}')).toMatchObject({ outcome: 'connection-failed' });
  expect(counts.dialled).toEqual(['1.0.0.0', '8.8.8.8', '2001:200::', '2001:db7:ffff::']);
  await sender.close();
});

it('calls nobody for a name that leads nowhere', async () => {
  const counts: Counts = { asked: [], dialled: [] };
  const sender = senderTo([], counts);
  expect(await sender.send('https://hooks.example.com/', {}, '{}')).toMatchObject({ outcome: 'no-address' });
  expect(counts.dialled).toEqual([]);
  await sender.close();
});

it('asks DNS, not the names that this machine has for itself', async () => {
  const sender = new Sender({ allowLoopback: true, ports: [port], proxy: null });
  const answer = await sender.send(`https://name-of-nobody.invalid:${port}/`, {}, '{}');
  expect(answer).toMatchObject({ outcome: 'no-address' });
  await sender.close();
});

it('waits no longer than it may for a resolver that is silent', async () => {
  const resolve = (_name: string, signal: AbortSignal): Promise<readonly string[]> =>
    new Promise((end) => signal.addEventListener('abort', () => end([])));
  const settings = { allowLoopback: false, ports: [], proxy: null };
  const sender = new Sender(settings, { resolve, deadlineMs: 100 });
  expect(await sender.send('https://hooks.example.com/', {}, '{}')).toMatchObject({ outcome: 'timeout' });
  await sender.close();
});
