import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, openBrowser, openPage } from './harness/browser.js';
import { Keyledger } from './harness/keyledger.js';
import { OidcProvider } from './harness/oidc-provider.js';

const AN_HOUR_S = 3600;
/** Tokens are renewed when they have a minute left. */
const SOON_RENEWED_S = 65;

const bearerOf = (page: Page): Promise<string> =>
  page
    .waitForRequest((request) => new URL(request.url()).pathname.startsWith('/v1/'))
    .then((request) => request.headers()['authorization'] ?? '');

describeInBrowser('signing in with an identity provider', () => {
  let provider: OidcProvider;
  let keyledger: Keyledger;
  let browser: Browser;

  beforeAll(async () => {
    provider = await OidcProvider.start();
    const settings = { ...provider.settings, KEYLEDGER_LOCAL_ISSUER: 'true' };
    [keyledger, browser] = await Promise.all([Keyledger.start(settings), openBrowser()]);
    await keyledger.account('Acme Ltd');
  });
  beforeEach(() => {
    provider.lifetimeS = AN_HOUR_S;
    provider.renews = true;
    provider.asked.length = 0;
  });
  afterAll(async () => {
    await browser?.close();
    await keyledger?.stop();
    await provider?.stop();
  });

  const signIn = async (page: Page, at = '/console/accounts'): Promise<void> => {
    await page.goto(at);
    await page.getByRole('button', { name: 'Sign in with your organisation' }).click();
    await page.getByText('Acme Ltd').waitFor();
  };

  it('proves itself with PKCE, comes back to the page, and leaves nothing in the address', async () => {
    const { page, context, complaints, strangers } = await openPage(browser, keyledger.url);
    await signIn(page, '/console/accounts?q=acme');
    expect(page.url()).toBe(`${keyledger.url}/console/accounts?q=acme`);
    expect(provider.asked).toEqual([
      'authorize console code S256 openid profile offline_access keyledger',
      'token authorization_code',
    ]);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('eyJ');
    expect(await page.evaluate(() => document.cookie)).toBe('');
    expect(complaints).toEqual([]);
    expect(strangers.filter((address) => !address.startsWith(`${provider.issuer}/`))).toEqual([]);
    await context.close();
  });

  it('lets the page ask the provider beside us, and nobody else', async () => {
    const policy = (await fetch(`${keyledger.url}/console/`)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`; connect-src 'self' ${provider.issuer};`);
  });

  it('renews by the refresh token, in every tab and after a reload', async () => {
    const { page, context, complaints } = await openPage(browser, keyledger.url);
    provider.lifetimeS = SOON_RENEWED_S;
    const first = bearerOf(page);
    await signIn(page);
    const other = await context.newPage();
    await other.goto('/console/accounts');
    await other.getByText('Acme Ltd').waitFor();
    const renewed = page.waitForResponse(`${provider.issuer}/token`);
    provider.lifetimeS = AN_HOUR_S;
    const { access_token: second } = (await (await renewed).json()) as { readonly access_token: string };
    expect(provider.asked.at(-1)).toBe('token refresh_token');
    expect(await first).not.toBe(`Bearer ${second}`);
    for (const tab of [page, other]) {
      await tab.waitForFunction((token) => sessionStorage.getItem('keyledger.session') === token, second);
      const used = bearerOf(tab);
      await tab.reload();
      expect(await used).toBe(`Bearer ${second}`);
    }

    await other.close();
    // As a tab that was asleep for longer than its token lasts.
    await page.evaluate(() => {
      sessionStorage.removeItem('keyledger.session');
      for (const [name, value] of Object.entries<string>({ ...sessionStorage })) {
        if (name.startsWith('oidc.user:')) {
          sessionStorage.setItem(name, JSON.stringify({ ...(JSON.parse(value) as object), expires_at: 1 }));
        }
      }
    });
    await page.reload();
    await page.getByText('Acme Ltd').waitFor();
    expect(provider.asked.filter((each) => each === 'token refresh_token')).toHaveLength(2);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('says that the session has ended where nothing renews it', async () => {
    const { page, context, complaints } = await openPage(browser, keyledger.url);
    provider.renews = false;
    await signIn(page);
    await page.route('**/v1/accounts**', (route) =>
      route.fulfill({ status: 401, json: { code: 'unauthenticated', title: 'No', detail: 'No', errors: [] } }),
    );
    await page.getByRole('searchbox', { name: 'Name or external id' }).fill('acme');
    await page.getByText('Your session has ended').waitFor();
    await page.unroute('**/v1/accounts**');
    await page.getByRole('button', { name: 'Sign in with your organisation' }).click();
    await page.getByText('Your session has ended').waitFor({ state: 'detached' });
    await page.getByText('Acme Ltd').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('signs out here, in other tabs, and at the provider', async () => {
    const { page, context, complaints } = await openPage(browser, keyledger.url);
    await signIn(page);
    const other = await context.newPage();
    await other.goto('/console/accounts');
    await other.getByText('Acme Ltd').waitFor();
    await page.getByRole('button', { name: 'You and this console' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(`${keyledger.url}/console/`);
    for (const tab of [page, other]) await tab.getByRole('heading', { name: 'Sign in to Keyledger' }).waitFor();
    expect(provider.asked.slice(-2)).toEqual(['revoke what was given', 'end with id_token_hint']);
    for (const tab of [page, other]) {
      expect(await tab.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('eyJ');
    }
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in to Keyledger' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
