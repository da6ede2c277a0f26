import { jest } from '@jest/globals';
import { createVerifier, type Verifier, type VerifierOptions, type VerifyRequest } from '../src/index.js';
import { keyOf } from '../src/verdict-cache.js';
import { position, refused, startServer, valid, type ScriptedServer } from './scripted-server.js';

const question = { credential: 'kat_secret', ip: '192.0.2.1', scopes: ['a', 'b'] };
const start = Date.parse('2026-01-01T00:00:00.000Z');
const at = (ms: number): string => new Date(start + ms).toISOString();

let server: ScriptedServer;
let answer: object;
let whileAsked: () => void;

beforeEach(async () => {
  // Both clocks stand still until a test moves them; the timers of the connection are real.
  jest.useFakeTimers({
    now: start,
    doNotFake: [
      ...(['hrtime', 'nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
      ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const),
    ],
  });
  answer = valid;
  whileAsked = () => undefined;
  server = await startServer(() => {
    whileAsked();
    return { body: answer };
  });
});
afterEach(async () => {
  jest.useRealTimers();
  await server.close();
});

const make = (cache: VerifierOptions['cache']): Verifier =>
  createVerifier({ url: server.url, token: 'a-token', cache });

/** How often the server is asked for these, one after the other. */
const asksFor = async (verifier: Verifier, ...requests: readonly VerifyRequest[]): Promise<number> => {
  const before = server.asked.length;
  for (const request of requests) await verifier.verify(request);
  return server.asked.length - before;
};

describe('the cache', () => {
  it('is off unless it is asked for', async () => {
    const verifier = createVerifier({ url: server.url, token: 'a-token' });
    expect(await asksFor(verifier, question, question)).toBe(2);
  });

  it('answers the same question again, and says how old the answer is', async () => {
    const verifier = make(true);
    expect(await verifier.verify(question)).toEqual(valid);
    jest.advanceTimersByTime(400);
    expect(await verifier.verify({ ...question })).toEqual({ ...valid, ageMs: valid.ageMs + 400 });
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    ['another credential', { credential: 'kat_other' }],
    ['another address', { ip: '192.0.2.2' }],
    ['no address', { ip: undefined }],
    ['another scope', { scopes: ['a', 'c'] }],
    ['scopes that look like one', { scopes: ['a,b'] }],
    ['an endpoint', { endpoint: 'invoices' }],
    ['a pair', { credential: undefined, clientId: 'kat_secret' }],
  ])('does not take %s for the same', async (_, other) => {
    expect(await asksFor(make(true), question, { ...question, ...other })).toBe(2);
  });

  it.each(['REVOKED', 'NOT_FOUND', 'STALE'])('keeps no %s', async (code) => {
    answer = refused(code);
    expect(await asksFor(make(true), question, question)).toBe(2);
  });

  it('ends after a second, counted from when it was asked', async () => {
    const verifier = make(true);
    whileAsked = () => jest.advanceTimersByTime(300);
    await verifier.verify(question);
    whileAsked = () => undefined;
    jest.advanceTimersByTime(699);
    expect(await asksFor(verifier, question)).toBe(0);
    jest.advanceTimersByTime(1);
    expect(await asksFor(verifier, question)).toBe(1);
  });

  it('ends earlier where that is set', async () => {
    const verifier = make({ maxAgeMs: 100 });
    await verifier.verify(question);
    jest.advanceTimersByTime(99);
    expect(await asksFor(verifier, question)).toBe(0);
    jest.advanceTimersByTime(1);
    expect(await asksFor(verifier, question)).toBe(1);
  });

  it('is not held up by a clock that is set back', async () => {
    const verifier = make(true);
    await verifier.verify(question);
    jest.advanceTimersByTime(1_000);
    jest.setSystemTime(start - 60_000);
    expect(await asksFor(verifier, question)).toBe(1);
  });

  it('ends with the credential', async () => {
    answer = { ...valid, expiresAt: at(500) };
    const verifier = make(true);
    await verifier.verify(question);
    jest.advanceTimersByTime(499);
    expect(await asksFor(verifier, question)).toBe(0);
    answer = refused('EXPIRED');
    jest.advanceTimersByTime(1);
    expect((await verifier.verify(question)).code).toBe('EXPIRED');
  });

  it.each([
    ['whose end it cannot read', { expiresAt: 'soon' }],
    ['without a position', { position: null }],
  ])('keeps nothing %s', async (_, other) => {
    answer = { ...valid, ...other };
    expect(await asksFor(make(true), question, question)).toBe(2);
  });

  it.each([
    ['older', position(9), 0],
    ['the same', valid.position, 0],
    ['newer', position(11), 1],
    ['of another log', position(9, '1b6f0f6c-57a5-4b1e-9d1c-6d2a3e5f7a10'), 1],
    ['of another width', `${position(9)}${'0'.repeat(16)}`, 1],
    ['no position', 'a-word', 1],
  ])('is passed by only where the position asked for is newer: %s', async (_, minPosition, asks) => {
    const verifier = make(true);
    await verifier.verify(question);
    expect(await asksFor(verifier, { ...question, minPosition })).toBe(asks);
  });

  it('forgets what a fresher answer contradicts', async () => {
    const verifier = make(true);
    await verifier.verify(question);
    answer = { ...refused('REVOKED'), position: position(11) };
    expect((await verifier.verify({ ...question, minPosition: position(11) })).code).toBe('REVOKED');
    expect((await verifier.verify(question)).code).toBe('REVOKED');
  });

  it('keeps the fresher of two answers', async () => {
    const verifier = make(true);
    await verifier.verify(question);
    answer = { ...valid, position: position(11) };
    expect(await asksFor(verifier, { ...question, minPosition: position(11) })).toBe(1);
    expect(await asksFor(verifier, { ...question, minPosition: position(11) })).toBe(0);
  });

  it('holds as many as it may, and gives up the oldest', async () => {
    const verifier = make({ maxEntries: 2 });
    const [one, two, three] = ['1', '2', '3'].map((credential) => ({ credential })) as [object, object, object];
    expect(await asksFor(verifier, one, two, three)).toBe(3);
    expect(await asksFor(verifier, two, three)).toBe(0);
    expect(await asksFor(verifier, one)).toBe(1);
    expect(await asksFor(verifier, three)).toBe(0);
  });

  it('gives nobody the means to change what others get', async () => {
    const verifier = make(true);
    for (let time = 0; time < 3; time += 1) {
      const verdict = await verifier.verify(question);
      expect(verdict.scopes).toEqual(valid.scopes);
      Object.assign(verdict, { code: 'MALFORMED' });
      expect(() => (verdict.scopes as string[]).push('admin')).toThrow(TypeError);
    }
    expect((await verifier.verify(question)).code).toBe('VALID');
  });

  it('knows a question by its digest alone', () => {
    expect(keyOf(question)).toMatch(/^[0-9A-Za-z+/]{43}=$/);
    expect(keyOf({ ...question, minPosition: position(1) })).toBe(keyOf(question));
  });
});
