import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FollowerPositions } from '../src/index.js';
import { at, eventually, guarantees, SCHEMA, Verifiers } from './verifiers.js';

let verifiers: Verifiers;
beforeEach(async () => {
  verifiers = await Verifiers.open();
});
afterEach(() => verifiers.close());

const LEASE_MS = 10_000;

/** Its reports arrive, but the verifier learns of that only when the test says so. */
class SlowAnswers extends FollowerPositions {
  begun = 0;
  private answered: Promise<void> = Promise.resolve();

  /** Of reports from now on. Call what it returns to let them be answered. */
  holdBack(): () => void {
    let answer = (): void => undefined;
    this.answered = new Promise((resolve) => (answer = resolve));
    return answer;
  }

  override async report(...report: Parameters<FollowerPositions['report']>): Promise<void> {
    const { answered } = this;
    this.begun += 1;
    await super.report(...report);
    await answered;
  }
}

describe('the lease', () => {
  it('is held from an acknowledged report on, and seen by those who wait', async () => {
    const verifier = verifiers.start();
    expect(verifier.lease.isHeld()).toBe(false);
    await verifier.holds();
    const [seen] = await verifiers.positions.verifiersAt(at(1));
    expect(seen).toEqual({
      verifierId: verifier.verifierId,
      position: at(1),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      guaranteed: true,
    });
  });

  it('is not taken by one that does not know the log yet', async () => {
    const verifier = verifiers.start({ position: null });
    const other = await verifiers.start().holds();
    expect(await verifiers.receipt(at(1))).toEqual({ [other.verifierId]: true });
    verifier.position = at(1);
    await verifier.holds();
  });

  it('is not held before all is known that was in the log when it could first be seen', async () => {
    const verifier = verifiers.start();
    verifier.heardLastMs = verifier.nowMs();
    // What is written from now on waits for it.
    await eventually(async () => (await verifiers.receipt(at(1)))[verifier.verifierId] === true);
    const other = await verifiers.start().holds();
    expect(other.lease.isHeld()).toBe(true);
    expect(verifier.lease.isHeld()).toBe(false);
    verifier.heardLastMs = verifier.nowMs();
    expect(verifier.lease.isHeld()).toBe(true);
  });

  it('follows the position, and tells since when it is there', async () => {
    const verifier = await verifiers.start().holds();
    const seen = async () => (await verifiers.positions.verifiersAt(at(1)))[0];
    const first = await seen();
    // A renewal changes nothing of that.
    verifier.monotonicAheadMs += 2_000;
    const { rows } = await verifiers.pool.query<{ reported: Date }>(
      'select reported_at as reported from followers.follower_positions',
    );
    await eventually(async () => {
      const text = 'select 1 from followers.follower_positions where reported_at > $1';
      return (await verifiers.pool.query(text, [rows[0]?.reported.toISOString()])).rowCount === 1;
    });
    expect(await seen()).toEqual(first);
    verifier.position = at(2);
    await eventually(async () => (await seen())?.position === at(2));
    expect(Date.parse((await seen())?.at ?? '')).toBeGreaterThan(Date.parse(first?.at ?? ''));
  });

  it('is given back by a clean stop, for good', async () => {
    const verifier = await verifiers.start().holds();
    await verifier.lease.stop();
    expect(verifier.lease.isHeld()).toBe(false);
    expect(await verifiers.positions.verifiersAt(at(1))).toEqual([]);
    expect(verifier.troubles).toEqual([]);
  });

  it('stops within its time where the database does not answer', async () => {
    const { verifier, proxy } = await verifiers.startBehindProxy();
    await verifier.holds();
    proxy.behaviour = 'frozen';
    await verifier.lease.stop();
    expect(verifier.lease.isHeld()).toBe(false);
    proxy.behaviour = 'open';
    proxy.cut();
  });
});

