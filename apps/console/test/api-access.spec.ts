import type { Page } from 'playwright-core';
import { describeInBrowser, type WatchedPage } from './harness/browser.js';
import type { Keyledger } from './harness/keyledger.js';
import { issueBy, savedButton, saveSecret, traces } from './harness/secrets.js';
import { becomeViewer, visitPage } from './harness/visit.js';

interface Issued {
  readonly authToken: string;
  readonly privateSalt?: string;
}

interface AuditTrail {
  readonly items: readonly { readonly action: string }[];
}

describeInBrowser('API access', () => {
  let keyledger: Keyledger;
  let watched: WatchedPage;
  let page: Page;
  let accountId: string;
  const path = (): string => `/v1/accounts/${accountId}/api-access`;
  const dialog = () => page.getByRole('dialog');
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const saved = () => savedButton(page);
  const blocks = () => page.getByLabel('Address blocks');
  const token = () => page.getByRole('group', { name: 'Auth token' });

  const save = () => saveSecret(page);

  const enable = () => issueBy<Issued>(page, button('Enable API'));

  const auditedActions = async (): Promise<readonly string[]> =>
    (await keyledger.call<AuditTrail>('GET', `/v1/accounts/${accountId}/audit`)).items.map(({ action }) => action);

  const allowlist = async (): Promise<readonly string[]> =>
    (await keyledger.call<{ ipAllowlist: string[] }>('GET', path())).ipAllowlist;

  visitPage('api-access', 'API access', (visit) => ({ keyledger, watched, page, accountId } = visit));

  it('is off at first, and shows both parts once when it is enabled', async () => {
    await page.getByText('API access is off.').waitFor();
    const { authToken, privateSalt = '' } = await enable();
    expect(await dialog().innerText()).toMatch(/Auth token[^]*Private salt[^]*First request[^]*X-Auth-Token/);
    await button('Show Auth token').click();
    await button('Show Private salt').click();
    expect(await dialog().innerText()).toContain(authToken);
    expect(await dialog().innerText()).toContain(privateSalt);
    await save();
    await page.getByText('and is never shown again').waitFor();
    const left = (await traces(page)) + watched.lines.join('\n');
    expect(left).not.toContain(authToken);
    expect(left).not.toContain(privateSalt);
  });

  it('shows both parts once more where the tab was loaded anew before they were saved', async () => {
    const issued = await enable();
    page.once('dialog', (warning) => void warning.accept());
    await page.reload();
    await page.getByText('API access was enabled a moment ago').waitFor();
    const again = await issueBy<Issued>(page, button('Show it once more'));
    expect(again).toMatchObject({ authToken: issued.authToken, privateSalt: issued.privateSalt });
    await save();
    await page.getByText('API access was enabled a moment ago').waitFor({ state: 'detached' });
  });

  it('shows its token later, and copies it, each time as an entry of the audit trail', async () => {
    const { authToken } = await enable();
    await save();
    await page.getByText('Showing or copying it is noted in the audit trail').waitFor();
    await button('Show the auth token').click();
    await token().getByText(authToken).waitFor();
    await button('Hide the auth token').click();
    expect(await traces(page)).not.toContain(authToken);
    await button('Copy the auth token').click();
    await page.getByText('Copied, and noted in the audit trail.').waitFor();
    expect(await traces(page)).not.toContain(authToken);
    expect((await auditedActions()).filter((action) => action === 'SecretRevealed')).toHaveLength(2);
  });

  it('has its token replaced alone, and once, also where the reply is lost', async () => {
    const { authToken } = await enable();
    await save();
    const replies: Issued[] = [];
    await page.route('**/auth-token/refresh', async (route) => {
      const response = await route.fetch();
      replies.push((await response.json()) as Issued);
      return replies.length === 1 ? route.abort('connectionreset') : route.fulfill({ response });
    });
    await button('Replace the auth token').click();
    expect(await dialog().innerText()).toContain('The old one stops working at once. The private salt stays.');
    await button('Keep it').click();
    await button('Replace the auth token').click();
    await button('Replace token').click();
    await saved().waitFor();
    expect(replies).toHaveLength(2);
    expect(replies[1]?.authToken).toBe(replies[0]?.authToken);
    expect(replies[0]?.authToken).not.toBe(authToken);
    await save();
    await dialog().waitFor({ state: 'detached' });
    expect(await traces(page)).not.toContain(replies[0]?.authToken);
    expect((await auditedActions()).filter((action) => action === 'AuthTokenRefreshed')).toHaveLength(1);
  });

  it('shows token and salt once more where the reply broke off', async () => {
    const replies: Issued[] = [];
    await page.route('**/api-access', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      const response = await route.fetch();
      const text = await response.text();
      replies.push(JSON.parse(text) as Issued);
      return route.fulfill({ response, body: replies.length === 1 ? text.slice(0, -20) : text });
    });
    await button('Enable API').click();
    await saved().waitFor();
    expect(replies).toHaveLength(2);
    expect(replies[1]).toMatchObject({ authToken: replies[0]?.authToken, privateSalt: replies[0]?.privateSalt });
    await save();
  });

  it('has no token replaced that nobody has answered for, once the question is left', async () => {
    await enable();
    await save();
    await watched.context.setOffline(true);
    await button('Replace the auth token').click();
    await button('Replace token').click();
    await page.getByText('You are offline.').waitFor();
    await button('Keep it').click();
    await watched.context.setOffline(false);
    await page.getByText('You are offline.').waitFor({ state: 'detached' });
    expect(await page.getByText('Show it once more').count()).toBe(0);
    expect(await auditedActions()).not.toContain('AuthTokenRefreshed');
  });

  it('checks the blocks of its allow-list as one types, and saves them in one form', async () => {
    await enable();
    await save();
    await blocks().fill('192.0.2.1');
    expect(await page.getByText('Line 1:').count()).toBe(0);
    await blocks().blur();
    await page.getByText('Line 1: no prefix length: 192.0.2.1/32 is this one address').waitFor();
    await blocks().fill('192.0.2.1/24\nnowhere\n');
    await page.getByText('Line 1: bits beyond the prefix: write 192.0.2.0/24').waitFor();
    await page.getByText('Line 2: no address block').waitFor();
    expect(await button('Save allow-list').getAttribute('aria-disabled')).toBe('true');
    await blocks().fill('192.0.2.0/24\n2001:DB8::/32');
    await button('Save allow-list').click();
    await page.waitForFunction(() => document.querySelector('textarea')?.value === '192.0.2.0/24\n2001:db8::/32');
    expect(await allowlist()).toEqual(['192.0.2.0/24', '2001:db8::/32']);
  });

  it('tells who has changed the allow-list meanwhile, and keeps what was typed', async () => {
    await enable();
    await save();
    await blocks().fill('192.0.2.0/24');
    await keyledger.call('PUT', `/v1/accounts/${accountId}/ip-allowlist`, { cidrs: ['198.51.100.0/24'] });
    await button('Save allow-list').click();
    await page.getByText('The list has changed meanwhile').or(button('Look again')).first().waitFor();
    await button('Look again').first().click();
    await page.getByText('Added: 198.51.100.0/24').waitFor();
    await page.getByText(/^Last: .*, by /).waitFor();
    expect(await blocks().inputValue()).toBe('192.0.2.0/24');
    expect(await allowlist()).toEqual(['198.51.100.0/24']);
    await button('Go on with what I typed').click();
    await button('Save allow-list').click();
    await button('Discard changes').and(page.locator(':disabled')).waitFor();
    expect(await allowlist()).toEqual(['192.0.2.0/24']);
  });

  it('is disabled with all that it deletes', async () => {
    await enable();
    await save();
    await keyledger.call('PUT', `/v1/accounts/${accountId}/ip-allowlist`, { cidrs: ['198.51.100.0/24'] });
    await page.reload();
    await button('Disable API').click();
    for (const each of [
      /the auth token kat_/,
      'the private salt',
      '198.51.100.0/24',
      /Webhooks signed with mac stop/,
    ]) {
      await dialog().getByText(each).first().waitFor();
    }
    await button('Keep it on').click();
    await button('Disable API').click();
    await button('Disable API access').click();
    await page.getByText('API access is off.').waitFor();
    expect(await allowlist()).toEqual([]);
  });

  it('may be looked at by a viewer, who is told why no more', async () => {
    await keyledger.call('POST', path());
    await becomeViewer({ page, keyledger, accountId });
    await token().waitFor();
    expect(await button('Disable API').getAttribute('aria-description')).toMatch(/^Needs the role operator, owner or/);
    expect(await button('Show the auth token').getAttribute('aria-description')).toBe(
      'Needs the role operator or owner.',
    );
    expect(await button('Replace the auth token').getAttribute('aria-disabled')).toBe('true');
    expect(await button('Save allow-list').getAttribute('aria-disabled')).toBe('true');
    expect(await blocks().getAttribute('readonly')).not.toBeNull();
  });
});
