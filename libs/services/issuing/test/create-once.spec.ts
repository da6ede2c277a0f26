import { randomUUID } from 'node:crypto';
import { getKeyed, sizeOf, type AccountState } from '@keyledger/domain';
import { timeFor } from '@keyledger/edge';
import { LogUnavailable, type EventLog } from '@keyledger/event-log';
import { credentialIn } from '../src/commands.js';
import { SECRET_SHOWN_MS } from '../src/prepared-commands.js';
import { callOf, Installation, SCHEMA, withClock, type IssuingProcess } from './installation.js';

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.open();
});

afterAll(() => installation.close());

const keyOf = (): string => `key-${randomUUID()}`;
const credentialsIn = (state: AccountState): number => (state.phase === 'absent' ? 0 : sizeOf(state.credentials));

/** Gives the account so many names, one after the other. */
const rename = (accountId: string, times: number) => {
  const process = installation.process();
  const names = Array.from({ length: times }, (_, n) => `name ${n}`);
  return Promise.all(names.map((name) => process.run(accountId, { type: 'UpdateAccount', name })));
};

/** A process, and how many events it reads for some work. */
const counting = () => {
  const { log } = installation;
  let events = 0;
  async function* readStream(...[streamId, from]: Parameters<EventLog['readStream']>) {
    for await (const page of log.readStream(streamId, from)) {
      events += page.length;
      yield page;
    }
  }
  const cost = async (work: () => Promise<unknown>): Promise<number> => {
    events = 0;
    await work();
    return events;
  };
  return { process: installation.process({ log: { ...log, readStream } }), cost };
};

/** A process whose appends all fail, with nothing stored. */
const unableToAppend = (): IssuingProcess => {
  const append: EventLog['append'] = async () => ({ kind: 'unavailable', reason: 'test' });
  return installation.process({ log: { ...installation.log, append } });
};