describe('a verifier that is cut off from the database', () => {
  it.each(['no-replies', 'frozen', 'refusing'] as const)(
    'with %s holds the lease for ten seconds, and takes it up again by a new report',
    async (behaviour) => {
      const { verifier, proxy } = await verifiers.startBehindProxy();
      await verifier.holds();
      proxy.behaviour = behaviour;
      if (behaviour === 'refusing') proxy.cut();
      verifier.position = at(2);
      await eventually(() => verifier.troubles.length > 0);
      expect(verifier.lease.isHeld()).toBe(true);
      verifier.monotonicAheadMs += LEASE_MS;
      expect(verifier.lease.isHeld()).toBe(false);
      // It hears the log, but nobody has waited for it.
      verifier.heardLastMs = verifier.nowMs();
      proxy.behaviour = 'open';
      proxy.cut();
      await eventually(async () => (await verifiers.positions.verifiersAt(at(2)))[0]?.guaranteed === true);
      const other = await verifiers.start().holds();
      await other.lease.stop();
      verifier.position = at(3);
      await eventually(async () => (await verifiers.positions.verifiersAt(at(3)))[0]?.guaranteed === true);
      expect(verifier.lease.isHeld()).toBe(false);
      verifier.heardLastMs = null;
      await verifier.holds();
    },
  );

  it('tells once that it is held, and once of an outage that begins and ends', async () => {
    const { verifier, proxy } = await verifiers.startBehindProxy();
    await eventually(() => verifier.told.length > 0);
    for (const outage of [1, 2]) {
      proxy.behaviour = 'refusing';
      proxy.cut();
      verifier.position = at(2 * outage);
      const refused = proxy.refused + 4;
      await eventually(() => proxy.refused >= refused);
      proxy.behaviour = 'open';
      await eventually(() => verifier.told.length > 2 * outage);
    }
    expect(verifier.told).toEqual(['held', 'trouble', 'recovery', 'trouble', 'recovery']);
  });

  it('holds it no longer than its machine has slept', async () => {
    const { verifier, proxy } = await verifiers.startBehindProxy();
    await verifier.holds();
    proxy.behaviour = 'frozen';
    verifier.wallAheadMs += LEASE_MS;
    expect(verifier.lease.isHeld()).toBe(false);
    proxy.behaviour = 'open';
    proxy.cut();
    await verifier.holds();
  });

  it('holds it as long as before where its calendar is set back', async () => {
    const verifier = await verifiers.start().holds();
    verifier.wallAheadMs -= 3_600_000;
    expect(verifier.lease.isHeld()).toBe(true);
    verifier.monotonicAheadMs += LEASE_MS;
    expect(verifier.lease.isHeld()).toBe(false);
  });

  it('counts from the begin of a report, not from its answer', async () => {
    const positions = new SlowAnswers(verifiers.pool, verifiers.log, SCHEMA);
    const verifier = await verifiers.start({ positions }).holds();
    const answer = positions.holdBack();
    verifier.position = at(2);
    await eventually(async () => (await verifiers.positions.verifiersAt(at(2)))[0]?.guaranteed === true);
    verifier.monotonicAheadMs += LEASE_MS;
    const next = positions.holdBack();
    const { begun } = positions;
    answer();
    await eventually(() => positions.begun > begun); // The answer has come.
    expect(verifier.lease.isHeld()).toBe(false);
    next();
    await verifier.holds();
  });
});

