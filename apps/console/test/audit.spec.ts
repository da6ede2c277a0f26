import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describeInBrowser } from './harness/browser.js';
import type { Keyledger } from './harness/keyledger.js';
import type { Issued } from './harness/secrets.js';
import { becomeViewer, signInAs, visitPage } from './harness/visit.js';

interface Entry {
  readonly action: string;
  readonly eventId: string;
  readonly correlationId: string;
  readonly actor: { readonly id: string };
}

describeInBrowser('the audit trail', () => {
  let keyledger: Keyledger;
  let page: Page;
  let accountId: string;
  const dialog = () => page.getByRole('dialog');
  const rows = () => page.getByRole('table').locator('tr[data-row]');
  const row = (text: string) => rows().filter({ hasText: text });
  const trail = (): string => `/console/accounts/${accountId}/audit`;

  /** Past the console. */
  const create = async (name: string): Promise<string> => {
    const body = { type: 'client_credentials', name };
    const { credential } = await keyledger.call<Issued>('POST', `/v1/accounts/${accountId}/credentials`, body);
    return credential.credentialId;
  };
  const entries = async (query = ''): Promise<readonly Entry[]> =>
    (await keyledger.call<{ items: Entry[] }>('GET', `/v1/accounts/${accountId}/audit?${query}`)).items;
  const show = () => page.getByRole('button', { name: 'Show', exact: true }).click();
  /** What a file holds that a press of a button saves. */
  const exported = async (form: string): Promise<string> => {
    await page.getByRole('button', { name: 'Export…' }).click();
    await dialog().getByRole('radio', { name: form }).check();
    const saving = page.waitForEvent('download');
    await dialog().getByRole('button', { name: 'Export' }).click();
    const text = await readFile((await (await saving).path()) ?? '', 'utf8');
    await dialog()
      .getByText(/^Saved /)
      .waitFor();
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    return text;
  };

  visitPage('audit', 'Audit trail', (visit) => ({ keyledger, page, accountId } = visit));

  it('tells in words what happened, to what, and by whom', async () => {
    const credentialId = await create('billing-service');
    await keyledger.call('POST', `/v1/accounts/${accountId}/credentials/${credentialId}/suspend`);
    await keyledger.call('PATCH', `/v1/accounts/${accountId}`, { name: 'Acme International' });
    await page.getByRole('button', { name: /Read again|newer/ }).click();
    const renamed = row('Account changed');
    await renamed.waitFor();
    expect(await renamed.innerText()).toMatch(/Name:\s+Acme Ltd →\s?(becomes)?\s*Acme International[^]*127\.0\.0\.1/);
    expect(await row('Credential suspended').innerText()).toMatch(/Status:\s+active →[^]*suspended/);
    expect(await row('Credential created').innerText()).toMatch(/Name:\s+billing-service/);
    const [latest] = await entries();
    await renamed.getByRole('button', { name: `Copy correlation id ${latest?.correlationId}` }).click();
    await renamed.getByText('Copied').waitFor();
    const about = row('Credential created').getByRole('link', { name: 'credential' });
    expect(await about.getAttribute('href')).toBe(`/console/accounts/${accountId}/credentials/${credentialId}`);
  });

  it('is filtered by the address', async () => {
    const credentialId = await create('billing-service');
    const other = await create('invoice-export');
    await keyledger.call('POST', `/v1/accounts/${accountId}/credentials/${credentialId}/revoke`);
    await page.reload();
    await row('Credential revoked').waitFor();
    await page.getByRole('combobox', { name: 'What happened' }).click();
    await page.getByRole('option', { name: 'Credential created' }).click();
    await page.getByRole('option', { name: 'Credential revoked' }).click();
    await page.getByRole('heading', { name: 'Audit trail' }).click();
    await page.getByText('Further filters').click();
    await page.getByLabel('Credential ID').fill(credentialId);
    await show();
    await row('Account registered').waitFor({ state: 'detached' });
    expect(await rows().count()).toBe(2);
    expect(new URL(page.url()).searchParams.get('action')).toBe('CredentialCreated,CredentialRevoked');
    expect(new URL(page.url()).searchParams.get('credentialId')).toBe(credentialId);

    const asked = { excludeAction: 'CredentialRevoked', from: '2020-01-01T00:00:00.000Z', actor: 'nobody' };
    await page.goto(`${trail()}?${new URLSearchParams(asked).toString()}`);
    await page.getByText('Nothing is like that.').waitFor();
    expect(await page.getByLabel('Who (whole id)').inputValue()).toBe('nobody');
    expect(await page.getByLabel('From').inputValue()).toMatch(/^20(19|20)-/);
    await page.getByRole('button', { name: 'Show all' }).click();
    await row('Credential revoked').waitFor();
    expect(page.url()).not.toContain('actor');
    await page.goto(`${trail()}?credentialId=${other}`);
    await row('invoice-export').waitFor();
    expect(await rows().count()).toBe(1);
    await page.goto(`${trail()}?action=Nonsense`);
    await page.getByRole('alert').waitFor();
  });

  it('records who reads it, once for each look', async () => {
    const before = (await entries('action=AuditTrailRead')).length;
    const feed = page.waitForResponse('**/v1/events');
    await page.reload();
    await Promise.all([row('Account registered').waitFor(), feed]);
    // Neither a write here or elsewhere nor a return to the page reads it again by itself.
    await create('billing-service');
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.getByRole('button', { name: 'Show newer entries' }).waitFor();
    expect(await row('Credential created').count()).toBe(0);
    // Our own question counts as well.
    expect(await entries('action=AuditTrailRead&limit=200')).toHaveLength(before + 2);
    await page.getByRole('button', { name: 'Show newer entries' }).click();
    await row('Credential created').waitFor();
    await page.getByRole('button', { name: 'Who has read this trail' }).click();
    await row('Audit trail read').first().waitFor();
    expect(await page.getByText('That you read it is recorded as well').count()).toBe(1);
  });

  it('opens one entry, which a pasted link finds again', async () => {
    const credentialId = await create('billing-service');
    await page.reload();
    await row('Credential created').getByRole('button', { name: 'Credential created' }).click();
    const [created] = await entries('action=CredentialCreated');
    const isWhole = async (): Promise<void> => {
      await dialog()
        .getByText(created?.eventId ?? '')
        .waitFor();
      const text = await dialog().innerText();
      for (const each of [created?.correlationId, created?.actor.id, credentialId, accountId, 'CredentialCreated']) {
        expect(text).toContain(each);
      }
    };
    await isWhole();
    const link = page.url();
    await page.goBack();
    await dialog().waitFor({ state: 'detached' });
    for (let at = 0; at < 60; at += 1) {
      await keyledger.call('PATCH', `/v1/accounts/${accountId}`, { name: `Acme ${at}` });
    }
    await page.goto(link);
    await isWhole();
    await dialog().getByRole('link', { name: 'All about this credential' }).click();
    await dialog().waitFor({ state: 'detached' });
    await row('Account changed').first().waitFor({ state: 'detached' });
    expect(await rows().count()).toBe(1);

    await page.goto(trail());
    await row('Acme 59').first().waitFor();
    expect(await rows().count()).toBe(50);
    await page.getByRole('button', { name: 'Show more' }).click();
    await row('Account registered').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await dialog().getByText('AccountChanged').waitFor();
  });

  it('is exported whole, as CSV that no spreadsheet calculates, and as JSON', async () => {
    const agent = '=HYPERLINK("https://x.example","a, b")';
    const headers = { authorization: `Bearer ${await keyledger.operator()}`, 'user-agent': agent };
    const renamed = { name: 'Acme "International", Ltd' };
    const answer = await fetch(`${keyledger.url}/v1/accounts/${accountId}`, {
      method: 'PATCH',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(renamed),
    });
    expect(answer.status).toBe(200);
    for (let at = 0; at < 205; at += 1) {
      await keyledger.call('PATCH', `/v1/accounts/${accountId}`, { name: `Acme ${at}` });
    }
    await page.reload();
    await row('Acme 204').first().waitFor();
    const csv = await exported('CSV, for a spreadsheet');
    const lines = csv.split('\r\n');
    expect(lines).toHaveLength(1 + 207 + 1);
    expect(lines[0]).toBe(
      '"at","action","actorType","actorId","actorIssuer","ip","userAgent","accountId","credentialId","applicationId",' +
        '"changes","correlationId","eventId","position"',
    );
    expect(lines.at(-2)).toMatch(/^"\d{4}-\d\d-\d\dT[\d:.]+Z","AccountRegistered",/);
    expect(csv).toContain('"\'=HYPERLINK(""https://x.example"",""a, b"")"');
    expect(csv).toContain('\\""International\\"", Ltd');

    await page.goto(`${trail()}?action=AccountRegistered`);
    await row('Account registered').waitFor();
    const json = JSON.parse(await exported('JSON, for a program')) as { readonly entries: readonly Entry[] };
    expect(json).toMatchObject({ accountId, isComplete: true, filters: { action: ['AccountRegistered'] } });
    expect(json.entries.map(({ action }) => action)).toEqual(['AccountRegistered']);
  });

  it('ends an export that is cancelled, and says where the rest is of one that is too long', async () => {
    await page.route('**/audit?*limit=200*', async (route) => {
      const url = new URL(route.request().url());
      const at = Number(url.searchParams.get('cursor') ?? '0');
      const response = await route.fetch({ url: url.href.replace(/&?cursor=\d+/, '') });
      const [entry] = ((await response.json()) as { readonly items: readonly Entry[] }).items;
      const items = Array.from({ length: 200 }, (_, each) => ({ ...entry, eventId: `evt_${at}_${each}` }));
      await route.fulfill({ json: { items, nextCursor: String(at + 1) } });
    });
    await page.getByRole('button', { name: 'Export…' }).click();
    await dialog().getByText('10,000 entries at most').waitFor();
    const saving = page.waitForEvent('download');
    await dialog().getByRole('button', { name: 'Export' }).click();
    await dialog()
      .getByText(/entries read…/)
      .waitFor();
    await saving;
    await dialog().getByText('Saved 10,000 entries.').waitFor();
    await dialog().getByRole('link', { name: 'Go on before' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('to')).toMatch(/Z$/);

    let asked = 0;
    page.on('request', (request) => (asked += request.url().includes('limit=200') ? 1 : 0));
    await page.getByRole('button', { name: 'Export…' }).click();
    await dialog().getByRole('button', { name: 'Export' }).click();
    await dialog()
      .getByText(/entries read…/)
      .waitFor();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await dialog().waitFor({ state: 'detached' });
    const sofar = asked;
    await page.getByRole('button', { name: 'Read again' }).click();
    await row('Account registered').first().waitFor();
    expect(asked).toBeLessThanOrEqual(sofar + 1);
    await page.unrouteAll({ behavior: 'wait' });
  });

  it('of all accounts names them, and leads to them', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('A');
    await page.getByRole('heading', { name: 'Audit trail of all accounts' }).waitFor();
    await row('Account registered').first().getByRole('link', { name: 'account' }).click();
    await page.waitForURL(/\/accounts\/acct_/);
    await page.getByRole('heading', { name: 'Acme Ltd' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.getByRole('heading', { name: 'Audit trail', exact: true }).waitFor();
  });

  it('says who may not read it why', async () => {
    await becomeViewer({ page, keyledger, accountId });
    await page.getByText('Needs the role operator, owner or auditor.').waitFor();
    await page.goto('/console/audit');
    await page.getByText('Needs the role operator or auditor.').waitFor();
    await signInAs(page, await keyledger.token('--role', 'auditor', '--account', accountId));
    await page.getByText('Your session is for some accounts.').waitFor();
    await page.goto(trail());
    await row('Account registered').waitFor();
  });
});
