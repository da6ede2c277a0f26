import { randomBytes, randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type { IssuedCredentialReply } from '@keyledger/contract';
import type { HttpReply, Json } from '../harness/http-client.js';
import { newJourney, type Journey } from '../harness/journey.js';
import { sendRaw } from '../harness/raw-http.js';
import { sharedServer } from '../harness/shared-server.js';
import { ExtAuthzClient } from './ext-authz-client.js';
import { metadataWith, verificationClient } from './verdict-doors.js';

/** Failed verdicts that an end client may have in a minute, where nothing else is set. */
const LIMIT = 200;

const visit = sharedServer();
let journey: Journey;
let client: ReturnType<typeof verificationClient>;
let token: string;
let key: string;

beforeAll(async () => {
  journey = await newJourney(visit, visit.doors[0]);
  client = verificationClient(visit.server.grpcAddress);
  token = await visit.token({ roles: ['verifier'] });
  const fields = { type: 'api_key', mode: 'test' };
  const { secret } = await journey.does<IssuedCredentialReply>('CredentialService/CreateCredential', fields);
  key = `${secret['key']}`;
});

afterAll(() => {
  client.close();
  visit.close();
});

/** Nobody else has them. */
const newIp = (): string => `10.${[...randomBytes(3)].join('.')}`;

const post = (path: string, body: Json): Promise<HttpReply<Json>> => visit.http.post(path, body, { token });

const codesOf = ({ items }: Json): readonly unknown[] => (items as Json[]).map(({ code }) => code);

const batch = async (items: readonly Json[]): Promise<readonly unknown[]> => {
  const answer = await post('/v1/verify/batch', { items });
  expect(answer.status).toBe(200);
  return codesOf(answer.body);
};

const times = <T>(count: number, one: T): readonly T[] => Array.from({ length: count }, () => one);

const batchOverGrpc = (items: readonly Json[]): Promise<Json> =>
  new Promise((resolve, reject) => {
    client.verifyBatch({ items }, metadataWith(token), (error, reply) =>
      error === null ? resolve(reply) : reject(error),
    );
  });

const stream = async (messages: readonly Json[]): Promise<readonly unknown[]> => {
  const call = client.verifyStream(metadataWith(token));
  for (const message of messages) call.write(message);
  call.end();
  const codes: unknown[] = [];
  for await (const reply of call) codes.push((reply as Json)['code']);
  return codes;
};

describe('an end client that is over its limit', () => {
  it('is told "not now" among others, and costs them no answer', async () => {
    const [guessing, other] = [newIp(), newIp()];
    const items = [...times(LIMIT + 10, { ip: guessing }), { credential: key, ip: other }];
    expect(await batch(items)).toEqual([...times(LIMIT, 'MALFORMED'), ...times(10, 'STALE'), 'VALID']);
    expect((await post('/v1/verify', { credential: key, ip: guessing })).status).toBe(429);

    // However the address is written, it is the same client.
    const forms = [
      guessing,
      `::ffff:${guessing}`,
      `::ffff:${Buffer.from(guessing.split('.').map(Number)).toString('hex')}`,
    ];
    const written = forms.map((form) => form.replace(/^::ffff:([0-9a-f]{4})([0-9a-f]{4})$/, '::ffff:$1:$2'));
    const asked = [
      { credential: key, ip: other },
      ...written.map((ip) => ({ credential: key, ip })),
      { credential: key },
    ];
    const codes = ['VALID', 'STALE', 'STALE', 'STALE', 'VALID'];
    expect(await batch(asked)).toEqual(codes);
    expect(codesOf(await batchOverGrpc(asked))).toEqual(codes);
    expect(await stream(asked)).toEqual(codes);
  });

  it('is nobody where what is given is no address, however long', async () => {
    const items = ['unknown', `${newIp()}.1`, 'x'.repeat(1_000)].flatMap((ip) => times(LIMIT + 1, { ip }));
    expect(new Set(await batch(items))).toEqual(new Set(['MALFORMED']));
  });
});

describe('a batch', () => {
  it('of which one is wrong is refused before any is answered or counted', async () => {
    const ip = newIp();
    const items = [...times(LIMIT, { ip }), { credential: key, minPosition: 'nonsense' }];
    const { status: refused, body } = await post('/v1/verify/batch', { items });
    expect([refused, (body['errors'] as Json[])[0]?.['field']]).toEqual([422, `items.${LIMIT}.minPosition`]);
    await expect(batchOverGrpc(items)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    expect((await post('/v1/verify', { credential: key, ip })).body['code']).toBe('VALID');
  });

  it('waits once for all positions that it demands', async () => {
    const { body } = await post('/v1/verify', { credential: key });
    const minPosition = String(body['position']).replace(/[0-9a-f]{8}$/, 'ffffffff');
    const items = [...times(999, { credential: key, minPosition }), { credential: key, minPosition: body['position'] }];
    expect(await batch(items)).toEqual([...times(999, 'STALE'), 'VALID']);
  }, 15_000);

  it('has room for 1,000 requests with all that they hold', async () => {
    const { body } = await post('/v1/verify', { credential: key });
    const endpoint = { method: 'GET', path: `/${'a'.repeat(80)}` };
    const item = { credential: key, ip: newIp(), endpoint, scopes: [], minPosition: body['position'] };
    expect(JSON.stringify(times(1_000, item)).length).toBeGreaterThan(290_000);
    expect(new Set(await batch(times(1_000, item)))).toEqual(new Set(['VALID']));
  });

  it('and whatever else asks takes 50 scopes, and no more, over gRPC as well', async () => {
    const asks = (count: number) => batchOverGrpc([{ credential: key, scopes: times(count, 'a') }]);
    expect(codesOf(await asks(50))).toEqual(['INSUFFICIENT_SCOPE']);
    await expect(asks(51)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    await expect(stream([{ credential: key, scopes: times(51, 'a') }])).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
  });
});

it('what a gateway says only in part, or twice, of what is called is no endpoint that is connected', async () => {
  const endpointId = `e2e.${randomUUID()}`;
  const { body } = await visit.http.get<{ endpoints: Json[] }>('/v1/api-endpoints', { token: await visit.token() });
  const endpoints = [...body.endpoints, { endpointId, method: 'GET', path: `/${endpointId}`, status: 'active' }];
  await visit.http.put('/v1/api-endpoints', { endpoints }, { token: await visit.token() });
  const { application } = await journey.does<{ application: { applicationId: string } }>(
    'ApplicationService/RegisterApplication',
    { title: 'Shop', endpointIds: [endpointId] },
  );
  const { secret } = await journey.does<IssuedCredentialReply>('CredentialService/CreateCredential', {
    ...{ type: 'app_key_pair', environment: 'staging', applicationId: application.applicationId },
  });
  const shown = { 'x-shared-key': `${secret['sharedKey']}`, 'x-secret-key': `${secret['secretKey']}` };
  const path = `/${endpointId}`;
  const calls = [
    [200, { 'x-forwarded-method': 'GET', 'x-forwarded-uri': path }],
    [200, {}],
    [403, { 'x-forwarded-method': 'GET' }],
    [403, { 'x-forwarded-uri': path }],
    [403, { 'x-forwarded-method': 'GET', 'x-forwarded-uri': [`${path}?a`, '/elsewhere'] }],
    [403, { 'x-forwarded-method': ['GET', 'GET'], 'x-forwarded-uri': path }],
  ] as const;
  for (const [expected, call] of calls) {
    const headers = { 'x-keyledger-token': token, ...shown, ...call } as Record<string, string | string[]>;
    const answer = await sendRaw(visit.server.httpUrl, { method: 'GET', path: '/v1/forward-auth', headers });
    expect({ call, status: answer.status }).toEqual({ call, status: expected });
  }
  const envoy = new ExtAuthzClient(visit.server.grpcAddress, token);
  try {
    const checked = async (request: { method: string; path: string }) =>
      (await envoy.check({ ...request, headers: shown })).httpStatus;
    expect(await checked({ method: 'GET', path })).toBe(200);
    expect(await checked({ method: 'GET', path: '' })).toBe(403);
    expect(await checked({ method: '', path })).toBe(403);
  } finally {
    envoy.close();
  }
});
