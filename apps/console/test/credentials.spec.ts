import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { describeInBrowser, type WatchedPage } from './harness/browser.js';
import type { Keyledger } from './harness/keyledger.js';
import { traces, type Issued } from './harness/secrets.js';
import { becomeViewer, signInAs, visitPage } from './harness/visit.js';

interface DayCount {
  readonly code: string;
  readonly count: number;
}

const UNKNOWN = 'cred_01900000-0000-7000-8000-000000000000';

describeInBrowser('the page of a credential', () => {
  let keyledger: Keyledger;
  let watched: WatchedPage;
  let page: Page;
  let accountId: string;
  const path = (): string => `/v1/accounts/${accountId}/credentials`;
  const dialog = () => page.getByRole('dialog');
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const region = (name: string) => page.getByRole('region', { name });
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 });
  const fact = (label: string) =>
    page.locator('.facts > div').filter({ has: page.locator('dt', { hasText: new RegExp(`^${label}$`) }) });

  const issue = (type: string, body: object = {}): Promise<Issued> =>
    keyledger.call<Issued>('POST', path(), { type, ...body });
  const verify = (credential: string): Promise<{ code: string }> =>
    keyledger.call('POST', '/v1/verify', { credential });

  const open = async ({ credential }: Issued): Promise<void> => {
    await page.goto(`/console/accounts/${accountId}/credentials/${credential.credentialId}`);
    await page.getByRole('heading', { name: 'Versions' }).waitFor();
  };

  const ask = async (label: string, secret: string): Promise<void> => {
    await region('Would this pass?').getByLabel(label).fill(secret);
    await button('Check it').click();
    await region('Would this pass?').getByRole('list', { name: 'Every rule' }).waitFor();
  };
  const answer = () => page.getByRole('group', { name: 'Answer' }).innerText();

  visitPage('client-credentials', 'Client credentials', (visit) => ({ keyledger, watched, page, accountId } = visit));

  it('is opened by the name of a credential on every list, or by Enter', async () => {
    await issue('client_credentials', { name: 'billing-service' });
    await issue('api_key', { mode: 'test', description: 'Nightly export' });
    await issue('api_secret', { name: 'payments' });
    const app = await keyledger.call<{ application: { applicationId: string } }>(
      'POST',
      `/v1/accounts/${accountId}/applications`,
      { title: 'Partner portal', endpointIds: [], generateKeys: { environment: 'staging' } },
    );
    await page.reload();
    await page.getByRole('link', { name: 'billing-service' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await heading('billing-service').waitFor();
    const lists = {
      'api-keys': 'Nightly export',
      'api-secrets': 'payments',
      [`apps/${app.application.applicationId}`]: 'Key pair',
    };
    for (const [list, name] of Object.entries(lists)) {
      await page.goto(`/console/accounts/${accountId}/${list}`);
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { name: 'Would this pass?' }).waitFor();
    }
    expect(await fact('Environment').innerText()).toContain('Staging');
    await fact('App').getByRole('link', { name: 'Partner portal' }).click();
    await heading('Partner portal').waitFor();
  });

  it('shows what the type of the credential has, and what it was given', async () => {
    const scopes = ['invoices:read', 'refunds:write'];
    const expiresAt = '2031-05-20T12:00:00Z';
    const issued = await issue('client_credentials', {
      name: 'billing-service',
      description: 'Bills',
      scopes,
      expiresAt,
    });
    await open(issued);
    const clientId = issued.secret['clientId'] ?? '';
    for (const each of ['Active', issued.credential.credentialId, clientId, 'Bills', ...scopes, '2031']) {
      await page.getByText(each).first().waitFor();
    }
    await button('Copy client ID').click();
    await page.getByRole('tooltip').getByText('Copied').waitFor();
    expect(await fact('Mode').count()).toBe(0);

    await open(await issue('api_key', { mode: 'test' }));
    expect(await fact('Mode').innerText()).toContain('Test');
    await open(await issue('api_secret'));
    expect(await fact('Webhooks').innerText()).toContain('Signs webhooks');
    await keyledger.call('POST', `/v1/accounts/${accountId}/api-access`);
    const access = await keyledger.call<{ credentialId: string }>('GET', `/v1/accounts/${accountId}/api-access`);
    await open({ credential: access, secret: {} });
    await page.getByRole('link', { name: 'Go to API access' }).click();
    await heading('API access').waitFor();
  });

  it('says why it does not work, since when and by whom', async () => {
    const issued = await issue('api_key', { mode: 'test', name: 'nightly-export' });
    await open(issued);
    await button('Actions for nightly-export').click();
    await page.getByRole('menuitem', { name: 'Suspend…' }).click();
    await dialog().getByRole('button', { name: 'Suspend credential' }).click();
    await fact('Status').getByText('Inactive, suspended').waitFor();
    await fact('Status').getByText(', by').waitFor();
    const reason = 'It was found in a public repository.';
    await keyledger.call('POST', `${path()}/${issued.credential.credentialId}/revoke`, { reason });
    await page.reload();
    await fact('Status').getByText('Inactive, revoked').waitFor();
    await fact('Status').getByText(reason).waitFor();
    expect(await button('Rotate secret').getAttribute('aria-description')).toBe('It has ended already.');
    await region('Versions').getByText('Ended: the credential is revoked').waitFor();
  });

  it('counts what verifiers said, day by day, for as many days as one asks for', async () => {
    const issued = await issue('api_key', { mode: 'test', name: 'nightly-export' });
    await open(issued);
    await page.getByText('Nobody has presented it in these 30 days.').waitFor();
    const key = issued.secret['key'] ?? '';
    const at = `${path()}/${issued.credential.credentialId}`;
    for (let times = 0; times < 3; times += 1) expect((await verify(key)).code).toBe('VALID');
    await keyledger.call('POST', `${at}/suspend`);
    expect((await verify(key)).code).toBe('SUSPENDED');
    let counted: DayCount[] = [];
    while (counted.reduce((sum, { count }) => sum + count, 0) < 4) {
      await delay(100);
      counted = (await keyledger.call<{ days: DayCount[] }>('GET', `${at}/usage`)).days;
    }
    await page.reload();
    const numbers = region('Usage').getByRole('table');
    await numbers.getByRole('columnheader', { name: 'Accepted' }).waitFor();
    expect((await numbers.getByRole('row').nth(1).innerText()).split('\t').slice(1)).toEqual(['3', '1']);
    expect(await region('Usage').locator('rect').count()).toBe(2);
    await button('Show the numbers').click();
    await page.getByLabel('Days').selectOption('Last 7 days');
    await region('Usage').locator('svg[viewBox^="0 0 7 "]').first().waitFor();
    expect(page.url()).toContain('days=7');
    expect(page.url()).toContain('numbers=shown');
  });

  it('tells what a secret would be answered and why, and keeps nothing of it', async () => {
    const issued = await issue('client_credentials', { name: 'billing-service', scopes: ['invoices:read'] });
    const secret = issued.secret['clientSecret'] ?? '';
    await open(issued);
    await button('Check it').click();
    await page.getByText('Paste the secret first.').waitFor();
    await ask('Client secret', secret);
    expect(await answer()).toMatch(/Yes, it would pass\.[^]*VALID[^]*version 1: current[^]*It is not revoked/);
    expect(await traces(page)).not.toContain(secret);

    await region('Would this pass?').getByLabel('Scopes').fill('refunds:write');
    await ask('Client secret', secret);
    expect(await answer()).toMatch(/No, it would be refused: scope missing\.[^]*It lacks a scope/);
    await page.reload();
    expect(await region('Would this pass?').getByLabel('Scopes').inputValue()).toBe('refunds:write');

    await keyledger.call('POST', `${path()}/${issued.credential.credentialId}/rotate`, { overlapSeconds: 0 });
    await page.reload();
    await ask('Client secret', secret);
    expect(await answer()).toMatch(/not found\.[^]*it has ended[^]*Decided by Credential rotated/);

    const other = await issue('client_credentials', { name: 'other-service' });
    await ask('Client secret', `${other.secret['clientId']}:${other.secret['clientSecret']}`);
    await region('Would this pass?').getByText('It belongs to another credential').waitFor();
    for (const each of [secret, other.secret['clientSecret'] ?? '']) {
      expect(await traces(page)).not.toContain(each);
      expect(watched.lines.join('\n')).not.toContain(each);
    }
  });

  it('has its history, and the way to all of it', async () => {
    const issued = await issue('api_key', { mode: 'test', name: 'nightly-export' });
    const { credentialId } = issued.credential;
    await keyledger.call('PATCH', `${path()}/${credentialId}`, { description: 'Exports at night' });
    await open(issued);
    await region('History').getByText('Exports at night').waitFor();
    await region('History').getByRole('button', { name: 'Credential changed' }).click();
    await dialog().getByText('Exports at night').waitFor();
    await page.goBack();
    const all = region('History').getByRole('link', { name: 'Full audit trail' });
    expect(await all.getAttribute('href')).toBe(`/console/accounts/${accountId}/audit?credentialId=${credentialId}`);
  });

  it('stays clear about a credential that is gone', async () => {
    await open(await issue('client_credentials', { name: 'billing-service' }));
    await button('Actions for billing-service').click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await dialog().getByRole('button', { name: 'Delete credential' }).click();
    await heading('This credential does not exist').waitFor();
    await page.getByText('It was deleted').waitFor();
    await page.getByRole('link', { name: 'See its history' }).waitFor();
    await page.goto(`/console/accounts/${accountId}/credentials/${UNKNOWN}`);
    await page.getByText('Nothing in this account has ever had that id.').waitFor();
    await page.goto(`/console/accounts/${accountId}/credentials/nonsense`);
    await heading('This credential does not exist').waitFor();
  });

  it('may be looked at by a viewer, who is told why no more', async () => {
    const issued = await issue('client_credentials', { name: 'billing-service' });
    await open(issued);
    await becomeViewer({ page, keyledger, accountId });
    await page.getByRole('heading', { name: 'Versions' }).waitFor();
    const needs = 'Needs the role operator, owner or key manager.';
    expect(await button('Rotate secret').getAttribute('aria-description')).toBe(needs);
    await region('Would this pass?').getByText('Needs the role').waitFor();
    await region('History').getByText('Needs the role operator, owner or auditor.').waitFor();

    await signInAs(page, await keyledger.token('--role', 'auditor', '--account', accountId));
    await ask('Client secret', issued.secret['clientSecret'] ?? '');
    expect(await answer()).toContain('Yes, it would pass.');
  });
});
