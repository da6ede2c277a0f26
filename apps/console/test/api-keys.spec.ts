import type { Page } from 'playwright-core';
import { describeInBrowser, type WatchedPage } from './harness/browser.js';
import type { Keyledger } from './harness/keyledger.js';
import { issueBy, saveSecret, traces } from './harness/secrets.js';
import { becomeViewer, visitPage } from './harness/visit.js';

interface CredentialType {
  readonly type: string;
  readonly advice: readonly string[];
}

describeInBrowser('API keys', () => {
  let keyledger: Keyledger;
  let watched: WatchedPage;
  let page: Page;
  let accountId: string;
  const dialog = () => page.getByRole('dialog');
  const row = (text: string) => page.getByRole('row').filter({ hasText: text });
  const openForm = () => page.getByRole('button', { name: 'Create API key' }).first().click();
  const send = () => issueBy(page, dialog().getByRole('button', { name: 'Create API key' }));
  const choose = async (name: string, action: string): Promise<void> => {
    await page.getByRole('button', { name: `Actions for ${name}` }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  const create = async (description: string): Promise<string> => {
    await openForm();
    await dialog().getByLabel('Description').fill(description);
    const { secret } = await send();
    return secret['key'] ?? '';
  };
  const upgrade = () =>
    keyledger.call('PUT', `/v1/accounts/${accountId}/plan`, { tier: 'paid', paymentMethodOnFile: true });

  visitPage('api-keys', 'API keys', (visit) => ({ keyledger, watched, page, accountId } = visit));

  it('are for test or live, and live ones only by the plan', async () => {
    await openForm();
    const live = dialog().getByRole('radio', { name: 'Live key_live_…' });
    const test = dialog().getByRole('radio', { name: 'Test key_test_…' });
    await dialog().getByText('Needs the paid plan and a payment method on file').waitFor();
    expect(await live.isDisabled()).toBe(true);
    expect(await test.isChecked()).toBe(true);
    await dialog().getByText('nothing real comes of them').waitFor();
    await dialog().getByLabel('Description').fill('Invoice importer, on the build server');
    expect((await send()).secret['key']).toMatch(/^key_test_/);
    await saveSecret(page);
    expect(await row('Invoice importer, on the build server').innerText()).toMatch(
      /key_test_…\w{4}[^]*Test[^]*Active[^]*Never/,
    );

    await upgrade();
    await page.reload();
    await openForm();
    await live.check();
    await dialog().getByLabel('Description').fill('Invoice importer');
    expect((await send()).secret['key']).toMatch(/^key_live_/);
    await saveSecret(page);
    await page.getByLabel('Mode').selectOption('Live');
    await row('on the build server').waitFor({ state: 'detached' });
    expect(await row('Invoice importer').innerText()).toMatch(/key_live_…\w{4}[^]*Live/);
    expect(page.url()).toContain('mode=live');
  });

  it('tell of a plan that was changed meanwhile, and offer to look again', async () => {
    await upgrade();
    await page.reload();
    await openForm();
    await dialog().getByRole('radio', { name: 'Live key_live_…' }).check();
    await keyledger.call('PUT', `/v1/accounts/${accountId}/plan`, { tier: 'paid', paymentMethodOnFile: false });
    await dialog().getByRole('button', { name: 'Create API key' }).click();
    await dialog().getByText('The plan of the account does not allow this').waitFor();
    await dialog().getByRole('button', { name: 'Look again' }).click();
    await dialog().getByText('Needs a payment method on file').waitFor();
    expect(await dialog().getByRole('button', { name: 'Create API key' }).isDisabled()).toBe(true);
    await dialog().getByRole('radio', { name: 'Test key_test_…' }).check();
    await send();
    await saveSecret(page);
  });

  it('are revoked for good, once it was asked', async () => {
    await create('Nightly export');
    await saveSecret(page);
    await choose('Nightly export', 'Revoke…');
    const asked = await dialog().innerText();
    expect(asked).toContain('Revoke this key?');
    expect(asked).toContain('Permanent, at once');
    expect(asked).toContain('What was made with it stays');
    expect(asked).toContain('Last used: never');
    await dialog().getByRole('button', { name: 'Keep it' }).click();
    await row('Nightly export').getByText('Active', { exact: true }).waitFor();
    await choose('Nightly export', 'Revoke…');
    await dialog().getByRole('button', { name: 'Revoke key' }).click();
    await row('Nightly export').getByText('Inactive, revoked').waitFor();
    await page.getByRole('button', { name: 'Actions for Nightly export' }).click();
    expect(await page.getByRole('menuitem', { name: 'Revoke…' }).isDisabled()).toBe(true);
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await dialog().getByRole('button', { name: 'Delete key' }).click();
    await row('Nightly export').waitFor({ state: 'detached' });
  });

  it('come with the safety advice of their type', async () => {
    const { items } = await keyledger.call<{ items: CredentialType[] }>('GET', '/v1/credential-types');
    const advice = items.find(({ type }) => type === 'api_key')?.advice ?? [];
    expect(advice).not.toEqual([]);
    for (const each of advice) await page.getByText(each).waitFor();
    await create('Nightly export');
    for (const each of advice) await dialog().getByText(each).waitFor();
    await saveSecret(page);
  });

  it('leave nothing behind once they are saved', async () => {
    const key = await create('Nightly export');
    expect(await traces(page)).not.toContain(key);
    await dialog().getByRole('button', { name: 'Show Key' }).click();
    expect(await dialog().innerText()).toContain(key);
    await saveSecret(page);
    expect(await traces(page)).not.toContain(key);
    await page.reload();
    await row('Nightly export').waitFor();
    expect(await traces(page)).not.toContain(key);
    expect(watched.lines.join('\n')).not.toContain(key);
  });

  it('may be looked at by a viewer, who is told why no more', async () => {
    await create('Nightly export');
    await saveSecret(page);
    await becomeViewer({ page, keyledger, accountId });
    await row('Nightly export').waitFor();
    const button = page.getByRole('button', { name: 'Create API key' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await button.getAttribute('aria-description')).toBe('Needs the role operator, owner or key manager.');
    await page.getByRole('button', { name: 'Actions for Nightly export' }).click();
    const revoke = page.getByRole('menuitem', { name: 'Revoke…' });
    expect(await revoke.isDisabled()).toBe(true);
    expect(await revoke.innerText()).toContain('Needs the role');
  });
});
