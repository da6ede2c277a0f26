import { operationRpcs } from './harness/grpc-client.js';
import { routes } from './harness/routes.js';
import { sharedServer } from './harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

test('both doors of the running server answer', async () => {
  const { accountId } = await visit.newAccount({ name: 'Hello' });
  const token = await visit.token();
  for (const door of visit.doors) {
    const { code, body } = await door.call('AccountService/GetAccount', { accountId }, { token });
    expect({ code, body }).toMatchObject({ code: 'OK', body: { accountId, name: 'Hello', externalId: null } });
  }
});

test('every operation has a route', () => {
  expect(Object.keys(routes).sort()).toEqual([...operationRpcs()].sort());
});
