import { once } from 'node:events';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { generateToken, mask } from '@keyledger/secrets';
import { Sender, type Answer } from '../src/index.js';
import { ok, Receiver, respond } from './receiver.js';

const development = { allowLoopback: true, ports: [], proxy: null };
const headers = { 'content-type': 'application/json', 'webhook-id': 'msg_1' };

/** No long wait for what never comes. */
const SHORT_MS = 1_000;
/** For what comes, however busy the machine is. */
const LONG_MS = 60_000;

let sender: Sender;
let receiver: Receiver;

beforeEach(() => {
  sender = new Sender(development, { deadlineMs: LONG_MS });
});
afterEach(async () => {
  await sender.close();
  receiver.close();
});

const sendTo = async (...wanted: Parameters<typeof Receiver.open>): Promise<Answer> => {
  receiver = await Receiver.open(...wanted);
  return sender.send(receiver.url, headers, '{"a":"ä"}');
};

const sendInVain = (...wanted: Parameters<typeof Receiver.open>): Promise<Answer> => {
  sender = new Sender(development, { deadlineMs: SHORT_MS });
  return sendTo(...wanted);
};

const answered = (status: number, body: unknown = expect.any(String)) => ({
  outcome: 'answered',
  status,
  durationMs: expect.any(Number) as number,
  body,
});
const failed = (outcome: string) => ({ outcome, status: null, durationMs: expect.any(Number) as number, body: '' });

it('posts the body as it is, and says what came back', async () => {
  expect(await sendTo(ok)).toEqual(answered(200, 'fine'));
  const [head = '', body] = receiver.requests[0]?.split('\r\n\r\n') ?? [];
  expect(Buffer.from(body ?? '', 'latin1').toString()).toBe('{"a":"ä"}');
  expect(head.split('\r\n').toSorted()).toEqual([
    'POST /hooks?a=b HTTP/1.1',
    'accept-encoding: identity',
    'connection: keep-alive',
    'content-length: 10',
    'content-type: application/json',
    `host: 127.0.0.1:${receiver.port}`,
    'webhook-id: msg_1',
  ]);
});

it('keeps connections for the next calls, and closes them when the receiver would', async () => {
  await sendTo(respond('200 OK\r\nkeep-alive: timeout=2', 'fine'));
  for (let n = 0; n < 10; n += 1) expect(await sender.send(receiver.url, headers, '{}')).toEqual(answered(200));
  // Two: the one of the last answer is not free again in the very moment of the answer.
  expect(receiver.connections).toBeLessThanOrEqual(2);
  await receiver.quiet();
});

it.each([
  ['201 Created', 201],
  ['204 No Content', 204],
  ['400 Bad Request', 400],
  ['410 Gone', 410],
  ['500 Internal Server Error', 500],
  ['999 Whatever', 999],
])('says the status of %s', async (head, status) => {
  const react = head.startsWith('204') ? respond('204 No Content\r\nx: y').bind(null) : respond(head);
  expect(await sendTo(react)).toEqual(answered(status, ''));
});

it.each([301, 302, 303, 307, 308])('follows no redirect (%d)', async (status) => {
  const inside = await Receiver.open(ok);
  expect(await sendTo(respond(`${status} Moved\r\nlocation: ${inside.url}`))).toEqual(answered(status));
  expect(await sender.send(receiver.url, headers, '{}')).toEqual(answered(status));
  expect(inside.connections).toBe(0);
  inside.close();
});

it('minds no early hints', async () => {
  const react = (socket: { write(text: string): void }) => {
    socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n');
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
  };
  expect(await sendTo(react)).toEqual(answered(200));
});