describe('what is waited for', () => {
  it('is nobody where there is no verifier, and not even the table', async () => {
    expect(await verifiers.positions.waitForVerifiers(at(9))).toEqual([]);
  });

  it('is that all who hold a lease reach the position', async () => {
    const [one, other] = [await verifiers.start().holds(), await verifiers.start().holds()];
    let isAnswered = false;
    const waiting = verifiers.positions.waitForVerifiers(at(2), 60_000).finally(() => (isAnswered = true));
    one.position = at(2);
    await eventually(async () => (await verifiers.receipt(at(2)))[one.verifierId] === true);
    expect(isAnswered).toBe(false);
    other.position = at(3);
    expect(guarantees(await waiting)).toEqual({ [one.verifierId]: true, [other.verifierId]: true });
  });

  it('is one that begins to hold a lease meanwhile', async () => {
    const [slow, late] = [await verifiers.start().holds(), verifiers.start({ position: null })];
    const waiting = verifiers.positions.waitForVerifiers(at(2), 60_000);
    late.position = at(1);
    await late.holds();
    slow.position = at(2);
    await eventually(async () => (await verifiers.receipt(at(2)))[slow.verifierId] === true);
    late.position = at(2);
    expect(guarantees(await waiting)).toEqual({ [slow.verifierId]: true, [late.verifierId]: true });
  });

  it('ends with the time, and says who is not guaranteed', async () => {
    const [fast, slow] = [await verifiers.start().holds(), await verifiers.start().holds()];
    fast.position = at(2);
    await eventually(async () => (await verifiers.receipt(at(2)))[fast.verifierId] === true);
    const told = await verifiers.positions.waitForVerifiers(at(2), 50);
    expect(guarantees(told)).toEqual({ [fast.verifierId]: true, [slow.verifierId]: false });
  });

  it('ends with the signal', async () => {
    const slow = await verifiers.start().holds();
    const stopping = new AbortController();
    const waiting = verifiers.positions.waitForVerifiers(at(2), 60_000, stopping.signal);
    stopping.abort();
    expect(guarantees(await waiting)).toEqual({ [slow.verifierId]: false });
  });

  it('is also one under policy open, but it guarantees nothing', async () => {
    const verifier = await verifiers.start({ policy: 'open' }).holds();
    expect(guarantees(await verifiers.positions.waitForVerifiers(at(2), 50))).toEqual({ [verifier.verifierId]: false });
    verifier.position = at(2);
    const told = await verifiers.positions.waitForVerifiers(at(2), 60_000);
    expect(told).toMatchObject([{ position: at(2), guaranteed: false }]);
  });

  it('is no verifier of another log that stands further there', async () => {
    const verifier = await verifiers.start().holds();
    verifier.position = `fedcba9876543210-${'f'.repeat(16)}`;
    await eventually(async () => (await verifiers.positions.verifiersAt(at(1)))[0]?.guaranteed === false);
  });

  it('is one beyond the position that stands on what the log has lost, until it gives its lease back', async () => {
    const [fooled, other] = [await verifiers.start({ position: at(7) }).holds(), await verifiers.start().holds()];
    verifiers.log.lost.add(at(7));
    other.position = at(5);
    await eventually(async () => (await verifiers.receipt(at(5)))[other.verifierId] === true);
    const told = await verifiers.positions.waitForVerifiers(at(5), 50);
    expect(guarantees(told)).toEqual({ [fooled.verifierId]: false, [other.verifierId]: true });
    const waiting = verifiers.positions.waitForVerifiers(at(5), 60_000);
    await fooled.lease.stop();
    expect(guarantees(await waiting)).toEqual({ [other.verifierId]: true });
  });

  it('is one of an earlier version, which tells no event, but it guarantees nothing', async () => {
    const { verifierId } = await verifiers.start().holds();
    const old = randomUUID();
    await verifiers.pool.query(
      `insert into followers.follower_positions (verifier_id, position, policy, at, reported_at)
       values ($1, $2, 'closed', clock_timestamp(), clock_timestamp())`,
      [old, at(9)],
    );
    expect(await verifiers.receipt(at(1))).toEqual({ [verifierId]: true, [old]: false });
  });

  it('is a killed one, until its lease has lapsed by the clock of the database', async () => {
    const { verifier, proxy } = await verifiers.startBehindProxy();
    await verifier.holds();
    proxy.behaviour = 'frozen'; // It says no goodbye.
    await verifiers.letPass(LEASE_MS / 1000 + 1, verifier); // Its clock may be behind that of the database.
    expect(guarantees(await verifiers.positions.waitForVerifiers(at(2), 50))).toEqual({ [verifier.verifierId]: false });
    const waiting = verifiers.positions.waitForVerifiers(at(2), 60_000);
    await verifiers.letPass(LEASE_MS / 1000 + 2, verifier);
    expect(await waiting).toEqual([]);
    proxy.behaviour = 'open';
    proxy.cut();
  });

  it('looks at the table once for all who wait at the same time', async () => {
    await verifiers.start().holds();
    const query = verifiers.pool.query.bind(verifiers.pool) as (...args: unknown[]) => Promise<unknown>;
    let looks = 0;
    Object.assign(verifiers.pool, {
      query: (...args: unknown[]) => {
        looks += 1;
        return query(...args);
      },
    });
    const all = Array.from({ length: 100 }, () => verifiers.positions.verifiersAt(at(1)));
    expect((await Promise.all(all)).every(([seen]) => seen?.guaranteed === true)).toBe(true);
    expect(looks).toBe(1);
    // Who asks while a look is under way gets the next one: it must see what was written before.
    const first = verifiers.positions.verifiersAt(at(1));
    await sleep(0);
    await Promise.all([first, verifiers.positions.verifiersAt(at(1))]);
    expect(looks).toBe(3);
  });

  it('is told as trouble where the database does not answer in the time', async () => {
    const { proxy, verifier } = await verifiers.startBehindProxy();
    await verifier.holds();
    await verifiers.pool.query('alter table followers.follower_positions rename column policy to was');
    await expect(verifiers.positions.waitForVerifiers(at(1), 50)).rejects.toMatchObject({ code: '42703' });
    await verifiers.pool.query('alter table followers.follower_positions rename column was to policy');
    const lock = await verifiers.pool.connect();
    await lock.query('begin; lock table followers.follower_positions');
    await expect(verifiers.positions.waitForVerifiers(at(1), 50)).rejects.toThrow('does not tell');
    await lock.query('rollback');
    lock.release();
    expect(await verifiers.positions.waitForVerifiers(at(1))).toMatchObject([{ guaranteed: true }]);
    proxy.cut();
  });
});

