import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { describeInBrowser } from './harness/browser.js';
import { issueBy, saveSecret } from './harness/secrets.js';
import { visitPage } from './harness/visit.js';

const settings = { KEYLEDGER_CREDENTIAL_TYPES: fileURLToPath(new URL('credential-types', import.meta.url)) };

describeInBrowser('a type from a file', () => {
  let page: Page;
  const dialog = () => page.getByRole('dialog');
  const menuOf = async (name: string, action: string): Promise<void> => {
    await page.getByRole('button', { name: `Actions for ${name}` }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };

  visitPage('types/partner_key', 'Partner keys', (visit) => ({ page } = visit), settings);

  it('has a page by its data: in the navigation, with its rules, its advice and what it allows', async () => {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Partner keys' }).waitFor();
    await page.getByText('Give each partner a key of its own.').waitFor();
    await page.getByRole('button', { name: 'Create credential' }).first().click();
    await dialog().getByLabel('Name').fill('Acme');
    await dialog().getByLabel('Name').blur();
    await dialog().getByText('Not as the pattern [a-z]+-[0-9]{2}').waitFor();
    await dialog().getByLabel('Name').fill('acme-01');
    const { secret } = await issueBy<{ secret: Record<string, string> }>(
      page,
      dialog().getByRole('button', { name: 'Create credential' }),
    );
    expect(Object.keys(secret).sort()).toEqual(['partnerId', 'partnerSecret']);
    await saveSecret(page);
    await page
      .getByRole('row')
      .filter({ hasText: 'acme-01' })
      .getByText(secret['partnerId'] ?? '?')
      .waitFor();

    await page.getByRole('link', { name: 'acme-01' }).click();
    await page.getByRole('heading', { name: 'acme-01' }).waitFor();
    await page.goBack();
    await menuOf('acme-01', 'Revoke…');
    await dialog()
      .getByRole('button', { name: /^Revoke/ })
      .click();
    await page.getByRole('row').filter({ hasText: 'acme-01' }).getByText('Revoked').waitFor();
  });
});
