import type { Page } from 'playwright-core';
import { describeInBrowser, type WatchedPage } from './harness/browser.js';
import type { Keyledger } from './harness/keyledger.js';
import { issueBy, saveSecret, traces, type Issued } from './harness/secrets.js';
import { becomeViewer, visitPage } from './harness/visit.js';

describeInBrowser('API secrets', () => {
  let keyledger: Keyledger;
  let watched: WatchedPage;
  let page: Page;
  let accountId: string;
  const path = (): string => `/v1/accounts/${accountId}/credentials`;
  const dialog = () => page.getByRole('dialog');
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  const made = (name: string): Promise<Issued> => keyledger.call<Issued>('POST', path(), { type: 'api_secret', name });

  visitPage('api-secrets', 'API secrets', (visit) => ({ keyledger, watched, page, accountId } = visit));

  it('are shown once, and the first one signs webhooks', async () => {
    await button('Create API secret').first().click();
    await dialog().getByLabel('Name').fill('first-secret');
    const issued = await issueBy(page, dialog().getByRole('button', { name: 'Create API secret' }));
    const secret = issued.secret['secret'] ?? '';
    await button('Show Secret').click();
    expect(await dialog().innerText()).toContain(secret);
    await saveSecret(page);
    expect(await row('first-secret').innerText()).toMatch(/whsec_…[^]*Active[^]*Never[^]*Signs webhooks/);
    expect((await traces(page)) + watched.lines.join('\n')).not.toContain(secret);
  });

  it('are at most as many as their type says, and the button says why', async () => {
    for (const name of ['first-secret', 'second-secret', 'third-secret']) await made(name);
    await page.reload();
    await row('third-secret').waitFor();
    const create = button('Create API secret');
    expect(await create.getAttribute('aria-description')).toMatch(/^The account has 3 of at most 3/);
    await create.focus();
    await page.getByRole('tooltip').getByText('Remove one first.').waitFor();
  });

  it('take over from each other, confirmed or cancelled', async () => {
    for (const name of ['first-secret', 'second-secret']) await made(name);
    await page.reload();
    const use = () => row('second-secret').getByRole('button', { name: 'Use with webhooks' });
    await use().click();
    await dialog().getByText('New webhooks are signed with it from now on.').waitFor();
    await button('Leave as it is').click();
    await row('first-secret').getByText('Signs webhooks').waitFor();
    await use().click();
    await dialog().getByRole('button', { name: 'Use with webhooks' }).click();
    await row('second-secret').getByText('Signs webhooks').waitFor();
    await row('first-secret').getByRole('button', { name: 'Use with webhooks' }).waitFor();
  });

  it('are removed by a phrase, but for the one that signs', async () => {
    for (const name of ['first-secret', 'second-secret']) await made(name);
    await page.reload();
    const signer = button('Remove first-secret');
    expect(await signer.getAttribute('aria-disabled')).toBe('true');
    expect(await signer.getAttribute('aria-description')).toBe('It signs webhooks. Let another one sign first.');
    await button('Remove second-secret').click();
    const remove = button('Remove secret');
    const phrase = await dialog().locator('label code').innerText();
    await dialog().getByRole('textbox').fill(`${phrase} and more`);
    expect(await remove.isDisabled()).toBe(true);
    await dialog().getByRole('textbox').fill(phrase);
    await remove.click();
    await row('second-secret').waitFor({ state: 'detached' });
    expect((await keyledger.call<{ items: unknown[] }>('GET', path())).items).toHaveLength(1);
  });

  it('tell what has changed meanwhile, and lead on', async () => {
    await made('first-secret');
    const { credential } = await made('second-secret');
    await page.reload();
    await row('second-secret').getByRole('button', { name: 'Use with webhooks' }).click();
    await keyledger.call('POST', `${path()}/${credential.credentialId}/suspend`);
    await dialog().getByRole('button', { name: 'Use with webhooks' }).click();
    await dialog().getByText('cannot sign webhooks: it is suspended').waitFor();
    await button('Look again').click();
    await dialog().waitFor({ state: 'detached' });
    await row('second-secret').getByText('Inactive, suspended').waitFor();
  });

  it('may be looked at by a viewer, who is told why no more', async () => {
    for (const name of ['first-secret', 'second-secret']) await made(name);
    await becomeViewer({ page, keyledger, accountId });
    await row('second-secret').waitFor();
    const reason = 'Needs the role operator, owner or key manager.';
    for (const name of ['Create API secret', 'Use with webhooks', 'Remove second-secret']) {
      expect(await button(name).getAttribute('aria-description')).toBe(reason);
    }
  });
});
