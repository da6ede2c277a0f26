import type { AccountReply, CredentialReply } from '@keyledger/contract';
import type { RawRequest } from '../harness/http-client.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const json = { 'content-type': 'application/json' };

const forms: readonly (readonly [string, Omit<RawRequest, 'method' | 'path'>])[] = [
  ['none', {}],
  ['none, with a content-type', { headers: json }],
  ['an empty object', { headers: json, body: '{}' }],
  ['an empty text', { headers: { ...json, 'content-length': '0' }, body: '' }],
];

describe.each(forms)('a request without input may have a body of %s', (_, form) => {
  test('on every route that needs none', async () => {
    const token = await visit.token();
    const send = async (method: string, path: string): Promise<unknown> => {
      const { status, body } = await visit.http.raw({ method, path, token, ...form });
      if (status > 201) throw new Error(`${method} ${path}: ${JSON.stringify(body)}`);
      return body;
    };
    const { accountId } = await visit.newAccount();
    const account = `/v1/accounts/${accountId}`;
    expect(((await send('POST', `${account}/suspend`)) as AccountReply).account.status).toBe('suspended');
    expect(((await send('POST', `${account}/resume`)) as AccountReply).account.status).toBe('active');
    await send('POST', `${account}/api-access`);
    await send('POST', `${account}/api-access/auth-token/refresh`);
    await send('POST', `${account}/api-access/auth-token/reveal`);
    await send('DELETE', `${account}/api-access`);
    const request = { type: 'client_credentials', name: 'billing-service' };
    const made = await visit.http.post<CredentialReply>(`${account}/credentials`, request, { token });
    const credential = `${account}/credentials/${made.body.credential.credentialId}`;
    for (const action of ['acknowledge', 'suspend', 'resume', 'rotate', 'revoke']) {
      await send('POST', `${credential}/${action}`);
    }
    await send('PATCH', credential);
    expect(Object.keys((await send('DELETE', credential)) as object)).toEqual(['position']);
  });
});
