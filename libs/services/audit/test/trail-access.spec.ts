import { auditAccessStream, readEvent, type ReadEvent } from '@keyledger/domain';
import { AcknowledgedWrites, Problem } from '@keyledger/edge';
import { readOnlyLog, type AppendOutcome, type EventLog } from '@keyledger/event-log';
import { TrailAccess } from '../src/trail-access.js';
import { accountA, callBy, Installation } from './installation.js';

const { streamPrefix } = Installation;
let installation: Installation;

beforeAll(async () => {
  installation = await Installation.open();
});
afterAll(() => installation.close());

/** The log, but with what the first appends are answered with put in between. */
const answering = (...replies: ((log: EventLog) => EventLog['append'])[]): EventLog => {
  const { log } = installation;
  const append: EventLog['append'] = (...args) => (replies.shift()?.(log) ?? log.append.bind(log))(...args);
  return { ...log, append };
};

const access = (log: EventLog = installation.log, acknowledged = new AcknowledgedWrites()): TrailAccess =>
  new TrailAccess(log, streamPrefix, acknowledged);

const readsOf = async (accountId: string | null): Promise<readonly ReadEvent[]> => {
  const reads: ReadEvent[] = [];
  for await (const page of installation.log.readStream(auditAccessStream(streamPrefix, accountId), 0)) {
    reads.push(...page.map(readEvent));
  }
  return reads;
};

/** An account that no test has read yet. */
let accounts = 0;
const freshAccount = (): string => `${accountA.slice(0, -4)}${String((accounts += 1)).padStart(4, '0')}`;

describe('a read of the trail', () => {
  it('is an event with the reader, the account and the filters that were given', async () => {
    const account = freshAccount();
    await access().record(callBy('jo'), account, { actor: 'kim', action: undefined });
    const lists = { action: ['PlanChanged', 'AccountChanged'], excludeAction: [] };
    await access().record(callBy('lou'), null, lists);
    const [ofAccount] = await readsOf(account);
    expect(ofAccount?.event).toMatchObject({ type: 'AuditTrailRead', accountId: account, filters: { actor: 'kim' } });
    expect(ofAccount?.metadata).toMatchObject({
      actor: { type: 'user', id: 'jo', issuer: 'urn:test' },
      correlationId: 'request-of-jo',
      ip: '192.0.2.7',
      userAgent: 'test/1',
      at: ofAccount?.event.at,
    });
    const [ofAll] = await readsOf(null);
    expect(ofAll?.event).toMatchObject({ accountId: null, filters: { action: 'PlanChanged,AccountChanged' } });
  });

  it('is waited for by later reads of the same process', async () => {
    const account = freshAccount();
    const acknowledged = new AcknowledgedWrites();
    await access(installation.log, acknowledged).record(callBy('jo'), account, {});
    expect(acknowledged.latest(account)).toBe(await installation.log.head());
  });

  it('is recorded once for each of many readers at once, in two processes', async () => {
    const account = freshAccount();
    const [one, other] = [access(), access()];
    const readers = Array.from({ length: 24 }, (_, index) => `reader-${index}`);
    await Promise.all(readers.map((name, index) => (index % 2 === 0 ? one : other).record(callBy(name), account, {})));
    const seen = (await readsOf(account)).map(({ metadata }) => metadata.actor.id);
    expect(seen.sort()).toEqual(readers.sort());
  });

  it('costs one append however many read at once, in one process', async () => {
    const account = freshAccount();
    let appends = 0;
    const { log } = installation;
    const counted: EventLog = { ...log, append: (...args) => ((appends += 1), log.append(...args)) };
    const one = access(counted);
    await Promise.all(Array.from({ length: 50 }, (_, index) => one.record(callBy(`reader-${index}`), account, {})));
    expect({ reads: (await readsOf(account)).length, appends }).toEqual({ reads: 50, appends: 50 });
  });

  it('is recorded once when the reply of the log is lost', async () => {
    const account = freshAccount();
    const lost = answering((log) => async (...args) => {
      await log.append(...args);
      return { kind: 'unknown', reason: 'the reply was lost' };
    });
    await access(lost).record(callBy('jo'), account, {});
    expect(await readsOf(account)).toHaveLength(1);
  });

  it('is refused while the log may only be read', async () => {
    const account = freshAccount();
    const refusal = access(readOnlyLog(installation.log)).record(callBy('jo'), account, {});
    await expect(refusal).rejects.toMatchObject({
      code: 'read-only',
      detail: expect.stringMatching(/recorded, and writes are paused/) as string,
      headers: { 'Retry-After': '30' },
    });
    expect(await readsOf(account)).toEqual([]);
  });

  it.each<[AppendOutcome, string]>([
    [{ kind: 'unavailable', reason: 'down' }, 'log-unavailable'],
    [{ kind: 'storage-full', reason: 'full' }, 'storage-full'],
  ])('is refused when it cannot be recorded: %j', async (outcome, code) => {
    const account = freshAccount();
    const broken = answering(() => () => Promise.resolve(outcome));
    const refusal = await access(broken)
      .record(callBy('jo'), account, {})
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal).toMatchObject({ code, status: 503 });
    expect(await readsOf(account)).toEqual([]);
  });
});
