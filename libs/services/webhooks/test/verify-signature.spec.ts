import { Serving } from './delivery/serving.js';

let serving: Serving;
beforeAll(async () => {
  serving = await Serving.open();
});
afterAll(() => serving.close());

it('verifies as many signatures as a header of 4 KiB holds, and no more', async () => {
  const accountId = await serving.account();
  const payload = '{"id":7}';
  const path = `/v1/accounts/${accountId}/webhooks`;
  const { body: signed } = await serving.send(`POST ${path}/sign`, { payload });
  const headers = signed['headers'] as Readonly<Record<string, string>>;
  const good = headers['webhook-signature'] ?? '';
  const verify = async (signatures: string) => {
    const given = { ...headers, 'webhook-signature': signatures };
    const { body } = await serving.send(`POST ${path}/verify`, { headers: given, payload });
    return [body['valid'], body['reason']];
  };
  const room = 4096 - good.length;
  expect(await verify(`${'v1,AAAA= '.repeat(room / 9).padEnd(room)}${good}`)).toEqual([true, null]);
  expect(await verify(`${' '.repeat(room + 1)}${good}`)).toEqual([false, 'malformed-header']);
  expect(await verify('v1, '.repeat(62_000))).toEqual([false, 'malformed-header']);
  const wrong = good.replace(/.{4}$/, 'AAA=');
  expect(await verify(wrong)).toEqual([false, 'no-matching-signature']);
  expect(await verify(`v1,é${wrong.slice(4)}`)).toEqual([false, 'malformed-header']);
});
