import { randomUUID } from 'node:crypto';
import { getKeyed, sizeOf } from '@keyledger/domain';
import { LogReadOnly } from '@keyledger/event-log';
import { Installation, SCHEMA } from './installation.js';

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.open();
});

afterAll(() => installation.close());

const rowsOf = async (table: string): Promise<number> => {
  const text = `select count(*)::int as count from ${table}`;
  return (await installation.pool.query<{ count: number }>(text)).rows[0]?.count ?? 0;
};

const heldBy = async (accountId: string): Promise<number> => {
  const state = await installation.process().state(accountId);
  return state.phase === 'absent' ? 0 : sizeOf(state.credentials);
};

describe('a process that may only read', () => {
  it('stores nothing of a keyed request, which succeeds with its key where writing goes on', async () => {
    const [accountId, key] = [await installation.account(), `key-${randomUUID()}`];
    const before = [await rowsOf(`${SCHEMA}.prepared_commands`), await rowsOf('secrets.retained_secrets')];
    await expect(installation.process({ readOnly: true }).issue(accountId, key)).rejects.toThrow(LogReadOnly);
    expect([await rowsOf(`${SCHEMA}.prepared_commands`), await rowsOf('secrets.retained_secrets')]).toEqual(before);
    const { secret } = await installation.process().issue(accountId, key);
    expect(secret['secret']).toMatch(/^whsec_/);
    expect(await heldBy(accountId)).toBe(1);
  });

  it('leaves alone what another process has prepared', async () => {
    const [accountId, key] = [await installation.account(), `key-${randomUUID()}`];
    const first = await installation.process().issue(accountId, key);
    await expect(installation.process({ readOnly: true }).issue(accountId, key)).rejects.toThrow(LogReadOnly);
    expect((await installation.process().issue(accountId, key)).secret).toEqual(first.secret);
  });

  it('refuses every command that would change something, and answers what is true already', async () => {
    const accountId = await installation.account();
    const process = installation.process({ readOnly: true });
    await expect(process.run(accountId, { type: 'SuspendAccount' })).rejects.toThrow(LogReadOnly);
    expect((await process.run(accountId, { type: 'ResumeAccount' })).events).toEqual([]);
    expect(await process.state(accountId)).toMatchObject({ phase: 'registered' });
  });
});

describe('a process on a copy of the log', () => {
  it('repeats keyed requests of before, and goes on where the log was copied', async () => {
    const [accountId, key] = [await installation.account(), `key-${randomUUID()}`];
    const before = installation.process();
    const first = await before.issue(accountId, key);
    const copy = await installation.copyLog();
    expect(copy.logId).not.toBe(installation.log.logId);
    const process = installation.process({ log: copy });
    const repeated = await process.issue(accountId, key);
    expect(repeated.secret).toEqual(first.secret);
    expect(repeated.executed.events).toEqual(first.executed.events);
    expect(repeated.executed.position).toMatch(new RegExp(`^${copy.logId}-`));
    const { credentialId } = await process.issue(accountId);
    const state = await process.state(accountId);
    expect(state.phase === 'registered' && getKeyed(state.credentials, credentialId ?? '')).toBeTruthy();
    await copy.close();
  });

  it('takes no snapshot of before for one of its own', async () => {
    const accountId = await installation.account();
    const process = installation.process();
    // As many events as make a snapshot due.
    for (let round = 0; round < 300; round += 1) {
      await process.run(accountId, { type: 'SuspendAccount' });
      await process.run(accountId, { type: 'ResumeAccount' });
    }
    await process.close();
    expect(await rowsOf(`${SCHEMA}.snapshots`)).toBe(1);
    await installation.pool.query(
      `update ${SCHEMA}.snapshots set state = convert_to(replace(convert_from(state, 'UTF8'), 'Acme', 'Mark'), 'UTF8')`,
    );
    expect(await installation.process().state(accountId)).toMatchObject({ facts: { name: 'Mark' } });
    const copy = await installation.copyLog();
    expect(await installation.process({ log: copy }).state(accountId)).toMatchObject({ facts: { name: 'Acme' } });
    await copy.close();
  });
});
