import { accountStream, catalogueStream } from '@keyledger/domain';
import type { NewEvent } from '@keyledger/event-log';
import { v4 as uuid } from 'uuid';
import { CredentialIndex } from '../src/credential-index.js';
import { indexSink } from '../src/index-sink.js';
import { presentPair, presentSecret } from '../src/presented.js';
import { Verifier } from '../src/verifier.js';
import { AccountCourse, type IssuedText } from './account-course.js';
import { Installation } from './installation.js';

const bytes = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** As a later version might write it. */
const fromTheFuture = (): NewEvent => ({
  id: uuid(),
  type: 'CredentialTeleported',
  data: bytes({ at: '2031-01-01T00:00:00.000Z' }),
  metadata: bytes({
    ...{ commandId: 'c', correlationId: 'c', causationId: 'c', ip: null, userAgent: null, schemaVersion: 1 },
    ...{ actor: { type: 'user', id: 'ada', issuer: 'urn:test' }, at: '2031-01-01T00:00:00.000Z' },
  }),
});

describe('an event that this version cannot read', () => {
  let installation: Installation;

  beforeEach(async () => {
    installation = await Installation.open();
  });

  afterEach(() => installation.close());

  const courseOf = async (): Promise<AccountCourse> => {
    const course = new AccountCourse(installation.keyring.currentPepper);
    course.create('api_key', 1, null);
    course.create('client_credentials', 1, null);
    course.register(['orders.read']);
    await installation.toAccount(course.accountId, ...course.events);
    return course;
  };

  /** A verifier of all that is in the log, and the streams of the events that it could not read. */
  const verifierNow = async () => {
    const unreadable: string[] = [];
    const sink = indexSink({
      pool: installation.pool,
      schema: installation.projection.schema,
      streamPrefix: Installation.config.streamPrefix,
      onUnreadable: ({ streamId }) => void unreadable.push(streamId),
    });
    await sink.lead(async () => void (await sink.take(await installation.events())));
    const verifier = new Verifier(sink.held ?? new CredentialIndex(), installation.keyring);
    const codeOf = ({ publicPart, secret }: IssuedText, endpoint: string | null = null): string => {
      const presented = publicPart === null ? presentSecret(secret) : presentPair(publicPart, secret);
      const question = { nowMs: Date.UTC(2031, 0, 1), ip: null, endpoint, scopes: [] };
      return verifier.verify(presented, question, '*', () => true).code;
    };
    return { unreadable, codeOf };
  };

  it('leaves nothing to be said of its account, and all of the others', async () => {
    const [struck, whole] = [await courseOf(), await courseOf()];
    const stream = accountStream(Installation.config.streamPrefix, struck.accountId);
    await installation.append(stream, fromTheFuture());
    // What comes after it is known, and does not count either.
    const before = struck.events.length;
    struck.create('api_key', 2, null);
    await installation.toAccount(struck.accountId, ...struck.events.slice(before));
    const { unreadable, codeOf } = await verifierNow();
    expect(unreadable).toEqual([stream]);
    expect(struck.issued.map((each) => codeOf(each))).toEqual(['STALE', 'STALE', 'STALE', 'STALE']);
    expect(whole.issued.map((each) => codeOf(each))).toEqual(['VALID', 'VALID', 'VALID']);
  });

  it('still lets what is revoked be revoked', async () => {
    const course = await courseOf();
    const before = course.events.length;
    const [key] = course.issued;
    course.try({ type: 'RevokeCredential', credentialId: key?.credentialId ?? '', reason: null });
    await installation.toAccount(course.accountId, ...course.events.slice(before));
    await installation.append(accountStream(Installation.config.streamPrefix, course.accountId), fromTheFuture());
    const { codeOf } = await verifierNow();
    expect(course.issued.map((each) => codeOf(each))).toEqual(['REVOKED', 'STALE', 'STALE']);
  });

  it('in the catalogue strikes those alone who are asked about an endpoint that binds them', async () => {
    const course = await courseOf();
    await installation.append(catalogueStream(Installation.config.streamPrefix), fromTheFuture());
    const { codeOf } = await verifierNow();
    expect(course.issued.map((each) => codeOf(each))).toEqual(['VALID', 'VALID', 'VALID']);
    expect(course.issued.map((each) => codeOf(each, 'orders.read'))).toEqual(['VALID', 'VALID', 'STALE']);
  });
});
