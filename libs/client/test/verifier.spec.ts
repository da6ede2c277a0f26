import { once } from 'node:events';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createVerifier, VerifierError, type VerifierOptions } from '../src/index.js';
import { refused, startServer, valid, type Script, type ScriptedServer } from './scripted-server.js';

const servers: ScriptedServer[] = [];
const serve = async (script: Script): Promise<ScriptedServer> => {
  const server = await startServer(script);
  servers.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Answers with these, one after the other, and goes on with the last. */
const inTurn = (...scripts: readonly Script[]): Script => {
  let turn = 0;
  return (asked, response) => scripts[Math.min(turn++, scripts.length - 1)]?.(asked, response);
};
const status =
  (code: number, headers: Record<string, string> = {}): Script =>
  () => ({ status: code, headers });
const yes: Script = () => ({ body: valid });
const hang: Script = () => undefined;
const hangInBody: Script = (_, response) => void response.writeHead(200).write('{"valid":');
const reset: Script = (_, response) => void response.destroy();

const question = { credential: 'a-credential' };
const failure = (promise: Promise<unknown>): Promise<VerifierError> =>
  promise.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => {
      if (error instanceof VerifierError) return error;
      throw error;
    },
  );

describe('verify', () => {
  it('asks one question with the token, and gives the verdict', async () => {
    const server = await serve(yes);
    const verifier = createVerifier({ url: server.url, token: 'a-token' });
    const request = {
      ...question,
      ip: '192.0.2.1',
      endpoint: { method: 'GET', path: '/invoices' },
      scopes: ['invoices:read'],
      minPosition: valid.position,
    };
    expect(await verifier.verify(request)).toEqual(valid);
    expect(server.asked).toEqual([
      expect.objectContaining({
        method: 'POST',
        path: '/v1/verify',
        body: request,
        headers: expect.objectContaining({
          authorization: 'Bearer a-token',
          'content-type': 'application/json',
        }) as object,
      }),
    ]);
  });

  it('gives a negative verdict as it is', async () => {
    const { url } = await serve(() => ({ body: refused('REVOKED') }));
    expect(await createVerifier({ url, token: 'a-token' }).verify(question)).toEqual(refused('REVOKED'));
  });

  it('keeps the path of the url', async () => {
    const server = await serve(yes);
    await createVerifier({ url: `${server.url}/keys/`, token: 'a-token' }).verify(question);
    expect(server.asked[0]?.path).toBe('/keys/v1/verify');
  });

  it('keeps its connection, after refusals too', async () => {
    const server = await serve(inTurn(yes, status(422), yes));
    const verifier = createVerifier({ url: server.url, token: 'a-token' });
    await verifier.verify(question);
    await failure(verifier.verify(question));
    for (let more = 0; more < 10; more += 1) await verifier.verify(question);
    // Twelve questions. Node may open a second one before it sees that the first is free.
    expect(server.connections()).toBeLessThan(3);
  });

  it('asks for the token at every try', async () => {
    const server = await serve(inTurn(status(503), yes));
    const tokens = ['first', 'second'];
    await createVerifier({ url: server.url, token: async () => tokens.shift() ?? '' }).verify(question);
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
  });
});

describe('verifyBatch', () => {
  const items = [{ credential: 'one' }, { credential: 'two' }];

  it('asks all in one, and gives the verdicts in their order', async () => {
    const server = await serve(() => ({ body: { items: [valid, refused('NOT_FOUND')] } }));
    const verdicts = await createVerifier({ url: server.url, token: 'a-token' }).verifyBatch(items);
    expect(verdicts).toEqual([valid, refused('NOT_FOUND')]);
    expect(server.asked).toMatchObject([{ path: '/v1/verify/batch', body: { items } }]);
  });

  it('asks nothing where there is nothing to ask, and refuses more than a thousand', async () => {
    const server = await serve(yes);
    const verifier = createVerifier({ url: server.url, token: 'a-token' });
    expect(await verifier.verifyBatch([])).toEqual([]);
    const { reason, message } = await failure(verifier.verifyBatch(Array.from({ length: 1_001 }, () => question)));
    expect([reason, message]).toEqual(['invalid-request', expect.stringContaining('at most 1000')]);
    expect(server.asked).toEqual([]);
  });

  it.each([[{ items: [valid] }], [{ items: [valid, null] }], [{}], [null], [[valid, valid]]])(
    'takes %j for no answer to two questions',
    async (body) => {
      const { url } = await serve(() => ({ body: JSON.stringify(body) }));
      const { reason } = await failure(createVerifier({ url, token: 'a-token' }).verifyBatch(items));
      expect(reason).toBe('unexpected-answer');
    },
  );
});

