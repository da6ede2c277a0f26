import type { Browser } from 'playwright-core';
import { describeInBrowser, openBrowser, openPage } from './harness/browser.js';
import { Keyledger } from './harness/keyledger.js';

describeInBrowser('signing in by link', () => {
  let keyledger: Keyledger;
  let browser: Browser;
  beforeAll(async () => {
    [keyledger, browser] = await Promise.all([Keyledger.start(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await keyledger?.stop();
  });

  it('works once, leaves no code in the address, and no token outside of this tab', async () => {
    const { page, context, complaints } = await openPage(browser, keyledger.url);
    const link = await keyledger.signInLink();
    await page.goto(link);
    await page.getByRole('heading', { name: 'Accounts' }).waitFor();
    const { hash, local, cookies } = await page.evaluate(() => ({
      hash: location.hash,
      local: JSON.stringify({ ...localStorage }),
      cookies: document.cookie,
    }));
    expect([hash, cookies]).toEqual(['', '']);
    expect(local).not.toContain('eyJ');
    await page.getByRole('button', { name: 'You and this console' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Keyledger' }).waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByText('The link has been used before').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('keeps what one was typing when the session ends', async () => {
    const { page, context } = await openPage(browser, keyledger.url);
    await page.goto(await keyledger.signInLink());
    await page.getByRole('button', { name: 'Register account' }).first().click();
    const name = page.getByRole('dialog').getByLabel('Name');
    await name.fill('Typed before');
    await page.route('**/v1/accounts', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({ status: 401, json: { code: 'unauthenticated', title: 'No', detail: 'No', errors: [] } })
        : route.continue(),
    );
    await page.getByRole('dialog').getByRole('button', { name: 'Register account' }).click();
    await page.getByText('Your session has ended').waitFor();
    await page.unroute('**/v1/accounts');
    await page.getByLabel('Sign-in link').fill(await keyledger.signInLink());
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('Your session has ended').waitFor({ state: 'detached' });
    expect(await name.inputValue()).toBe('Typed before');
    await context.close();
  });
});
