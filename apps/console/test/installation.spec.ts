import type { Page } from 'playwright-core';
import { describeInBrowser } from './harness/browser.js';
import type { Keyledger } from './harness/keyledger.js';
import { signInAs, visitPage } from './harness/visit.js';

interface Revoked {
  readonly position: string;
}

interface Receipt {
  readonly verifiers: readonly { readonly guaranteed: boolean }[];
}

describeInBrowser('the installation', () => {
  let keyledger: Keyledger;
  let page: Page;
  let accountId: string;
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const region = (name: string) => page.getByRole('region', { name });

  const revoke = async (): Promise<string> => {
    const path = `/v1/accounts/${accountId}/credentials`;
    const body = { type: 'api_key', mode: 'test' };
    const { credential } = await keyledger.call<{ credential: { credentialId: string } }>('POST', path, body);
    return (await keyledger.call<Revoked>('POST', `${path}/${credential.credentialId}/revoke`)).position;
  };

  visitPage('/installation', 'Installation', (visit) => ({ keyledger, page, accountId } = visit));

  it('shows its parts, the end of the log, and how far the verifiers are', async () => {
    const parts = region('Parts');
    await parts.getByText('Ready: every part can serve requests.').waitFor();
    for (const name of ['log', 'database', 'listing', 'audit', 'verifier']) {
      await parts.getByRole('row').filter({ hasText: name }).getByText('Up').first().waitFor();
    }
    const { position } = await keyledger.call<Revoked>('GET', '/v1/position');
    const log = region('The log, and its verifiers');
    await log.getByText(position).first().waitFor();
    await log.getByRole('table', { name: 'Verifiers' }).getByText('Knows of it').first().waitFor();
  });

  it('shows which part is down, also with the status 503', async () => {
    await page.route('**/health/ready', (route) => {
      const details = { log: { status: 'up' }, database: { status: 'down' } };
      return route.fulfill({ status: 503, json: { status: 'error', details } });
    });
    await page.reload();
    await page.getByText('Not ready: 1 of 2 parts is down.').waitFor();
    await region('Parts').getByRole('row').filter({ hasText: 'database' }).getByText('Down').waitFor();
  });

  it('asks each service where they are apart', async () => {
    await page.route('**/health/ready', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/health/ready') return route.fulfill({ status: 404, json: { code: 'not-found' } });
      if (pathname.startsWith('/audit-service'))
        return route.fulfill({ status: 503, json: { code: 'log-unavailable' } });
      return route.fulfill({ status: 200, json: { status: 'ok', details: { log: { status: 'up' } } } });
    });
    await page.reload();
    await page.getByText('Not ready: 1 of 7 parts is down.').waitFor();
    await region('Parts').getByRole('row').filter({ hasText: 'audit-service' }).getByText('Down').waitFor();
  });

  it('follows a revocation until every verifier knows of it', async () => {
    const position = await revoke();
    // So that the page asks about the end of the log as well, and by another position.
    await keyledger.account('Another Ltd');
    await page.reload();
    await page.getByRole('textbox', { name: 'Position' }).fill(position);
    let asked = 0;
    await page.route('**/v1/positions/*', async (route) => {
      const response = await route.fetch();
      if (!route.request().url().includes(position)) return route.fulfill({ response });
      asked += 1;
      const receipt = (await response.json()) as Receipt;
      const verifiers = receipt.verifiers.map((each) => ({
        ...each,
        guaranteed: asked > 2,
        position: asked > 2 ? position : position.replace(/.{4}$/, '0000'),
      }));
      return route.fulfill({ response, json: { ...receipt, verifiers } });
    });
    await button('Follow').click();
    await page.getByText(/^0 of 1 know of it/).waitFor();
    const receipt = page.getByRole('table', { name: 'Receipt' });
    await receipt.getByText('Not yet').waitFor();
    await receipt.getByText(/^for \d+ s$/).waitFor();
    await page.getByText('The one verifier knows of it: no verdict goes by what was before.').waitFor();
    await receipt.getByText('Knows of it', { exact: true }).last().waitFor();
    expect(new URL(page.url()).searchParams.get('position')).toBe(position);
    expect(asked).toBe(3);
    await page.reload();
    await page.getByText('The one verifier knows of it').waitFor();
  });

  it('follows what a link names, and says what is no position of this log', async () => {
    await page.goto(`/console/installation?position=${await revoke()}`);
    await page.getByText('The one verifier knows of it').waitFor();
    await button('Follow none').click();
    await page.getByText('The one verifier knows of it').waitFor({ state: 'detached' });
    await page.getByRole('textbox', { name: 'Position' }).fill('elsewhere-0000000000000001');
    await button('Follow').click();
    await region('Who knows of a write').getByRole('alert').waitFor();
  });

  it('tells those who may not ask for receipts why', async () => {
    await signInAs(page, await keyledger.token('--role', 'sender', '--account', accountId));
    await region('Who knows of a write')
      .getByText(/^Needs the role/)
      .waitFor();
    await page.getByText('Ready: every part can serve requests.').waitFor();
  });
});
