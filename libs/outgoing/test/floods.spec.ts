import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { CertificateAuthority } from '@keyledger/testing';
import { Sender, type Answer } from '../src/index.js';
import { PUBLIC } from './addresses.js';
import { Receiver } from './receiver.js';

/** Of what lies between the receiver and the one who reads, something more may have come. */
const MOST_READ = 1_048_576;
/** None of the calls ends by it. */
const DEADLINE_MS = 60_000;

let directory: string;
let ca: string;
let tls: TlsOptions;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'keyledger-floods-'));
  const authority = await CertificateAuthority.make(directory);
  ca = await readFile(authority.cert, 'utf8');
  const { cert, key } = await authority.issue('hooks', { names: 'DNS:hooks.example.com' });
  tls = { cert: await readFile(cert), key: await readFile(key) };
});
afterAll(() => rm(directory, { recursive: true, force: true }));

let receiver: Receiver;
let sender: Sender;
let dialled: Socket[];
beforeEach(() => {
  dialled = [];
  const dial = (): Socket => {
    const socket = connect(receiver.port, '127.0.0.1');
    dialled.push(socket);
    return socket;
  };
  const settings = { allowLoopback: true, ports: [], proxy: null };
  sender = new Sender(settings, { ca, dial, resolve: async () => [PUBLIC], deadlineMs: DEADLINE_MS });
});
afterEach(async () => {
  receiver.close();
  await sender.close();
});

/** Writes the first bytes, and then the others without end. */
const pour = (socket: Socket, first: string, others: string): void => {
  const more = (): void => {
    while (!socket.destroyed && socket.write(others));
  };
  socket.on('drain', more);
  socket.write(first);
  more();
};

const post = (url: string): Promise<Answer> => sender.send(url, {}, '{}');
const read = (): number => dialled.reduce((bytes, socket) => bytes + socket.bytesRead, 0);

const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
const bad = { outcome: 'bad-answer', status: null, body: '' };
const hints = `HTTP/1.1 103 Early Hints\r\nlink: <${'a'.repeat(8_000)}>\r\n\r\n`;

const floods: readonly (readonly [string, string, string, object])[] = [
  ['early hints', '', hints, bad],
  ['small early hints', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100), bad],
  ['empty lines before a status', '', '\r\n'.repeat(5_000), bad],
  ['a reason without end', 'HTTP/1.1 200 ', 'a'.repeat(10_000), bad],
  ['a chunk extension without end', `${chunked}1;`, 'a'.repeat(10_000), { outcome: 'answered', status: 200, body: '' }],
  [
    'long extensions of short chunks',
    chunked,
    `1;${'b'.repeat(16_000)}\r\na\r\n`,
    { outcome: 'answered', status: 200, body: expect.stringMatching(/^a{1,16}$/) as string },
  ],
];

describe.each([
  ['TCP', () => ({}), () => receiver.url],
  ['TLS', () => ({ tls }), () => 'https://hooks.example.com/'],
])('over %s', (_, options, url) => {
  it.each(floods)('reads little of %s', async (__, first, others, answer) => {
    receiver = await Receiver.open((socket) => pour(socket, first, others), options());
    expect(await post(url())).toMatchObject(answer);
    await receiver.quiet();
    expect(read()).toBeLessThan(MOST_READ);
  });

  it('reads as much of each answer anew', async () => {
    const body = 'a'.repeat(60_000);
    const bytes = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    receiver = await Receiver.open((socket) => socket.write(bytes), options());
    for (let n = 0; n < 20; n += 1) {
      expect(await post(url())).toMatchObject({ outcome: 'answered', body: 'a'.repeat(1_024) });
    }
    expect(receiver.connections).toBeLessThanOrEqual(2);
  });
});
