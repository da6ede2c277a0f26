import type { Page } from 'playwright-core';
import { describeInBrowser } from './harness/browser.js';
import type { Keyledger } from './harness/keyledger.js';
import { becomeViewer, visitPage } from './harness/visit.js';

interface Catalogue {
  readonly endpoints: readonly { readonly endpointId: string; readonly status: string }[];
}

const endpoints = [
  { endpointId: 'invoices.list', method: 'GET', path: '/invoices' },
  { endpointId: 'invoices.create', method: 'POST', path: '/invoices' },
  { endpointId: 'refunds.create', method: 'POST', path: '/refunds' },
];

describeInBrowser('the endpoint catalogue', () => {
  let keyledger: Keyledger;
  let page: Page;
  let accountId: string;
  const dialog = () => page.getByRole('dialog');
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const row = (text: string) => page.getByRole('row').filter({ hasText: text });
  const menuItem = async (of: string, name: string): Promise<void> => {
    await page.getByRole('button', { name: `Actions for ${of}` }).click();
    await page.getByRole('menuitem', { name, exact: true }).click();
  };

  const active = async (): Promise<readonly string[]> =>
    (await keyledger.call<Catalogue>('GET', '/v1/api-endpoints')).endpoints
      .filter(({ status }) => status === 'active')
      .map(({ endpointId }) => endpointId);

  const add = async (id: string, path: string): Promise<void> => {
    await button('Add endpoint').first().click();
    await dialog().getByLabel('Endpoint ID').fill(id);
    await dialog().getByLabel('Path').fill(path);
    await button('Add to the list').click();
    await dialog().waitFor({ state: 'detached' });
  };

  visitPage('/endpoints', 'Endpoint catalogue', (visit) => ({ keyledger, page, accountId } = visit));
  beforeEach(async () => {
    await keyledger.call('PUT', '/v1/api-endpoints', { endpoints });
    await page.reload();
    await row('refunds.create').waitFor();
  });

  it('is edited as a whole, and says before it is saved what that does', async () => {
    await button('Add endpoint').first().click();
    await dialog().getByLabel('Endpoint ID').fill('invoices.list');
    await dialog().getByText('There is one with this ID already').waitFor();
    await dialog().getByLabel('Endpoint ID').fill('invoices.get');
    await dialog().getByLabel('Path').fill('invoices');
    await dialog().getByLabel('Path').blur();
    await dialog().getByText('Begins with /').waitFor();
    await dialog().getByLabel('Path').fill('/invoices');
    await dialog().getByText('invoices.list has this method and path already').waitFor();
    await dialog().getByLabel('Path').fill('/invoices/{id}');
    await button('Add to the list').click();
    await row('invoices.get').getByText('Added').waitFor();
    await menuItem('invoices.create', 'Change…');
    await dialog().getByLabel('Method').selectOption('PUT');
    await button('Change in the list').click();
    await row('invoices.create').getByText('Changed').waitFor();
    await menuItem('refunds.create', 'Retire');
    await row('refunds.create').getByText('Retired').waitFor();
    await page.getByText('Not saved yet: 3 changes').waitFor();
    expect(await active()).toEqual(['invoices.create', 'invoices.list', 'refunds.create']);

    await page.reload();
    await page.getByText('Not saved yet: 3 changes').waitFor();
    await button('Save catalogue').click();
    const asked = await dialog().innerText();
    expect(asked).toMatch(/Retired\s+1\s+refunds\.create POST \/refunds/);
    expect(asked).toMatch(/Changed\s+1\s+invoices\.create POST \/invoices → PUT \/invoices/);
    expect(asked).toMatch(/Added\s+1\s+invoices\.get GET \/invoices\/\{id\}/);
    expect(asked).toContain('What is retired is refused at once');
    await button('Go on editing').click();
    await button('Save catalogue').click();
    await dialog().getByRole('button', { name: 'Save catalogue' }).click();
    await page.getByText('The catalogue is saved').waitFor();
    await page.getByText('All is saved.').waitFor();
    expect(await active()).toEqual(['invoices.create', 'invoices.get', 'invoices.list']);
    await page.getByRole('link', { name: 'Follow who knows of it' }).click();
    await page.getByText(/knows? of it: no verdict goes by what was before/).waitFor();
  });

  it('shows what is refused beside the endpoint, and leads to it', async () => {
    await add('odd', '/a/../b');
    await button('Save catalogue').click();
    await dialog().getByRole('button', { name: 'Save catalogue' }).click();
    await dialog().getByRole('list', { name: 'Refused' }).getByRole('button', { name: 'odd' }).click();
    await dialog().getByLabel('Path').fill('/b');
    await button('Change in the list').click();
    await dialog().getByText('Save the catalogue?').waitFor();
    await dialog().getByText('GET /b').waitFor();
    expect(await dialog().getByRole('list', { name: 'Refused' }).count()).toBe(0);
    await dialog().getByRole('button', { name: 'Save catalogue' }).click();
    await page.getByText('The catalogue is saved').waitFor();
    expect(await active()).toContain('odd');
  });

  it('tells what somebody else has saved meanwhile, and undoes none of it', async () => {
    await add('mine.list', '/mine');
    await menuItem('refunds.create', 'Change…');
    await dialog().getByLabel('Path').fill('/refunds/new');
    await button('Change in the list').click();
    const theirs = [...endpoints.slice(0, 2), { endpointId: 'theirs.list', method: 'GET', path: '/theirs' }];
    await keyledger.call('PUT', '/v1/api-endpoints', { endpoints: theirs });
    await button('Save catalogue').click();
    await dialog().getByRole('button', { name: 'Save catalogue' }).click();
    await dialog().getByRole('button', { name: 'Look again' }).click();
    const notice = page.getByRole('alert').filter({ hasText: 'The catalogue has changed meanwhile' });
    await notice.getByText('theirs.list').waitFor();
    await notice.getByText('You have changed it here, too.').waitFor();
    await notice.getByText(/^Last: .*, by /).waitFor();
    expect(await active()).toContain('theirs.list');
    await button('Go on with my changes on top of it').click();
    await row('theirs.list').waitFor();
    await button('Save catalogue').click();
    expect(await dialog().innerText()).not.toContain('theirs.list');
    await dialog().getByRole('button', { name: 'Save catalogue' }).click();
    await page.getByText('The catalogue is saved').waitFor();
    expect(await active()).toEqual(['invoices.create', 'invoices.list', 'mine.list', 'refunds.create', 'theirs.list']);
  });

  it('takes many at once from JSON, and counts them before', async () => {
    await button('Import').click();
    await dialog().getByLabel('JSON').fill('[{"endpointId": "a", "method": "FETCH", "path": "/a"}, {"path": "/b"}]');
    await dialog().getByLabel('JSON').blur();
    await dialog().getByText('Item 1 (a) has no method such as GET, or ANY').waitFor();
    await dialog().getByText('Item 2 has no endpointId').waitFor();
    const many = Array.from({ length: 150 }, (_, at) => ({ endpointId: `e.${at}`, method: 'get', path: `/e/${at}` }));
    await dialog()
      .getByLabel('JSON')
      .fill(JSON.stringify({ endpoints: [...many, endpoints[0]] }));
    await dialog().getByText('151 endpoints read. With them 150 changes are to be saved.').first().waitFor();
    await dialog().getByRole('radio', { name: 'Replace it' }).check();
    await dialog().getByText('151 endpoints read. With them 152 changes are to be saved.').first().waitFor();
    await button('Take into the list').click();
    await page.getByText('Not saved yet: 152 changes').waitFor();
    await button('Show more').click();
    await page.getByRole('searchbox').fill('get /e/149');
    await row('invoices.list').waitFor({ state: 'detached' });
    await row('e.149').waitFor();
    expect(await page.locator('tr[data-row]').count()).toBe(1);
    await button('Save catalogue').click();
    await dialog().getByRole('button', { name: 'Save catalogue' }).click();
    await page.getByText('The catalogue is saved').waitFor();
    expect(await active()).toHaveLength(151);
  });

  it('shows retired ones that an app has, and lists them again', async () => {
    const app = { title: 'Partner portal', endpointIds: ['refunds.create'] };
    await keyledger.call('POST', `/v1/accounts/${accountId}/applications`, app);
    await keyledger.call('PUT', '/v1/api-endpoints', { endpoints: endpoints.slice(0, 2) });
    await page.reload();
    await row('refunds.create').getByText('Retired: it is refused').waitFor();
    await menuItem('refunds.create', 'List again');
    await button('Save catalogue').click();
    await dialog().getByRole('button', { name: 'Save catalogue' }).click();
    await page.getByText('The catalogue is saved').waitFor();
    expect(await active()).toContain('refunds.create');
  });

  it('may be read by others, who are told why they cannot edit it', async () => {
    await becomeViewer({ page, keyledger, accountId });
    await row('refunds.create').waitFor();
    for (const name of ['Add endpoint', 'Save catalogue', 'Import']) {
      expect([name, await button(name).first().getAttribute('aria-description')]).toEqual([
        name,
        'Needs the role operator.',
      ]);
    }
  });
});