describe('rows', () => {
  const rows = async () => (await verifiers.pool.query('select 1 from followers.follower_positions')).rowCount;

  it('of the long silent are swept, those of others not', async () => {
    const { verifier: silent, proxy } = await verifiers.startBehindProxy();
    await silent.holds();
    proxy.behaviour = 'frozen';
    const verifier = await verifiers.start().holds();
    await verifiers.letPass(3_590, silent);
    await verifiers.positions.sweep();
    expect(await rows()).toBe(2);
    await verifiers.letPass(3_601, silent);
    await verifiers.positions.sweep();
    expect(await verifiers.receipt(at(1))).toEqual({ [verifier.verifierId]: true });
    expect(await rows()).toBe(1);
    proxy.behaviour = 'open';
    proxy.cut();
  });

  it('from before the clock was set back count as new ones, and lapse', async () => {
    const { verifier, proxy } = await verifiers.startBehindProxy();
    await verifier.holds();
    proxy.behaviour = 'frozen';
    await verifiers.letPass(-86_400, verifier);
    expect(await verifiers.receipt(at(2))).toEqual({ [verifier.verifierId]: false });
    await verifiers.positions.sweep();
    const text = `select 1 from followers.follower_positions where reported_at <= clock_timestamp()`;
    expect((await verifiers.pool.query(text)).rowCount).toBe(1);
    proxy.behaviour = 'open';
    proxy.cut();
  });

  it('of a table of an earlier version are read, and it gets what it lacks', async () => {
    await verifiers.pool.query(`create schema followers; create table followers.follower_positions (
      verifier_id uuid primary key, position text not null, policy text not null, at timestamptz not null,
      reported_at timestamptz not null)`);
    expect(await verifiers.receipt(at(1))).toEqual({});
    const { verifierId } = await verifiers.start().holds();
    expect(await verifiers.receipt(at(1))).toEqual({ [verifierId]: true });
  });

  it('are made by whoever comes first, in several processes at once', async () => {
    const started = Array.from({ length: 5 }, () => verifiers.start());
    await Promise.all(started.map((verifier) => verifier.holds()));
    expect(Object.keys(await verifiers.receipt(at(1)))).toHaveLength(5);
    expect(started.flatMap(({ troubles }) => troubles)).toEqual([]);
  });
});
