import { Installation } from './installation.js';

let installation: Installation;
let url: string;
beforeAll(async () => {
  installation = await Installation.create();
  ({ httpUrl: url } = await installation.start('console-service', { KEYLEDGER_CONSOLE_CLIENT_ID: 'the-console' }));
});
afterAll(() => installation.remove());

it('shows the page, which may ask the identity provider', async () => {
  const page = await fetch(`${url}/console/accounts`);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('content-security-policy')).toContain(`connect-src 'self' ${installation.provider.issuer};`);
});

it('tells the page how people sign in, and nothing else', async () => {
  const settings = (await (await fetch(`${url}/console/config.json`)).json()) as object;
  expect(settings).toEqual({
    signIn: 'oidc',
    issuer: installation.provider.issuer,
    clientId: 'the-console',
    scope: 'openid profile offline_access',
    audience: 'keyledger',
    rolesClaim: 'roles',
    accountsClaim: 'accounts',
  });
});

it('has no sign-in links where tokens come from a provider, and no operations', async () => {
  const headers = { authorization: `Bearer ${installation.token}` };
  const link = await fetch(`${url}/console/session`, { method: 'POST', headers });
  const operation = await fetch(`${url}/v1/accounts`, { headers });
  expect([link.status, operation.status]).toEqual([404, 404]);
});