describe('another try', () => {
  it.each([
    ['502', status(502)],
    ['503', status(503)],
    ['429', status(429)],
    ['a lost connection', reset],
    [
      'a lost connection in the answer',
      (_, response) => void response.writeHead(200).write('{', () => response.destroy()),
    ],
    ['silence', hang],
    ['silence in the answer', hangInBody],
  ] satisfies [string, Script][])('is made after %s', async (_, script) => {
    const server = await serve(inTurn(script, yes));
    const verifier = createVerifier({ url: server.url, token: 'a-token', tryTimeoutMs: 300, timeoutMs: 60_000 });
    expect(await verifier.verify(question)).toEqual(valid);
    expect(server.asked).toHaveLength(2);
  });

  it.each([400, 401, 403, 404, 405, 413, 415, 422, 500, 504])('is not made after %d', async (code) => {
    const server = await serve(status(code));
    await failure(createVerifier({ url: server.url, token: 'a-token' }).verify(question));
    expect(server.asked).toHaveLength(1);
  });

  it.each([0, 1, 3])('is made no more than %d times', async (retries) => {
    const server = await serve(status(503));
    const { reason } = await failure(createVerifier({ url: server.url, token: 'a-token', retries }).verify(question));
    expect(reason).toBe('unavailable');
    expect(server.asked).toHaveLength(retries + 1);
  });

  it('waits as long as Retry-After says', async () => {
    const server = await serve(inTurn(status(429, { 'retry-after': '1' }), yes));
    await createVerifier({ url: server.url, token: 'a-token', timeoutMs: 60_000 }).verify(question);
    const [first, second] = server.asked;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(990);
  });

  it.each([
    ['60', 60_000],
    [new Date(Date.now() + 600_000).toUTCString(), expect.any(Number) as number],
  ])('is not made where Retry-After, %s, is beyond the total time', async (retryAfter, retryAfterMs) => {
    const server = await serve(status(503, { 'retry-after': retryAfter }));
    const error = await failure(createVerifier({ url: server.url, token: 'a-token' }).verify(question));
    expect(error).toMatchObject({ reason: 'unavailable', statusCode: 503, retryAfterMs });
    expect(Number(error.headers['retry-after'])).toBeGreaterThanOrEqual(60);
    expect(server.asked).toHaveLength(1);
  });
});

describe('the time', () => {
  const never = new Promise<never>(() => undefined);

  it('of a try ends it, and the next one has its own', async () => {
    const server = await serve(hang);
    const options = { url: server.url, token: 'a-token', tryTimeoutMs: 50, timeoutMs: 60_000, retries: 1 };
    expect(await failure(createVerifier(options).verify(question))).toMatchObject({
      reason: 'timeout',
      statusCode: 503,
    });
    expect(server.asked).toHaveLength(2);
  });

  it.each<[string, Partial<VerifierOptions>]>([
    ['the service', {}],
    ['the function that gives the token', { token: () => never }],
    ['a fetch that does not listen', { fetch: () => never }],
  ])('of all tries ends them, whatever %s does', async (_, options) => {
    const { url } = await serve(hang);
    const verifier = createVerifier({
      url,
      token: 'a-token',
      timeoutMs: 200,
      tryTimeoutMs: 60_000,
      retries: 9,
      ...options,
    });
    expect((await failure(verifier.verify(question))).reason).toBe('timeout');
  });
});