describe('a keyed request', () => {
  it('is answered a second time with the first secret and position, and the account as it stands', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    const first = await installation.process().issue(accountId, key);
    await installation.process().issue(accountId);
    const second = await installation.process().issue(accountId, key);
    expect([first.replayed, second.replayed]).toEqual([false, true]);
    expect(second.secret).toEqual(first.secret);
    expect(second.executed.position).toBe(first.executed.position);
    expect(second.executed.events).toEqual(first.executed.events);
    expect(second.executed.state).toEqual(await installation.process().state(accountId));
    expect(credentialsIn(second.executed.state)).toBe(2);
  });

  it('costs little when it is repeated, however long the account has become', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    await rename(accountId, 20);
    const { process, cost } = counting();
    await process.issue(accountId, key);
    // Its own two, and once more the last event that this process knows.
    expect(await cost(() => process.issue(accountId, key))).toBeLessThanOrEqual(3);
  });

  it('costs no more to repeat for all that others did before it, of which its process did not know', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    const unaware = installation.process();
    await unaware.state(accountId);
    await rename(accountId, 300);
    await unaware.issue(accountId, key);
    const { process, cost } = counting();
    await process.state(accountId);
    expect(await cost(() => process.issue(accountId, key))).toBeLessThanOrEqual(3);
  });

  it('costs little when its external id is taken, however long that account has become', async () => {
    const externalId = randomUUID();
    const { process, cost } = counting();
    const { command } = await process.register(externalId, keyOf());
    await rename(command.type === 'RegisterAccount' ? command.accountId : '', 100);
    await process.register(externalId, keyOf()).catch(() => undefined);
    const again = () =>
      expect(process.register(externalId, keyOf())).rejects.toMatchObject({ code: 'external-id-taken' });
    // Where its own would be: in the first page. And the last event that this process knows.
    expect(await cost(again)).toBeLessThanOrEqual(33);
  });

  it('registers one account, however many twins of it run at once', async () => {
    const externalId = randomUUID();
    const processes = [installation.process(), installation.process(), installation.process()];
    for (const [given, key] of [
      [null, keyOf()],
      [externalId, keyOf()],
    ] as const) {
      const twins = await Promise.all(
        processes.flatMap((each) => [each.register(given, key), each.register(given, key)]),
      );
      expect(new Set(twins.map(({ executed }) => executed.position)).size).toBe(1);
      expect(twins.filter(({ replayed }) => !replayed)).toHaveLength(1);
      expect(twins[0]?.executed.state).toMatchObject({ facts: { name: 'Acme', externalId: given } });
    }
    const other = installation.process().register(externalId, keyOf());
    await expect(other).rejects.toMatchObject({ code: 'external-id-taken' });
  });

  it('adds one credential however many twins of it run at once, in however many processes', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    const processes = [installation.process(), installation.process(), installation.process()];
    const twins = await Promise.all(
      processes.flatMap((each) => [each.issue(accountId, key), each.issue(accountId, key)]),
    );
    expect(new Set(twins.map(({ secret }) => secret['secret'])).size).toBe(1);
    expect(credentialsIn(await installation.process().state(accountId))).toBe(1);
  });

  it('rotates once however many twins of it run at once, in however many processes', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    const processes = [installation.process(), installation.process(), installation.process()];
    const { credentialId } = await installation.process().issue(accountId);
    for (const each of processes) await each.streams.read(accountId);
    const twins = await Promise.all(
      processes.flatMap((each) => [1, 2, 3].map(() => each.rotate(accountId, credentialId ?? '', key))),
    );
    expect(new Set(twins.map(({ executed }) => executed.position)).size).toBe(1);
    expect(credentialIn(await installation.process().state(accountId), credentialId ?? '').versions).toHaveLength(2);
  });

  it('is answered with what its first attempt stored, even if that comes while it is repeated', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    const { log } = installation;
    let late: (() => Promise<unknown>) | undefined;
    // The first process ends with its append on the way, and nobody knows whether it will arrive.
    const append: EventLog['append'] = (...args) => {
      late ??= () => log.append(...args);
      return Promise.reject(new Error('killed'));
    };
    await expect(installation.process({ log: { ...log, append } }).issue(accountId, key)).rejects.toThrow('killed');
    const reads: string[] = [];
    async function* readStream(...[streamId, from]: Parameters<EventLog['readStream']>) {
      reads.push(streamId);
      yield* log.readStream(streamId, from);
      // It arrives as soon as the repeat has looked for it in vain.
      if (reads.length === 2) await late?.();
    }
    const repeated = await installation.process({ log: { ...log, readStream } }).issue(accountId, key);
    expect(reads.length).toBeGreaterThan(2);
    expect(repeated.executed.events.map(({ type }) => type)).toEqual(['CredentialCreated', 'WebhookSecretAssigned']);
    const again = await installation.process().issue(accountId, key);
    expect(again.secret).toEqual(repeated.secret);
    expect(again.executed).toMatchObject({ position: repeated.executed.position, events: repeated.executed.events });
  });

  it('happens when it is repeated, if its first attempt stored nothing', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    const { credentialId } = await installation.process().issue(accountId);
    const rotate = (process: IssuingProcess) => process.rotate(accountId, credentialId ?? '', key, 60);
    await expect(rotate(unableToAppend())).rejects.toThrow(LogUnavailable);
    await withClock(5, async () => {
      const now = new Date().toISOString();
      const { executed } = await rotate(installation.process());
      expect(executed.events).toMatchObject([{ type: 'CredentialRotated', version: 2 }]);
      const [event] = executed.events;
      expect(event !== undefined && event.at >= now).toBe(true);
      const [replaced] = credentialIn(executed.state, credentialId ?? '').versions;
      expect(replaced?.validUntil).toBe(new Date(Date.parse(event?.at ?? '') + 60_000).toISOString());
    });
  });

  it('is a new request once its secret is too old to be shown, if its first attempt stored nothing', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    await expect(unableToAppend().issue(accountId, key)).rejects.toThrow(LogUnavailable);
    const { rows } = await installation.pool.query<{ credential_id: string }>(
      `select distinct credential_id from secrets.retained_secrets where account_id = $1`,
      [accountId],
    );
    const [sealed] = rows;
    await withClock(11, async () => {
      const { credentialId, replayed } = await installation.process().issue(accountId, key);
      expect(credentialId).not.toBe(sealed?.credential_id);
      expect(replayed).toBe(false);
    });
  });

  it('is decided again after a refusal', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    const process = installation.process();
    await process.run(accountId, { type: 'SuspendAccount' });
    await expect(process.issue(accountId, key)).rejects.toMatchObject({ code: 'account-suspended' });
    await process.run(accountId, { type: 'ResumeAccount' });
    expect((await process.issue(accountId, key)).secret['secret']).toMatch(/^whsec_/);
  });

  it('shows its secret no more once it is acknowledged', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    const process = installation.process();
    const { credentialId } = await process.issue(accountId, key);
    await process.run(accountId, { type: 'AcknowledgeSecret', credentialId: credentialId ?? '' });
    const repeated = await process.issue(accountId, key);
    expect(repeated).toMatchObject({ secret: { secret: null }, secretUnavailable: 'acknowledged', credentialId });
  });

  it.each<[string, (process: IssuingProcess, accountId: string, credentialId: string) => Promise<unknown>]>([
    ['replaced', (process, accountId, credentialId) => process.rotate(accountId, credentialId)],
    [
      'revoked',
      (process, accountId, credentialId) =>
        process.run(accountId, { type: 'RevokeCredential', credentialId, reason: null }),
    ],
    [
      'deleted',
      (process, accountId, credentialId) =>
        process.run(accountId, {
          ...{ type: 'DeleteCredential', credentialId, confirmation: 'a-b', acceptedPhrases: ['a-b'] },
        }),
    ],
  ])('shows its secret no more once it is %s', async (_, end) => {
    const [accountId, key] = [await installation.account(), keyOf()];
    const process = installation.process();
    await process.issue(accountId); // It signs, so that the next one need not.
    const { credentialId } = await process.issue(accountId, key);
    await end(process, accountId, credentialId ?? '');
    expect(await process.issue(accountId, key)).toMatchObject({
      ...{ secret: { secret: null }, secretUnavailable: 'ended', credentialId, replayed: true },
    });
  });

  it('shows its secret for as long as it is valid beside a new one', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    const process = installation.process();
    const first = await process.issue(accountId, key);
    await process.rotate(accountId, first.credentialId ?? '', undefined, 60);
    expect((await process.issue(accountId, key)).secret).toEqual(first.secret);
  });

  it('shows its secret no more after ten minutes, and is a new request after a day', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    const process = installation.process();
    const first = await process.issue(accountId, key);
    const age = (ms: number) =>
      installation.pool.query(
        `update ${SCHEMA}.prepared_commands set created_at = created_at - make_interval(secs => $1::float8 / 1000)
         where credential_id = $2`,
        [ms, first.credentialId],
      );
    await age(SECRET_SHOWN_MS + 1_000);
    await process.prepared.sweep();
    const repeated = await process.issue(accountId, key);
    expect(repeated).toMatchObject({ secret: { secret: null }, secretUnavailable: 'expired', replayed: true });
    expect(repeated.executed.position).toBe(first.executed.position);
    await age(24 * 60 * 60 * 1_000);
    await process.prepared.sweep();
    expect((await process.issue(accountId, key)).credentialId).not.toBe(first.credentialId);
  });

  it('creates one thing, also where its twins are refused before it is allowed', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [accountId, key] = [await installation.account(), keyOf()];
      const processes = [installation.process(), installation.process()];
      const ask = (times: number) =>
        Array.from({ length: times }, (_, n) =>
          processes[n % 2]?.issue(accountId, key).catch((error: unknown) => error),
        );
      await installation.process().run(accountId, { type: 'SuspendAccount' });
      const early = ask(6);
      await installation.process().run(accountId, { type: 'ResumeAccount' });
      await Promise.all([...early, ...ask(6)]);
      const last = await installation.process().issue(accountId, key);
      const state = await installation.process().state(accountId);
      expect(credentialsIn(state)).toBe(1);
      expect(credentialIn(state, last.credentialId ?? '').status).toBe('active');
    }
  });

  it('is known by its own key, however many others come at the same moment', async () => {
    const keys = Array.from({ length: 120 }, keyOf);
    const [process, other] = [installation.process(), installation.process()];
    const before = await process.register(null, keys[0] ?? '');
    const all = [...keys, ...keys.toReversed()];
    const answers = await Promise.all(all.map((key, n) => (n % 2 ? process : other).register(null, key)));
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(119);
    const positions = answers.map(({ executed }) => executed.position);
    expect(positions.slice(120)).toEqual(positions.slice(0, 120).toReversed());
    expect([positions[0], new Set(positions).size]).toEqual([before.executed.position, 120]);
  });

  it('is refused with another body', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    const process = installation.process();
    await process.issue(accountId, key);
    const { type, material } = process.generator.forNew('api_key', 'test');
    const command = { type: 'RefreshAuthToken', secret: material.secret } as const;
    const reused = process.createOnce.run(callOf(accountId, key), { another: 'body' }, () => ({
      command,
      credentialId: null,
      type,
      material,
    }));
    await expect(reused).rejects.toMatchObject({ code: 'idempotency-key-reused' });
  });

  it('leaves its key in no table: database and master key together open nothing', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    await installation.process().issue(accountId, key);
    const { rows } = await installation.pool.query<{ text: string }>(
      `select prepared_commands::text as text from ${SCHEMA}.prepared_commands`,
    );
    expect(rows.map(({ text }) => text).join()).not.toContain(key);
  });
});

