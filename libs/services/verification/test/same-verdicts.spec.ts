import { catalogueStream, newEvent } from '@keyledger/domain';
import type { RecordedEvent } from '@keyledger/event-log';
import type { VerdictCode } from '@keyledger/verdict';
import fc from 'fast-check';
import { v4 as uuid } from 'uuid';
import { applyEvent } from '../src/apply-event.js';
import { CredentialIndex } from '../src/credential-index.js';
import { loadSnapshot } from '../src/load-snapshot.js';
import { presentPair, presentSecret } from '../src/presented.js';
import { Verifier } from '../src/verifier.js';
import { AccountCourse, anySteps, AWAY, HOME, type IssuedText, type Wish } from './account-course.js';
import { Installation } from './installation.js';

const { streamPrefix } = Installation.config;

const catalogueEvent = newEvent(
  uuid(),
  {
    type: 'ApiEndpointsReplaced',
    changes: {
      'orders.read': { from: null, to: { method: 'GET', path: '/orders/{id}' } },
      'orders.write': { from: null, to: { method: 'POST', path: '/orders' } },
    },
    at: '2031-01-01T00:00:00.000Z',
  },
  {
    principal: { actorType: 'user', subject: 'ada', issuer: 'urn:test' },
    correlationId: 'r',
    ip: null,
    userAgent: null,
  },
  uuid(),
);

const calls = {
  'orders.read': { method: 'GET', path: '/orders/7' },
  'orders.write': { method: 'POST', path: '/orders' },
} as const;

const codeFrom = (verifier: Verifier, issued: IssuedText, wish: Wish, byPath: boolean): string => {
  const { publicPart, secret } = issued;
  const presented = publicPart === null ? presentSecret(secret) : presentPair(publicPart, secret);
  const called = wish.endpoint as keyof typeof calls | null;
  const endpoint = called !== null && byPath ? calls[called] : called;
  const question = { nowMs: wish.atMs, ip: wish.fromHome ? HOME : AWAY, endpoint, scopes: wish.scopes };
  return verifier.verify(presented, question, '*', () => true).code;
};

describe('verdicts', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.open();
  });

  afterAll(() => installation.close());

  const fold = (index: CredentialIndex, events: readonly RecordedEvent[]): CredentialIndex => {
    for (const event of events) applyEvent(index, streamPrefix, event);
    return index;
  };

  /** The index of a verifier that starts when the tables have the first `cut` events, taken in batches. */
  const startedAt = async (events: readonly RecordedEvent[], cut: number, batchSize: number) => {
    await installation.emptyTables();
    await installation.project(events.slice(0, cut), batchSize);
    const index = new CredentialIndex();
    const anchor = await loadSnapshot(installation.pool, installation.projection.schema, index);
    expect(anchor?.position).toBe(events[cut - 1]?.position);
    return fold(index, events.slice(cut));
  };

  it('are what the rules say, wherever a verifier started from', async () => {
    const reached = new Set<VerdictCode>();
    await installation.append(catalogueStream(streamPrefix), catalogueEvent);
    const wishes = fc.array(
      fc.record({
        laterMs: fc.constantFrom(0, 1, 10_000, 19_999, 20_000, 39_999, 40_000, 100_000),
        fromHome: fc.boolean(),
        endpoint: fc.constantFrom(null, 'orders.read', 'orders.write'),
        scopes: fc.constantFrom([], ['read'], ['read', 'write']),
        byPath: fc.boolean(),
      }),
      { minLength: 3, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySteps, { minLength: 1, maxLength: 3 }),
        wishes,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 40 }),
        async (all, asked, share, batchSize) => {
          const before = (await installation.events()).length;
          const courses = all.map((steps) => {
            const course = new AccountCourse(installation.keyring.currentPepper);
            for (const [kind, pick] of steps) course.step(kind, pick);
            return course;
          });
          for (const course of courses) await installation.toAccount(course.accountId, ...course.events);
          const events = await installation.events();
          const cut = Math.max(1, before + Math.floor(share * (events.length - before)));
          const verifiers = [fold(new CredentialIndex(), events), await startedAt(events, cut, batchSize)].map(
            (index) => new Verifier(index, installation.keyring),
          );
          for (const course of courses) {
            for (const issued of course.issued) {
              for (const { laterMs, byPath, ...rest } of asked) {
                const wish = { ...rest, atMs: course.nowMs + laterMs };
                const expected = course.expected(issued, wish);
                reached.add(expected);
                expect(verifiers.map((verifier) => codeFrom(verifier, issued, wish, byPath))).toEqual([
                  expected,
                  expected,
                ]);
              }
            }
          }
        },
      ),
      { numRuns: 25 },
    );
    expect([...reached].sort()).toEqual([
      ...['API_DISABLED', 'ENDPOINT_NOT_CONNECTED', 'EXPIRED', 'INSUFFICIENT_SCOPE', 'IP_NOT_ALLOWED', 'NOT_FOUND'],
      ...['REVOKED', 'SUSPENDED', 'VALID'],
    ]);
  });
});
