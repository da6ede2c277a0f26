import type { Page } from 'playwright-core';
import { describeInBrowser, type WatchedPage } from './harness/browser.js';
import type { Keyledger } from './harness/keyledger.js';
import { issueBy, savedButton, saveSecret, traces } from './harness/secrets.js';
import { becomeViewer, visitPage } from './harness/visit.js';

interface Issued {
  readonly secret: { readonly clientId: string; readonly clientSecret: string };
}

const listOf = (keyledger: Keyledger, accountId: string) =>
  keyledger.call<{ items: { name: string; status: string }[] }>('GET', `/v1/accounts/${accountId}/credentials`);

describeInBrowser('client credentials', () => {
  let keyledger: Keyledger;
  let watched: WatchedPage;
  let page: Page;
  let accountId: string;
  const address = (): string => `/console/accounts/${accountId}/client-credentials`;
  const dialog = () => page.getByRole('dialog');
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  const choose = async (name: string, action: string): Promise<void> => {
    await page.getByRole('button', { name: `Actions for ${name}` }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  const saved = () => savedButton(page);

  /** Sends the form that is open. */
  const issue = (button: string): Promise<Issued> =>
    issueBy<Issued>(page, dialog().getByRole('button', { name: button }));

  const create = async (name: string): Promise<Issued> => {
    await page.getByRole('button', { name: 'Create credential' }).first().click();
    await dialog().getByLabel('Name').fill(name);
    return issue('Create credential');
  };

  /** What was copied, in a page that is none of ours: ours may not read it. */
  const pasted = async (): Promise<string> => {
    const other = await watched.context.newPage();
    await other.setContent('<textarea></textarea>');
    await other.locator('textarea').press('Control+V');
    const text = await other.locator('textarea').inputValue();
    await other.close();
    return text;
  };

  const save = () => saveSecret(page);

  visitPage('client-credentials', 'Client credentials', (visit) => ({ keyledger, watched, page, accountId } = visit));

  it('are created, rotated, suspended, resumed, revoked and deleted', async () => {
    await create('billing-service');
    await save();
    expect(await row('billing-service').innerText()).toMatch(/kci_\w+[^]*kcs_…\w{4}[^]*Active[^]*Never/);

    await choose('billing-service', 'Rotate…');
    await issue('Rotate secret');
    await save();

    await choose('billing-service', 'Suspend…');
    await dialog().getByRole('button', { name: 'Suspend credential' }).click();
    await row('billing-service').getByText('Inactive, suspended').waitFor();
    await choose('billing-service', 'Resume…');
    await dialog().getByRole('button', { name: 'Resume credential' }).click();
    await row('billing-service').getByText('Active', { exact: true }).waitFor();

    await choose('billing-service', 'Revoke…');
    expect(await dialog().innerText()).toContain('Permanent, at once');
    await dialog().getByRole('button', { name: 'Keep it' }).click();
    await choose('billing-service', 'Revoke…');
    await dialog().getByLabel('Reason').fill('It was on a lost laptop.');
    await dialog().getByRole('button', { name: 'Revoke credential' }).click();
    await row('billing-service').getByText('Inactive, revoked').waitFor();
    await page.getByRole('link', { name: 'billing-service' }).click();
    await page.getByText('“It was on a lost laptop.”').waitFor();
    await page.goBack();

    await choose('billing-service', 'Delete…');
    const { consequences } = await keyledger.call<{ consequences: string[] }>(
      'GET',
      await page.evaluate(() => {
        const about = new URLSearchParams(location.search).get('about');
        return `/v1${location.pathname.slice('/console'.length).replace('client-', '')}/${about ?? ''}/removal`;
      }),
    );
    expect(consequences).not.toEqual([]);
    for (const each of consequences) await dialog().getByText(each).waitFor();
    await dialog().getByRole('button', { name: 'Delete credential' }).click();
    await row('billing-service').waitFor({ state: 'detached' });
    expect((await listOf(keyledger, accountId)).items).toEqual([]);
  });

  it('have names by the rule of their type, checked as one types', async () => {
    await create('billing-service');
    await save();
    await page.getByRole('button', { name: 'Create credential' }).first().click();
    const name = dialog().getByLabel('Name');
    const button = dialog().getByRole('button', { name: 'Create credential' });
    await name.fill('bill!ng-service');
    await dialog().getByText('Only these characters: A-Z a-z 0-9 _ -').waitFor();
    expect(await button.isDisabled()).toBe(true);
    await name.fill('bill');
    expect(await dialog().innerText()).not.toContain('At least');
    await name.blur();
    await dialog().getByText('At least 6 characters: 2 more').waitFor();
    await name.fill('x'.repeat(65));
    await dialog().getByText('At most 64 characters: 1 fewer').waitFor();
    await name.fill('billing-service');
    await dialog().getByText('There is one with this name already').waitFor();
  });

  it('leave nothing of a secret behind once it is saved', async () => {
    const { secret } = await create('billing-service');
    expect(await traces(page)).not.toContain(secret.clientSecret);
    await page.getByRole('button', { name: 'Show Client secret' }).click();
    expect(await dialog().innerText()).toContain(secret.clientSecret);
    await page.getByRole('button', { name: 'Copy First request' }).click();
    expect(await pasted()).toContain(`${secret.clientId}:${secret.clientSecret}`);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as .env' }).click();
    const file = await (await download).createReadStream();
    expect((await file.toArray()).join('')).toBe(
      `CLIENT_ID='${secret.clientId}'\nCLIENT_SECRET='${secret.clientSecret}'\n`,
    );
    await save();
    expect(await traces(page)).not.toContain(secret.clientSecret);
    expect(watched.lines.join('\n')).not.toContain(secret.clientSecret);
    await page.reload();
    await row('billing-service').waitFor();
    expect(await traces(page)).not.toContain(secret.clientSecret);
  });

  it('show a secret until it is said to be saved, whatever key is pressed', async () => {
    await create('billing-service');
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    await page.goBack();
    await saved().waitFor();
    expect(await saved().isVisible()).toBe(true);
    await save();
    expect(new URL(page.url()).pathname).toBe(address());
  });

  it('show the same secret again where the reply was lost, and one was made', async () => {
    const replies: Issued[] = [];
    let losesReplies = true;
    await page.route('**/credentials', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      const response = await route.fetch();
      replies.push((await response.json()) as Issued);
      if (!losesReplies) return route.fulfill({ response });
      losesReplies = false;
      return route.abort('connectionreset');
    });
    await page.getByRole('button', { name: 'Create credential' }).first().click();
    await dialog().getByLabel('Name').fill('billing-service');
    await dialog().getByRole('button', { name: 'Create credential' }).click();
    await saved().waitFor();
    expect(replies).toHaveLength(2);
    expect(replies[1]?.secret).toEqual(replies[0]?.secret);
    await page.unroute('**/credentials');
    await save();
    expect((await listOf(keyledger, accountId)).items).toHaveLength(1);
  });

  it('show the same secret again after the tab was loaded anew', async () => {
    const { secret } = await create('billing-service');
    page.once('dialog', (warning) => void warning.accept());
    await page.reload();
    await page.getByText('This credential was created a moment ago').waitFor();
    const again = await issue('Create credential');
    expect(again.secret).toEqual(secret);
    await save();
    expect((await listOf(keyledger, accountId)).items).toHaveLength(1);
  });

  it('are shown to nobody who signs in later at the same page', async () => {
    const { secret } = await create('billing-service');
    const other = await watched.context.newPage();
    await other.goto('/console/');
    const tell = (message: object): Promise<void> =>
      other.evaluate((told) => {
        const channel = new BroadcastChannel('keyledger.session');
        channel.postMessage(told);
        channel.close();
      }, message);
    await tell({ signedOut: true });
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await tell({ token: await keyledger.token('--role', 'viewer', '--account', accountId) });
    await row('billing-service').waitFor();
    expect(await saved().count()).toBe(0);
    expect(await traces(page)).not.toContain(secret.clientSecret);
  });

  it('are made once by a double click', async () => {
    await page.getByRole('button', { name: 'Create credential' }).first().click();
    await dialog().getByLabel('Name').fill('billing-service');
    let posts = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST') posts += 1;
    });
    await dialog().getByRole('button', { name: 'Create credential' }).dblclick();
    await saved().waitFor();
    expect(posts).toBe(1);
    await save();
  });

  it('are worked with by keyboard alone', async () => {
    await page.keyboard.press('c');
    await dialog().getByLabel('Name').waitFor();
    await page.keyboard.type('billing-service');
    await page.keyboard.press('Enter');
    await saved().waitFor();
    await saved().focus();
    await page.keyboard.press('Enter');
    await saved().waitFor({ state: 'detached' });
    await row('billing-service').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Rotation' }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'billing-service' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('nothing-like-it');
    await page.getByText('Nothing is like that.').waitFor();
    expect(page.url()).toContain('?q=nothing-like-it');
  });

  it('may be looked at by a viewer, who is told why no more', async () => {
    await create('billing-service');
    await save();
    await becomeViewer({ page, keyledger, accountId });
    await row('billing-service').waitFor();
    const button = page.getByRole('button', { name: 'Create credential' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await button.getAttribute('aria-description')).toBe('Needs the role operator, owner or key manager.');
    await page.getByRole('button', { name: 'Actions for billing-service' }).click();
    expect(await page.getByRole('menuitem', { name: 'Delete…' }).isDisabled()).toBe(true);
  });

  it('change in every tab', async () => {
    const other = await watched.context.newPage();
    await other.goto(address());
    await other.getByRole('heading', { name: 'Client credentials' }).waitFor();
    await create('billing-service');
    await save();
    await other.getByText('billing-service', { exact: true }).waitFor();
  });
});