describe('a secret made for an account that has changed since', () => {
  it('is made anew for the account as it is', async () => {
    const accountId = await installation.account();
    const [first, second] = [installation.process(), installation.process()];
    await second.issue(accountId);
    const { credentialId } = await first.issue(accountId);
    // The second process still knows the account without this credential, so at first it has no secret for it.
    const rotated = await second.rotate(accountId, credentialId ?? '');
    expect(rotated.secret['secret']).toMatch(/^whsec_/);
    expect(rotated.executed.events).toMatchObject([{ type: 'CredentialRotated', credentialId, version: 2 }]);
    const [event] = rotated.executed.events;
    const reference = event !== undefined && 'digest' in event ? event.digest.value : '';
    const place = { accountId, credentialId: credentialId ?? '', part: 'secret', reference };
    expect(await second.retained.get(place)).toBe(rotated.secret['secret']);
  });

  it('survives the acknowledgement of the one before it', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    const process = installation.process();
    const { credentialId, executed } = await process.issue(accountId, key);
    const credential = credentialIn(executed.state, credentialId ?? '');
    const rotated = await process.rotate(accountId, credentialId ?? '', `${key}-rotate`);
    // The acknowledgement was decided before the rotation, and its clean-up comes after it.
    await process.sealed.acknowledged({ ...credential, acknowledgedVersion: 1 });
    const repeated = await process.rotate(accountId, credentialId ?? '', `${key}-rotate`);
    expect(repeated.secret).toEqual(rotated.secret);
    expect(await process.issue(accountId, key)).toMatchObject({ secret: { secret: null } });
  });

  it('leaves the acknowledgement of another process standing', async () => {
    const [accountId, key] = [await installation.account(), keyOf()];
    const [first, second] = [installation.process(), installation.process()];
    const { credentialId } = await first.issue(accountId, key);
    await first.issue(accountId, key);
    await second.run(accountId, { type: 'AcknowledgeSecret', credentialId: credentialId ?? '' });
    expect(await first.issue(accountId, key)).toMatchObject({ secretUnavailable: 'acknowledged' });
  });
});

describe('the time of a command', () => {
  const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

  it('is that of the last event where it was prepared before that', () => {
    const lastAt = ago(1);
    expect(timeFor(lastAt, ago(9))).toBe(lastAt);
    expect(timeFor(ago(9), lastAt)).toBe(lastAt);
    expect(timeFor(null, lastAt)).toBe(lastAt);
  });
});

describe('a retained secret', () => {
  it('can be opened by what the event holds', async () => {
    const accountId = await installation.account();
    const process = installation.process();
    const { secret, credentialId, executed } = await process.issue(accountId);
    const { state } = executed;
    const credential = state.phase === 'absent' ? undefined : getKeyed(state.credentials, credentialId ?? '');
    const reference = credential?.versions[0]?.digest.value ?? '';
    const place = { accountId, credentialId: credentialId ?? '', part: 'secret', reference };
    expect(await process.retained.get(place)).toBe(secret['secret']);
  });
});
