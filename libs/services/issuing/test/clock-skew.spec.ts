import { randomUUID } from 'node:crypto';
import { getKeyed, type AccountCommand } from '@keyledger/domain';
import { callOf, Installation, withClock, type IssuingProcess } from './installation.js';

let installation: Installation;
let process: IssuingProcess;
let accountId: string;
let credentialId: string;
const DAY = 24 * 60;

beforeAll(async () => {
  installation = await Installation.open();
});

afterAll(() => installation.close());

/** An account with two secrets, the first of which signs, that a process with a clock a day ahead has written to. */
beforeEach(async () => {
  process = installation.process();
  accountId = await installation.account();
  await process.issue(accountId);
  credentialId = (await process.issue(accountId)).credentialId ?? '';
  await process.rotate(accountId, credentialId, undefined, 600);
  await withClock(DAY, () => process.run(accountId, { type: 'UpdateAccount', name: 'From tomorrow' }));
});

const lastAt = async (): Promise<string> => {
  const state = await process.state(accountId);
  return state.phase === 'registered' ? state.lastAt : '';
};

describe('an account that a clock one day ahead has written to', () => {
  it.each<[string, () => AccountCommand]>([
    ['suspended', () => ({ type: 'SuspendAccount' })],
    ['without API access', () => ({ type: 'DisableApiAccess' })],
    ['without the old secret of a rotation', () => ({ type: 'FinishRotation', credentialId })],
    ['without the credential for a while', () => ({ type: 'SuspendCredential', credentialId })],
    ['without the credential for good', () => ({ type: 'RevokeCredential', credentialId, reason: null })],
    [
      'without the credential at all',
      () => ({ type: 'DeleteCredential', credentialId, confirmation: 'a-b', acceptedPhrases: ['a-b'] }),
    ],
  ])('can be %s, at the time of its last event', async (_, commandOf) => {
    const before = await lastAt();
    const { events } = await process.run(accountId, commandOf());
    for (const event of events) expect(event.at).toBe(before);
    expect(await lastAt()).toBe(before);
  });

  it('takes nothing else, and says until when', async () => {
    const until = new Date(Date.parse(await lastAt()) - 300_000);
    const refused = process.run(accountId, { type: 'UpdateAccount', name: 'Now' });
    await expect(refused).rejects.toMatchObject({ code: 'clock-skew' });
    await expect(refused).rejects.toThrow(until.toISOString());
    const waitSeconds = await refused.catch(
      (error: { headers: Record<string, string> }) => error.headers['Retry-After'],
    );
    expect(Number(waitSeconds)).toBeGreaterThan(23 * 3600);
    await expect(process.issue(accountId, randomUUID())).rejects.toMatchObject({ code: 'clock-skew' });
    await withClock(DAY - 5, () => process.run(accountId, { type: 'UpdateAccount', name: 'When it said' }));
  });

  it('is no reason to keep an endpoint open', async () => {
    const call = callOf(accountId);
    const endpoint = (id: string) => ({ endpointId: id, method: 'GET', path: `/${id}`, status: 'active' as const });
    await withClock(DAY, () => process.catalogue.replace(call, [endpoint('a'), endpoint('b')]));
    await process.catalogue.replace(call, [endpoint('a')]);
    expect(await process.catalogue.connectableIds()).toEqual(new Set(['a']));
    await process.catalogue.replace(call, [endpoint('a')]);
    const added = process.catalogue.replace(call, [endpoint('a'), endpoint('c')]);
    await expect(added).rejects.toMatchObject({ code: 'clock-skew' });
  });

  it('takes everything from a process that is told to tolerate it', async () => {
    const tolerant = installation.process({ env: { KEYLEDGER_CLOCK_TOLERANCE_SECONDS: '90000' } });
    const issued = await tolerant.issue(accountId, randomUUID());
    const state = await tolerant.state(accountId);
    const credential = state.phase === 'registered' && getKeyed(state.credentials, issued.credentialId ?? '');
    expect(credential).toMatchObject({ createdAt: await lastAt(), status: 'active' });
  });
});
