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

interface Asked extends Omit<Wish, 'atMs'> {
  /** After the end of the course. */
  readonly laterMs: number;
  /** Names the endpoint by method and path. */
  readonly byPath: boolean;
}

/** What of the events a verifier finds in the tables when it starts, and in which batches they came there. */
interface Start {
  readonly share: number;
  readonly batchSize: number;
}

describe('verdicts', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.open();
    await installation.append(catalogueStream(streamPrefix), catalogueEvent);
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

  /** Holds the verdicts of two verifiers to the rules, for each secret and wish, and tells which there were. */
  const verdictsOn = async (courses: readonly AccountCourse[], asked: readonly Asked[], start: Start) => {
    const before = (await installation.events()).length;
    for (const course of courses) await installation.toAccount(course.accountId, ...course.events);
    const events = await installation.events();
    const cut = Math.max(1, before + Math.floor(start.share * (events.length - before)));
    const indexes = [fold(new CredentialIndex(), events), await startedAt(events, cut, start.batchSize)];
    const verifiers = indexes.map((index) => new Verifier(index, installation.keyring));
    const reached = new Set<VerdictCode>();
    for (const course of courses) {
      for (const issued of course.issued) {
        for (const { laterMs, byPath, ...rest } of asked) {
          const wish = { ...rest, atMs: course.nowMs + laterMs };
          const expected = course.expected(issued, wish);
          reached.add(expected);
          const codes = verifiers.map((verifier) => codeFrom(verifier, issued, wish, byPath));
          expect(codes).toEqual([expected, expected]);
        }
      }
    }
    return [...reached].sort();
  };

  it('are what the rules say, wherever a verifier started from', async () => {
    const wish = fc.record({
      // Also by a clock that is behind: what an event has ended stays ended.
      laterMs: fc.constantFrom(-30_000, -1, 0, 1, 10_000, 19_999, 20_000, 39_999, 40_000, 100_000),
      fromHome: fc.boolean(),
      endpoint: fc.constantFrom(null, 'orders.read', 'orders.write'),
      scopes: fc.constantFrom([], ['read'], ['read', 'write']),
      byPath: fc.boolean(),
    });
    const start = fc.record({
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      batchSize: fc.integer({ min: 1, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySteps, { minLength: 1, maxLength: 3 }),
        fc.array(wish, { minLength: 3, maxLength: 8 }),
        start,
        async (all, asked, from) => {
          const courses = all.map((steps) => {
            const course = new AccountCourse(installation.keyring.currentPepper);
            for (const [kind, pick] of steps) course.step(kind, pick);
            return course;
          });
          await verdictsOn(courses, asked, from);
        },
      ),
      // Each smaller case is a run against the database, so that one that fails is told as it is.
      { numRuns: 25, endOnFailure: true },
    );
  });

  it('are of every kind', async () => {
    const [open, closed] = [0, 1].map(() => new AccountCourse(installation.keyring.currentPepper));
    if (open === undefined || closed === undefined) throw new Error('There are two.');
    open.create('api_key', 1, null);
    open.create('api_key', 4, null); // It expires.
    open.register(['orders.read']);
    for (const type of ['RevokeCredential', 'SuspendCredential', 'DeleteCredential'] as const) {
      open.create('client_credentials', open.issued.length, null);
      open.toLast(type);
    }
    open.enable();
    open.try({ type: 'SetIpAllowlist', cidrs: ['198.51.100.0/24'] });
    closed.enable();
    closed.try({ type: 'DisableApiAccess' });
    const wish = { laterMs: 0, fromHome: true, endpoint: null, scopes: [], byPath: false };
    const asked = [
      wish,
      { ...wish, laterMs: 100_000 },
      { ...wish, endpoint: 'orders.write' },
      { ...wish, scopes: ['x'] },
    ];
    expect(await verdictsOn([open, closed], asked, { share: 0.5, batchSize: 3 })).toEqual([
      ...['API_DISABLED', 'ENDPOINT_NOT_CONNECTED', 'EXPIRED', 'INSUFFICIENT_SCOPE', 'IP_NOT_ALLOWED', 'NOT_FOUND'],
      ...['REVOKED', 'SUSPENDED', 'VALID'],
    ]);
  });
});