it('takes an answer that came in time, although the program was too busy to look', async () => {
  const came = new Int32Array(new SharedArrayBuffer(4));
  const elsewhere = `
    const { parentPort, workerData } = require('node:worker_threads');
    const server = require('node:http').createServer((request, response) => {
      request.resume().on('end', () => {
        response.end(workerData.answer, () => Atomics.store(workerData.came, 0, 1));
      });
    });
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;
  const worker = new Worker(elsewhere, { eval: true, workerData: { came, answer: JSON.stringify(valid) } });
  const [port] = (await once(worker, 'message')) as [number];
  const options = { token: 'a-token', tryTimeoutMs: 4_000, retries: 0 };
  const asked = createVerifier({ url: `http://127.0.0.1:${port}`, ...options }).verify(question);
  while (Atomics.load(came, 0) === 0) await new Promise((resolve) => setImmediate(resolve));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4_500);
  expect(await asked).toEqual(valid);
  await worker.terminate();
});

describe('a failure', () => {
  it.each([
    [401, 'unauthenticated', 503, 'Renew it'],
    [403, 'forbidden', 503, 'role verifier'],
    [404, 'unexpected-answer', 503, 'Check `url`'],
    [422, 'invalid-request', 503, 'Mend the fields'],
    [429, 'too-many-requests', 503, 'Wait'],
    [503, 'unavailable', 503, 'Try again'],
  ])('of status %d says what to do', async (code, reason, statusCode, advice) => {
    const { url } = await serve(status(code));
    const error = await failure(createVerifier({ url, token: 'a-token', retries: 0 }).verify(question));
    expect(error).toMatchObject({ name: 'VerifierError', reason, answered: code, status: statusCode, statusCode });
    expect(error.message).toContain(advice);
    expect(error.headers).toEqual({ 'retry-after': '1' });
  });

  it('is 429 to the caller where the limit on its address is used up', async () => {
    const policy = { 'ratelimit-policy': '"failed-verdicts";q=200;w=60' };
    const { url } = await serve(status(429, policy));
    const error = await failure(createVerifier({ url, token: 'a-token', retries: 0 }).verify(question));
    expect(error).toMatchObject({ reason: 'too-many-requests', status: 429, statusCode: 429 });
  });

  it.each([
    'This address failed to authenticate more than 20 times in 60 s. Wait 34 s.',
    'This caller read more than 6000 times in 60 s. Wait 1 s.',
  ])('of status 429 says which limit it was: %s', async (detail) => {
    const { url } = await serve(() => ({ status: 429, body: { code: 'too-many-requests', detail } }));
    const error = await failure(createVerifier({ url, token: 'a-token', retries: 0 }).verify(question));
    expect(error.message).toBe(`${detail} (HTTP 429, too-many-requests)`);
  });

  it('names the fields that are refused', async () => {
    const errors = [
      { field: 'scopes[0]', message: '…' },
      { field: 'endpoint.method', message: '…' },
    ];
    const { url } = await serve(() => ({ status: 422, body: { code: 'invalid-request', errors } }));
    const error = await failure(createVerifier({ url, token: 'a-token' }).verify(question));
    expect(error.message).toContain('(HTTP 422, invalid-request, scopes[0], endpoint.method)');
    expect(error.problem).toBe('invalid-request');
  });

  it('says where nothing listens', async () => {
    const { url, close } = await startServer(yes);
    await close();
    const error = await failure(createVerifier({ url, token: 'a-token' }).verify(question));
    expect(error).toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('(ECONNREFUSED)') as string,
    });
  });

  it.each<[string, object]>([
    ['a page', { body: '<html>' }],
    ['nothing', {}],
    ['a verdict that contradicts itself', { body: { ...valid, code: 'REVOKED' } }],
    ['a positive one without a code', { body: { ...valid, code: undefined } }],
    ['a code that there is not', { body: { ...valid, valid: false, code: 'constructor' } }],
    ['a truth that is none', { body: { ...valid, valid: 'true' } }],
    ['a list', { body: [valid] }],
  ])('is an answer that is %s', async (_, reply) => {
    const { url } = await serve(() => reply);
    const { reason } = await failure(createVerifier({ url, token: 'a-token', cache: true }).verify(question));
    expect(reason).toBe('unexpected-answer');
  });

  it('is a redirect, which nothing follows', async () => {
    const elsewhere = await serve(yes);
    const { url } = await serve(status(307, { location: `${elsewhere.url}/v1/verify` }));
    expect(await failure(createVerifier({ url, token: 'a-token' }).verify(question))).toMatchObject({ answered: 307 });
    expect(elsewhere.asked).toEqual([]);
  });

  it.each([undefined, null, 'text', { credential: 1n }])('is the question %p', async (request) => {
    for (const cache of [false, true]) {
      const verifier = createVerifier({ url: 'http://127.0.0.1:1', token: 'a-token', cache });
      const { reason } = await failure(verifier.verify(request as never));
      expect(reason).toBe('invalid-request');
    }
  });

  const secret = 'kcs_0000000000000000000000000000000000000000001AXgRe';
  const token = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ2ZXJpZmllciJ9.c2lnbmF0dXJl';
  const telling = `${secret} ${token}`;
  const echo = { code: secret, detail: telling, title: token, errors: [{ field: secret }, { field: token }, null] };
  it.each<[string, Partial<VerifierOptions>, Script]>([
    ['the answer', {}, () => ({ status: 422, body: echo, headers: { 'retry-after': token, location: secret } })],
    ['a limit', { retries: 0 }, () => ({ status: 429, body: { ...echo, detail: `Wait. ${telling}` } })],
    ['an answer of 200', {}, () => ({ body: { ...echo, valid: true } })],
    ['an answer that is no JSON', {}, () => ({ body: telling })],
    [
      'an error of fetch',
      { fetch: async () => Promise.reject(new TypeError(telling, { cause: { code: token } })) },
      yes,
    ],
    ['the function that gives the token', { token: () => Promise.reject(new Error(telling)) }, yes],
    ['a token that cannot be sent', { token: () => `${token}\n` }, yes],
    ['silence', { tryTimeoutMs: 50, retries: 0 }, hang],
  ])('holds no secret, although %s does', async (_, options, script) => {
    const { url } = await serve(script);
    const error = await failure(createVerifier({ url, token, ...options }).verify({ credential: secret }));
    const told = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error);
    for (const part of [secret, token, secret.slice(4), 'eyJ']) expect(told).not.toContain(part);
  });
});