it.each([
  ['continue, unasked', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ['another protocol, unasked', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
  ['garbage', '\u0000\u0001\u0002 what is this?\r\n\r\n'],
  ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['HTTP/2', '\u0000\u0000\u0006\u0004\u0000\u0000\u0000\u0000\u0000\u0000\u0003\u0000\u0000\u0000\u0064'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'],
  ['huge headers', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`],
  ['too many headers', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}\r\n\r\n`],
])('takes %s for a bad answer', async (_, bytes) => {
  expect(await sendTo((socket) => socket.write(bytes, 'latin1'))).toEqual(failed('bad-answer'));
  await receiver.quiet();
});

it.each([
  ['closes', (socket: { end(): void }) => socket.end()],
  ['resets', (socket: { resetAndDestroy(): void }) => socket.resetAndDestroy()],
  ['closes within its headers', (socket: { end(text: string): void }) => socket.end('HTTP/1.1 200 OK\r\nx: y')],
])('says that the connection failed where a receiver %s', async (_, react) => {
  expect(await sendTo(react)).toEqual(failed('connection-failed'));
});

it('says that the connection failed where nobody listens', async () => {
  receiver = await Receiver.open(ok);
  const url = receiver.url;
  receiver.close();
  expect(await sender.send(url, headers, '{}')).toEqual(failed('connection-failed'));
});

it.each([
  ['says nothing', () => undefined],
  ['says only hints', (socket: { write(text: string): void }) => socket.write('HTTP/1.1 102 Processing\r\n\r\n')],
  ['begins an answer', (socket: { write(text: string): void }) => socket.write('HTTP/1.1 200 OK\r\n')],
])('gives up a receiver that %s, and its connection', async (_, react) => {
  expect(await sendInVain(react)).toEqual(failed('timeout'));
  await receiver.quiet();
});

it('gives up a receiver that drips its headers', async () => {
  const dripping = sendInVain((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const timer = setInterval(() => socket.write('x: y\r\n'), 20);
    socket.on('close', () => clearInterval(timer));
  });
  expect(await dripping).toEqual(failed('timeout'));
  await receiver.quiet();
});

describe('once there is a status, it counts', () => {
  const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';

  it('though the body drips for ever', async () => {
    const dripping = sendInVain((socket) => {
      socket.write(head);
      const timer = setInterval(() => socket.write('1\r\na\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const answer = await dripping;
    expect(answer).toEqual(answered(200, expect.stringMatching(/^a+$/)));
    expect(answer.durationMs).toBeGreaterThanOrEqual(SHORT_MS - 1);
    await receiver.quiet();
  });

  it('though the body never ends, which is cut off at 64 KiB', async () => {
    const chunk = `4000\r\n${'a'.repeat(0x4000)}\r\n`;
    const pour = (socket: { write(text: string): boolean; destroyed: boolean }): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    const answer = await sendTo((socket) => {
      socket.on('drain', () => pour(socket));
      socket.write(head);
      pour(socket);
    });
    expect(answer).toEqual(answered(200, 'a'.repeat(1_024)));
    await receiver.quiet();
  });

  it.each([
    ['is reset', (socket: { resetAndDestroy(): void }) => socket.resetAndDestroy()],
    ['is cut off', (socket: { end(): void }) => socket.end()],
    ['is garbage', (socket: { write(text: string): void }) => socket.write('what?')],
  ])('though the body %s', async (_, react) => {
    const answer = await sendTo((socket) => {
      socket.write(`${head}4\r\nfine\r\n`, () => setTimeout(() => react(socket as never), 50));
    });
    expect(answer).toEqual(answered(200, 'fine'));
  });

  it('though more comes than was said', async () => {
    await sendTo((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nfineHTTP/1.1 500 No\r\n\r\n'));
    const answer = await sender.send(receiver.url, headers, '{}');
    expect(answer).toEqual(answered(200, 'fi'));
  });
});

describe('the answer', () => {
  it('is not decompressed', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    const answer = await sendTo((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    });
    expect(answer).toEqual(answered(200));
    expect(Buffer.byteLength(answer.body)).toBeLessThanOrEqual(1_024);
    expect(answer.body).not.toContain('\0');
  });

  it('is text, whatever its bytes are', async () => {
    const bytes = Buffer.concat([Buffer.from('a\0ü'), Buffer.of(0xff, 0xc3)]);
    const answer = await sendTo((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n`);
      socket.write(bytes);
    });
    expect(answer.body).toBe('a\ufffdü\ufffd\ufffd');
  });

  it('is cut between characters', async () => {
    expect((await sendTo(respond('200 OK', `a${'ü'.repeat(2_000)}`))).body).toBe(`a${'ü'.repeat(511)}`);
  });

  it.each([0, 900, 990, 1_000, 1_023, 1_024, 1_200, 1_250])('shows no secret of ours that begins at %d', async (at) => {
    const secret = generateToken('kcs');
    const { body } = await sendTo(respond('200 OK', `${'.'.repeat(at)}${secret}${'.'.repeat(2_000)}`));
    expect(body).toMatch(/^\.*(kcs_)?…?/);
    for (let from = 4; from < secret.length - 4; from += 1) expect(body).not.toContain(secret.slice(from, from + 5));
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(1_024);
    if (at === 0) expect(body).toContain(mask(secret));
  });
});

it('rejects what its caller cancels, and gives up the connection', async () => {
  receiver = await Receiver.open(() => undefined);
  const controller = new AbortController();
  const sending = sender.send(receiver.url, headers, '{}', { signal: controller.signal });
  setTimeout(() => controller.abort(new Error('shutting down')), 50);
  await expect(sending).rejects.toThrow('shutting down');
  await receiver.quiet();
  await expect(sender.send(receiver.url, headers, '{}', { signal: controller.signal })).rejects.toThrow(
    'shutting down',
  );
});

it('rejects headers that are none, and calls after its end', async () => {
  receiver = await Receiver.open(ok);
  await expect(sender.send(receiver.url, { a: 'b\r\nc: d' }, '{}')).rejects.toThrow('invalid a header');
  const closed = new Sender(development);
  await closed.close();
  await expect(closed.send(receiver.url, headers, '{}')).rejects.toThrow(/closed|destroyed/);
  expect(receiver.connections).toBe(0);
});

describe('many calls to one origin', () => {
  const MANY = 600;
  const sendMany = (count: number): Promise<readonly Answer[]> =>
    Promise.all(Array.from({ length: count }, () => sender.send(receiver.url, headers, '{}')));

  it('wait for none of the others', async () => {
    const waiting: (() => void)[] = [];
    receiver = await Receiver.open((socket, request) => {
      waiting.push(() => ok(socket, request));
      if (waiting.length === MANY) for (const answer of waiting.splice(0)) answer();
    });
    expect(new Set((await sendMany(MANY)).map(({ outcome }) => outcome))).toEqual(new Set(['answered']));
    expect(receiver.requests).toHaveLength(MANY);
  });

  it('are all sent, and each is over in its own time, where nobody answers', async () => {
    sender = new Sender(development, { deadlineMs: 3_000 });
    let isSilent = true;
    receiver = await Receiver.open((socket, request) => {
      if (!isSilent) ok(socket, request);
    });
    expect(new Set((await sendMany(300)).map(({ outcome }) => outcome))).toEqual(new Set(['timeout']));
    expect(receiver.requests).toHaveLength(300);
    isSilent = false;
    expect(await sendMany(20)).toEqual(Array.from({ length: 20 }, () => answered(200)));
  });

  it('are each over in its own time where no connection stands', async () => {
    const deadlineMs = 1_000;
    const sockets: Socket[] = [];
    const dial = (): Socket => {
      const socket = new Socket();
      sockets.push(socket);
      return socket;
    };
    sender = new Sender(development, { deadlineMs, dial });
    receiver = await Receiver.open(ok);
    const first = sendMany(300);
    await sleep(deadlineMs / 2);
    const answers = await Promise.all([first, sendMany(300)]);
    expect(sockets).toHaveLength(600);
    for (const answer of answers.flat()) expect(answer).toEqual(failed('timeout'));
    // Each connection that did not stand is given up as well.
    for (const socket of sockets) if (!socket.closed) await once(socket, 'close');
  });
});

it('reaches a receiver that listens at one address of the machine alone', async () => {
  receiver = await Receiver.open(ok, { host: '::1' });
  expect(await sender.send(`http://localhost:${receiver.port}/`, headers, '{}')).toEqual(answered(200));
  expect(await sender.send(`http://[::1]:${receiver.port}/`, headers, '{}')).toEqual(answered(200));
});

it('takes no proxy from the environment', async () => {
  const proxy = await Receiver.open(ok);
  const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
  for (const name of names) process.env[name] = name.startsWith('NODE') ? '1' : proxy.url;
  try {
    const other = new Sender(development, { deadlineMs: LONG_MS });
    receiver = await Receiver.open(ok);
    expect(await other.send(receiver.url, headers, '{}')).toEqual(answered(200));
    expect(proxy.connections).toBe(0);
    await other.close();
  } finally {
    for (const name of names) delete process.env[name];
    proxy.close();
  }
});
