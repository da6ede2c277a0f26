import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage, type WatchedPage } from './browser.js';
import { Keyledger } from './keyledger.js';

/** What each test of a page of an account has. */
export interface Visit {
  readonly keyledger: Keyledger;
  readonly watched: WatchedPage;
  readonly page: Page;
  readonly accountId: string;
}

/** Goes on with another session, on the page that is open. */
export const signInAs = async (page: Page, token: string): Promise<void> => {
  await page.evaluate((held) => sessionStorage.setItem('keyledger.session', held), token);
  await page.reload();
};

/** Goes on with a session that may look at the account, and change nothing. */
export const becomeViewer = async ({
  page,
  keyledger,
  accountId,
}: Pick<Visit, 'page' | 'keyledger' | 'accountId'>): Promise<void> =>
  signInAs(page, await keyledger.token('--role', 'viewer', '--account', accountId));

/**
 * Gives each test an account of its own, and an operator who looks at a page of it, or at one that begins with `/`.
 * Complaints of the page fail the test, and so does a request to another server.
 */
export const visitPage = (
  path: string,
  heading: string,
  begin: (visit: Visit) => void,
  settings: Readonly<Record<string, string>> = {},
): void => {
  let keyledger: Keyledger;
  let browser: Browser;
  let watched: WatchedPage;
  beforeAll(async () => {
    [keyledger, browser] = await Promise.all([Keyledger.start(settings), openBrowser()]);
  });
  beforeEach(async () => {
    const accountId = await keyledger.account('Acme Ltd');
    watched = await openPage(browser, keyledger.url);
    const { page } = watched;
    await page.goto(path.startsWith('/') ? `/console${path}` : `/console/accounts/${accountId}/${path}`);
    await signInAs(page, await keyledger.operator());
    await page.getByRole('heading', { name: heading, exact: true }).waitFor();
    begin({ keyledger, watched, page, accountId });
  });
  afterEach(async () => {
    expect(watched.complaints).toEqual([]);
    expect(watched.strangers).toEqual([]);
    await watched.context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await keyledger?.stop();
  });
};
