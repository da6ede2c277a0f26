import { connect } from 'node:http2';
import { status, type ClientDuplexStream } from '@grpc/grpc-js';
import type { IssuedCredentialReply } from '@keyledger/contract';
import { eventually } from '../harness/eventually.js';
import { encodeMessage, protos } from '../harness/grpc-messages.js';
import type { Json } from '../harness/http-client.js';
import { newJourney } from '../harness/journey.js';
import { METRICS_TOKEN } from '../harness/program.js';
import { sharedServer } from '../harness/shared-server.js';
import { metadataWith, verificationClient } from './verdict-doors.js';

const visit = sharedServer();
const clients: ReturnType<typeof verificationClient>[] = [];
let key: string;

beforeAll(async () => {
  const journey = await newJourney(visit, visit.doors[0]);
  const fields = { type: 'api_key', mode: 'test' };
  const { secret } = await journey.does<IssuedCredentialReply>('CredentialService/CreateCredential', fields);
  key = `${secret['key']}`;
});

afterAll(() => {
  clients.forEach((client) => client.close());
  visit.close();
});

type Stream = ClientDuplexStream<Json, Json>;

/** On a connection of its own: what is not read on one stream takes up the window of all on its connection. */
const open = async (ttl = '1h'): Promise<Stream> => {
  const client = verificationClient(visit.server.grpcAddress);
  clients.push(client);
  const subject = `stream-${ttl}-${Math.random()}`;
  return client.verifyStream(metadataWith(await visit.token({ roles: ['verifier'], ttl, subject })));
};

const codesOf = async (stream: Stream): Promise<readonly unknown[]> => {
  const codes: unknown[] = [];
  for await (const reply of stream) codes.push((reply as Json)['code']);
  return codes;
};

/** All verdicts that the server has given. */
const given = async (): Promise<number> => {
  const { text } = await visit.http.get('/metrics', { token: METRICS_TOKEN });
  const counts = [...text.matchAll(/^keyledger_verdicts_total\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
};

/** The number of verdicts once it has stopped to grow. */
const settled = async (): Promise<number> => {
  let before = -1;
  let looks = 0;
  return eventually(async () => {
    const now = await given();
    looks = now === before ? looks + 1 : 0;
    before = now;
    return looks < 5 ? { seen: now } : { answer: now, seen: now };
  });
};

const question = (index: number): Json => (index % 3 === 0 ? { credential: key } : {});
const answer = (index: number): string => (index % 3 === 0 ? 'VALID' : 'MALFORMED');

/** As the bytes of a stream: each message with its length before it. */
const framed = (messages: readonly Json[]): Buffer =>
  Buffer.concat(
    messages.flatMap((message) => {
      const bytes = encodeMessage(protos.lookupType('keyledger.v1.VerifyRequest'), message);
      const head = Buffer.alloc(5);
      head.writeUInt32BE(bytes.length, 1);
      return [head, bytes];
    }),
  );

it('does not read without bound from a client that does not read', async () => {
  const MANY = 20_000;
  const before = await settled();
  const session = connect(`http://${visit.server.grpcAddress}`);
  const authorization = `Bearer ${await visit.token({ roles: ['verifier'] })}`;
  const path = '/keyledger.v1.VerificationService/VerifyStream';
  const headers = {
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    authorization,
  };
  const stream = session.request(headers).pause();
  stream.on('error', () => undefined);
  stream.write(framed(Array.from({ length: MANY }, () => question(0))));
  const answered = (await settled()) - before;
  session.destroy();
  expect(answered).toBeGreaterThan(0);
  expect(answered).toBeLessThan(MANY / 2);
});

it('answers in the order of the questions', async () => {
  const stream = await open();
  for (let index = 0; index < 300; index += 1) stream.write(question(index));
  stream.end();
  expect(await codesOf(stream)).toEqual(Array.from({ length: 300 }, (_, index) => answer(index)));
});

const codeOfEnd = (stream: Stream): Promise<unknown> =>
  new Promise((resolve) => stream.on('error', ({ code }: Error & { code?: unknown }) => resolve(code)));

it('ends with the token while it idles', async () => {
  const stream = await open('3s');
  stream.write(question(0));
  stream.once('data', () => undefined);
  expect(await codeOfEnd(stream)).toBe(status.UNAUTHENTICATED);
});

it('ends with the token while the client does not read', async () => {
  const stream = await open('4s');
  const end = codeOfEnd(stream);
  for (let index = 0; index < 3_000; index += 1) stream.write(question(0));
  const before = await settled();
  stream.on('data', () => undefined);
  expect([await end, before > 0]).toEqual([status.UNAUTHENTICATED, true]);
});