describe('createVerifier', () => {
  it.each<[string, object]>([
    ['url', { url: 'keyledger.internal' }],
    ['url', { url: 'ftp://keyledger.internal' }],
    ['url', { url: 'http://user:password@keyledger.internal' }],
    ['url', { url: 'http://keyledger.internal?tenant=1' }],
    ['token', { token: '' }],
    ['token', { token: undefined }],
    ['token', { token: 'two words' }],
    ['timeoutMs', { timeoutMs: 0 }],
    ['tryTimeoutMs', { tryTimeoutMs: 1.5 }],
    ['retries', { retries: 11 }],
    ['cache.maxAgeMs', { cache: { maxAgeMs: 1_001 } }],
    ['cache.maxEntries', { cache: { maxEntries: 0 } }],
    ['cache', { cache: 'yes' }],
    ['timeout', { timeout: 3 }],
    ['cache.maxAge', { cache: { maxAge: 500 } }],
    ['fetch', { fetch: 'node-fetch' }],
  ])('refuses such a %s', (name, options) => {
    const make = () => createVerifier({ url: 'http://127.0.0.1', token: 'a-token', ...options });
    expect(make).toThrow(VerifierError);
    expect(make).toThrow(`\`${name}\``);
  });

  it.each([[undefined], [null], ['https://keyledger.internal']])('refuses %p for its options', (options) => {
    expect(() => createVerifier(options as never)).toThrow(VerifierError);
  });

  it('takes options that are undefined for those that are left out', async () => {
    const { url } = await serve(yes);
    const unset = { timeoutMs: undefined, cache: undefined, fetch: undefined };
    expect(await createVerifier({ url, token: 'a-token', ...unset }).verify(question)).toEqual(valid);
  });
});
