import { absentAccount, evolve, toSnapshot, type AccountEvent, type AccountState } from '@keyledger/domain';
import { bytesOf } from '../src/account-streams.js';

const at = '2026-03-01T09:30:00.000Z';

const registered: AccountEvent = {
  ...{ type: 'AccountRegistered', accountId: 'acct_0190d7a2-6c1e-7c3b-9c55-2f8f4a1b6e10' },
  ...{ name: 'Acme', externalId: null, at },
};

const application = (index: number, endpoints: number): AccountEvent => ({
  ...{ type: 'ApplicationRegistered', applicationId: `app_${index}`, title: `Portal ${index}`, description: null, at },
  endpointIds: Array.from({ length: endpoints }, (_, endpoint) => `endpoint-${endpoint}`),
});

const written = (state: AccountState): number =>
  state.phase === 'absent' ? 0 : JSON.stringify(toSnapshot(state)).length;

it('the size of an account is about that of its snapshot, however its parts are made', () => {
  let state = [registered].reduce(evolve, absentAccount);
  const before = bytesOf(state);
  for (let index = 0; index < 300; index += 1) state = evolve(state, application(index, index % 3 === 0 ? 500 : 0));
  expect(bytesOf(state) / written(state)).toBeGreaterThan(0.8);
  expect(bytesOf(state) / written(state)).toBeLessThan(1.2);
  for (let index = 0; index < 300; index += 1) {
    state = evolve(state, { type: 'ApplicationDeleted', applicationId: `app_${index}`, at });
  }
  expect(bytesOf(state)).toBe(before);
});
