import type { Page } from 'playwright-core';
import { describeInBrowser, type WatchedPage } from './harness/browser.js';
import type { Keyledger } from './harness/keyledger.js';
import { issueBy, saveSecret, traces, type Issued } from './harness/secrets.js';
import { becomeViewer, visitPage } from './harness/visit.js';

interface Registered extends Issued {
  readonly application: { readonly applicationId: string; readonly revision: number };
}

const endpoints = [
  { endpointId: 'invoices.list', method: 'GET', path: '/invoices' },
  { endpointId: 'invoices.create', method: 'POST', path: '/invoices' },
  { endpointId: 'refunds.create', method: 'POST', path: '/refunds' },
];

describeInBrowser('apps', () => {
  let keyledger: Keyledger;
  let watched: WatchedPage;
  let page: Page;
  let accountId: string;
  const dialog = () => page.getByRole('dialog');
  const row = (text: string) => page.getByRole('row').filter({ hasText: text });
  const apps = (): string => `/v1/accounts/${accountId}/applications`;

  /** Past the console. */
  const register = async (title: string, endpointIds: readonly string[] = []): Promise<Registered> =>
    keyledger.call<Registered>('POST', apps(), {
      title,
      endpointIds,
      generateKeys: { environment: 'development' },
    });

  const openApp = async ({ application }: Registered): Promise<void> => {
    await page.goto(`/console/accounts/${accountId}/apps/${application.applicationId}`);
    await page.getByRole('heading', { name: 'API credentials' }).waitFor();
  };

  /** Goes through the wizard up to the answer of the server. */
  const connect = async (title: string): Promise<Registered> => {
    await page.getByRole('button', { name: 'New app' }).first().click();
    await page.getByLabel('Title').fill(title);
    await page.getByLabel('Description').fill('Reads invoices for partners');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByLabel('Search endpoints').fill('post inv');
    await page.getByRole('checkbox', { name: 'GET /invoices' }).waitFor({ state: 'detached' });
    await page.getByRole('checkbox', { name: 'POST /invoices' }).check();
    await page.getByRole('radio', { name: 'Staging' }).check();
    return issueBy<Registered>(page, page.getByRole('button', { name: 'Connect and generate keys' }));
  };

  visitPage('apps', 'Apps', (visit) => ({ keyledger, watched, page, accountId } = visit));
  beforeEach(() => keyledger.call('PUT', '/v1/api-endpoints', { endpoints }));

  it('are made in two steps that end with a key pair, shown once', async () => {
    const { application, credential, secret } = await connect('Partner portal');
    await dialog().getByText('The app is connected, and its keys are generated').waitFor();
    expect(await dialog().innerText()).toContain(secret['sharedKey']);
    expect(await traces(page)).not.toContain(secret['secretKey']);
    await dialog().getByRole('button', { name: 'Show Secret key' }).click();
    expect(await dialog().innerText()).toContain(secret['secretKey']);
    await saveSecret(page);

    await page.getByRole('heading', { name: 'Partner portal' }).waitFor();
    await page.getByRole('button', { name: 'Copy app ID' }).waitFor();
    const text = await page.getByRole('main').innerText();
    expect(text).toContain(application.applicationId);
    expect(text).toContain('Reads invoices for partners');
    expect(text).toContain('Rotation is advised every 90 days.');
    expect(await page.getByRole('region', { name: 'Connected APIs' }).innerText()).toContain('POST /invoices');
    const cells = await row(credential.credentialId).innerText();
    expect(cells).toContain(secret['sharedKey']);
    expect(cells).toMatch(/kpk_…\w{4}[^]*Staging[^]*Active[^]*\d{4}/);
    expect(await traces(page)).not.toContain(secret['secretKey']);
    expect(watched.lines.join('\n')).not.toContain(secret['secretKey']);

    await page.goto(`/console/accounts/${accountId}/apps`);
    const card = page.getByRole('listitem').filter({ hasText: 'Partner portal' });
    expect(await card.innerText()).toMatch(/Reads invoices for partners[^]*1 endpoint connected/);
    await card.getByRole('link').click();
    await row(credential.credentialId).waitFor();
  });

  it('keep what was typed when the tab is loaded anew, and show the same secret again', async () => {
    const { secret } = await connect('Partner portal');
    page.once('dialog', (warning) => void warning.accept());
    await page.reload();
    await page.getByText('This app was created a moment ago').waitFor();
    const again = await issueBy(page, page.getByRole('button', { name: 'Connect and generate keys' }));
    expect(again.secret).toEqual(secret);
    await saveSecret(page);
    const { items } = await keyledger.call<{ items: unknown[] }>('GET', apps());
    expect(items).toHaveLength(1);
  });

  it('get further key pairs, which are revoked by a switch that asks', async () => {
    await openApp(await register('Partner portal'));
    await page.getByRole('button', { name: 'Generate key pair' }).click();
    await dialog().getByRole('radio', { name: 'Production' }).check();
    await dialog().getByLabel('Description').fill('On the production servers');
    const { credential, secret } = await issueBy(page, dialog().getByRole('button', { name: 'Generate key pair' }));
    await dialog().getByText('Key pair generated').waitFor();
    await saveSecret(page);
    const pair = row(credential.credentialId);
    expect(await pair.innerText()).toMatch(/On the production servers[^]*Production[^]*Active/);
    expect(await traces(page)).not.toContain(secret['secretKey']);

    const works = pair.getByRole('switch');
    expect(await works.isChecked()).toBe(true);
    await works.press('Space');
    const asked = await dialog().innerText();
    expect(asked).toContain('Revoke this key pair?');
    expect(asked).toContain('its secret cannot be shown again');
    expect(asked).toContain(secret['sharedKey']);
    await dialog().getByRole('button', { name: 'Keep it' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(await works.isChecked()).toBe(true);
    await pair.locator('.mantine-Switch-track').click();
    await dialog().getByRole('button', { name: 'Revoke key pair' }).click();
    await pair.getByText('Inactive, revoked').waitFor();
    expect(await works.isChecked()).toBe(false);
    expect(await works.isDisabled()).toBe(true);
  });

  it('say when a rotation is advised', async () => {
    const registered = await register('Partner portal');
    const dueAt = new Date(Date.now() - 86_400_000).toISOString();
    await page.route('**/credentials?*', async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as { items: object[] };
      const items = body.items.map((item) => ({ ...item, rotationDueAt: dueAt }));
      await route.fulfill({ response, json: { ...body, items } });
    });
    await openApp(registered);
    await page.getByRole('button', { name: 'Rotation advised' }).click();
    const { secret } = await issueBy(page, dialog().getByRole('button', { name: 'Rotate secret' }));
    await saveSecret(page);
    expect(await traces(page)).not.toContain(secret['secretKey']);
    await page.unrouteAll({ behavior: 'wait' });
  });

  it('are connected to other endpoints, and say so where somebody else has done it meanwhile', async () => {
    const registered = await register('Partner portal', ['invoices.list']);
    await openApp(registered);
    const connected = page.getByRole('region', { name: 'Connected APIs' });
    await connected.getByRole('button', { name: 'Change' }).click();
    await dialog().getByRole('checkbox', { name: 'POST /refunds' }).check();
    await keyledger.call('PUT', `${apps()}/${registered.application.applicationId}/endpoints`, {
      endpointIds: ['invoices.list', 'invoices.create'],
    });
    await dialog().getByRole('button', { name: 'Connect these' }).click();
    await dialog()
      .getByText(/^Last: .*Endpoint IDs/)
      .waitFor();
    await dialog().getByRole('button', { name: 'Look again' }).click();
    for (const each of ['GET /invoices', 'POST /invoices', 'POST /refunds']) {
      await dialog().getByRole('checkbox', { name: each, checked: true }).waitFor();
    }
    await dialog().getByRole('button', { name: 'Connect these' }).click();
    await dialog().waitFor({ state: 'detached' });
    for (const each of ['GET /invoices', 'POST /invoices', 'POST /refunds']) await connected.getByText(each).waitFor();
  });

  it('are changed, and deleted once they have no key pairs', async () => {
    const registered = await register('Partner portal');
    await openApp(registered);
    await page.getByRole('button', { name: 'Change details' }).click();
    await dialog().getByLabel('Title').fill('Portal for partners');
    await dialog().getByRole('button', { name: 'Save details' }).click();
    await page.getByRole('heading', { name: 'Portal for partners' }).waitFor();

    // What somebody else changes meanwhile stays.
    const app = `/v1/accounts/${accountId}/applications/${registered.application.applicationId}`;
    await page.getByRole('button', { name: 'Change details' }).click();
    await dialog().getByLabel('Description').fill('For partners alone');
    await keyledger.call('PATCH', app, { title: 'Portal of partners' });
    await dialog().getByRole('button', { name: 'Save details' }).click();
    await dialog().getByRole('button', { name: 'Look again' }).click();
    await dialog().getByRole('button', { name: 'Look again' }).waitFor({ state: 'detached' });
    await dialog().getByRole('button', { name: 'Save details' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(await keyledger.call('GET', app)).toMatchObject({
      title: 'Portal of partners',
      description: 'For partners alone',
    });

    const remove = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Actions for Portal of partners' }).click();
      await page.getByRole('menuitem', { name: 'Delete app…' }).click();
      await dialog().getByRole('button', { name: 'Delete app' }).click();
    };
    await remove();
    await dialog().getByText('The application still has 1 key pairs').waitFor();
    await dialog().getByRole('button', { name: 'Look again' }).click();
    const pair = `/v1/accounts/${accountId}/credentials/${registered.credential.credentialId}`;
    await keyledger.call('POST', `${pair}/revoke`);
    await keyledger.call('DELETE', pair);
    await remove();
    await page.getByRole('heading', { name: 'Apps' }).waitFor();
    await page.getByText('An application groups the keys').waitFor();
  });

  it('may be looked at by a viewer, who is told why no more', async () => {
    const registered = await register('Partner portal', ['invoices.list']);
    await becomeViewer({ page, keyledger, accountId });
    await page.getByRole('link', { name: 'Partner portal' }).waitFor();
    const needs = 'Needs the role operator, owner or key manager.';
    expect(await page.getByRole('button', { name: 'New app' }).getAttribute('aria-description')).toBe(needs);
    await openApp(registered);
    for (const name of ['Generate key pair', 'Change', 'Change details']) {
      const button = page.getByRole('button', { name, exact: true });
      expect([name, await button.getAttribute('aria-description')]).toEqual([name, needs]);
    }
    expect(await row(registered.credential.credentialId).getByRole('switch').isDisabled()).toBe(true);
    await page.goto(`/console/accounts/${accountId}/apps/new?step=endpoints`);
    await page.getByText(needs).waitFor();
  });
});
