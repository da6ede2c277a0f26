import type { Page, Request } from 'playwright-core';
import { describeInBrowser, type WatchedPage } from './harness/browser.js';
import type { Keyledger } from './harness/keyledger.js';
import { issueBy, saveSecret, type Issued } from './harness/secrets.js';
import { becomeViewer, signInAs, visitPage } from './harness/visit.js';

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

type Item = Readonly<Record<string, unknown>>;

describeInBrowser('an account', () => {
  let keyledger: Keyledger;
  let watched: WatchedPage;
  let page: Page;
  let accountId: string;
  const dialog = () => page.getByRole('dialog');
  const region = (name: string) => page.getByRole('region', { name, exact: true });
  const account = (): string => `/v1/accounts/${accountId}`;
  const overview = (): string => `/console/accounts/${accountId}`;

  /** Past the console. */
  const create = async (body: object): Promise<Issued> =>
    keyledger.call<Issued>('POST', `${account()}/credentials`, body);
  const service = (name: string) => create({ type: 'client_credentials', name });
  /** As if it were so: what takes days to become so. */
  const pretend = async (credentialId: string, what: Item): Promise<void> => {
    await page.route('**/credentials?*', async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as { items: Item[] };
      const items = body.items.map((item) => (item['credentialId'] === credentialId ? { ...item, ...what } : item));
      await route.fulfill({ response, json: { ...body, items } });
    });
  };

  describe('on its overview', () => {
    visitPage('', 'Acme Ltd', (visit) => ({ keyledger, watched, page, accountId } = visit));

    it('shows what is in force, and leads to it', async () => {
      const { credential } = await service('billing-service');
      await service('invoice-export');
      await create({ type: 'api_key', mode: 'test' });
      await keyledger.call('POST', `${account()}/credentials/${credential.credentialId}/suspend`);
      await page.reload();
      const row = page.getByRole('row').filter({ hasText: 'Client credentials' });
      await row.getByText('1').first().waitFor();
      expect((await row.innerText()).split(/\s+/)).toEqual(['Client', 'credentials', '1', '1', '0', '0']);
      await page.getByRole('group', { name: 'Account', exact: true }).getByText(accountId).waitFor();
      await row.getByRole('link', { name: '1' }).last().click();
      await page.getByRole('heading', { name: 'Client credentials' }).waitFor();
      expect(page.url()).toContain('status=suspended');
      await page.getByRole('row').filter({ hasText: 'billing-service' }).waitFor();
    });

    it('shows the last events, to whoever may read them', async () => {
      await region('Last events').getByText('Account registered').waitFor();
      await region('Last events').getByRole('button', { name: 'Account registered' }).click();
      await dialog().getByText('AccountRegistered').waitFor();
      await page.goto(overview());
      await region('Last events').getByRole('link', { name: 'The whole audit trail' }).click();
      await page.getByRole('heading', { name: 'Audit trail' }).waitFor();
      await page.goto(overview());
      await becomeViewer({ page, keyledger, accountId });
      await region('Last events').getByText('Needs the role operator, owner or auditor.').waitFor();
      await region('Needs attention').getByText('Nothing does.').waitFor();
    });

    it('has nothing that needs attention at first', async () => {
      await region('Needs attention').getByText('Nothing does.').waitFor();
    });

    it.each([
      ['Rotation advised', { rotationDueAt: inDays(-3) }, 'Rotate…', 'Rotate the secret of'],
      ['Not used for 90 days', { createdAt: inDays(-100) }, 'Revoke…', 'Revoke “'],
      ['Not used for 90 days', { createdAt: inDays(-200), lastUsedAt: inDays(-91) }, 'Revoke…', 'Revoke “'],
    ] as const)('says what needs attention: %s', async (title, what, button, question) => {
      const { credential } = await service('billing-service');
      await keyledger.call('POST', `${account()}/credentials/${credential.credentialId}/acknowledge`);
      await pretend(credential.credentialId, what);
      await page.reload();
      const matter = region('Needs attention').getByRole('region', { name: title });
      await matter.getByText('billing-service').waitFor();
      expect(await region('Needs attention').getByRole('listitem').count()).toBe(1);
      await matter.getByRole('button', { name: `${button}: billing-service` }).click();
      await dialog().getByText(question).first().waitFor();
      await dialog().getByRole('button', { name: 'Keep it' }).click();
    });

    it.each([
      ['Expire within 30 days', { expiresAt: inDays(20) }],
      ['Old secrets that end soon', { versions: [{ version: 1, state: 'overlap', validUntil: inDays(1) }] }],
    ] as const)('leads to what needs attention: %s', async (title, what) => {
      const { credential } = await service('billing-service');
      await keyledger.call('POST', `${account()}/credentials/${credential.credentialId}/acknowledge`);
      await pretend(credential.credentialId, what);
      await page.reload();
      const matter = region('Needs attention').getByRole('region', { name: title });
      await matter.getByRole('button', { name: 'Look at it: billing-service' }).click();
      await page.waitForURL(`**/credentials/${credential.credentialId}`);
    });

    it('says which secrets nobody has confirmed to have saved', async () => {
      await service('billing-service');
      await page.reload();
      const matter = region('Needs attention').getByRole('region', { name: 'Secrets that nobody' });
      await matter.getByRole('button', { name: 'Rotate…: billing-service' }).click();
      await issueBy(page, dialog().getByRole('button', { name: 'Rotate secret' }));
      await saveSecret(page);
      await page.goto(overview());
      await region('Last events').getByText('Secret acknowledged').waitFor();
      await matter.waitFor({ state: 'detached' });
      // The old one still goes on for a while.
      await region('Needs attention').getByRole('region', { name: 'Old secrets that end soon' }).waitFor();
    });

    it('says which webhook endpoints fail or are off, and that nothing signs for them', async () => {
      const endpoint = { url: 'https://hooks.example.com/keyledger', types: [], scheme: 'standard' };
      await page.route('**/webhook-endpoints?*', (route) =>
        route.fulfill({
          json: {
            items: [
              { ...endpoint, endpointId: 'whe_1', enabled: true, disabledReason: null },
              { ...endpoint, endpointId: 'whe_2', url: 'https://two.example', enabled: true, disabledReason: null },
              {
                ...endpoint,
                endpointId: 'whe_3',
                url: 'https://three.example',
                enabled: false,
                disabledReason: 'gone',
              },
              { ...endpoint, endpointId: 'whe_4', enabled: false, disabledReason: 'requested' },
            ],
            nextCursor: null,
          },
        }),
      );
      await page.route('**/statistics*', (route) => {
        const [lastFailureAt, lastSuccessAt] = [inDays(-1), inDays(route.request().url().includes('whe_1') ? -2 : 0)];
        return route.fulfill({ json: { days: [], lastFailureAt, lastSuccessAt, backlog: {} } });
      });
      await page.reload();
      const failing = region('Needs attention').getByRole('region', { name: 'Webhook endpoints' });
      await failing.getByText('The latest attempt failed').waitFor();
      await failing.getByText('it answered that it is gone').waitFor();
      expect(await failing.getByRole('listitem').count()).toBe(2);
      await region('Needs attention').getByRole('button', { name: 'Choose a secret' }).click();
      await page.getByRole('heading', { name: 'API secrets' }).waitFor();
      await create({ type: 'api_secret', name: 'payments' });
      await page.goto(overview());
      await failing.waitFor();
      await page.getByText('No secret signs webhooks').waitFor({ state: 'detached' });
    });

    it('asks for little where there are very many, and says what is not counted', async () => {
      const asked: Request[] = [];
      page.on('request', (request) => {
        if (request.url().includes('/credentials?')) asked.push(request);
      });
      await service('billing-service');
      await page.route('**/credentials?*', async (route) => {
        const url = new URL(route.request().url());
        const [sort, at] = [url.searchParams.get('sort'), Number(url.searchParams.get('cursor') ?? 0)];
        url.searchParams.delete('cursor');
        const [item] = ((await (await route.fetch({ url: url.href })).json()) as { items: Item[] }).items;
        const items = Array.from({ length: 200 }, (_, each) => ({
          ...item,
          credentialId: `cred_${sort}_${at}_${each}`,
          name: `${sort} ${at} ${each}`,
          createdAt: sort === 'createdAt' ? inDays(-300) : item?.['createdAt'],
        }));
        await route.fulfill({ json: { items, nextCursor: String(at + 1) } });
      });
      await page.reload();
      await page.getByText('only the newest 600 and the oldest 600 are counted').waitFor();
      expect(asked).toHaveLength(6);
      const unused = region('Needs attention').getByRole('region', { name: 'Not used for 90 days' });
      await unused.getByText('(600)').waitFor();
      expect(await unused.getByRole('listitem').count()).toBe(5);
      await unused.getByRole('button', { name: 'Show all 600' }).click();
      expect(page.url()).toContain('all=unused');
      await unused.getByRole('listitem').nth(599).waitFor();
    });

    it('tells why one may not do what is advised', async () => {
      const { credential } = await service('billing-service');
      await pretend(credential.credentialId, { rotationDueAt: inDays(-3) });
      await becomeViewer({ page, keyledger, accountId });
      const button = page.getByRole('button', { name: 'Rotate…: billing-service' });
      expect(await button.getAttribute('aria-description')).toBe('Needs the role operator, owner or key manager.');
    });
  });

  describe('in its settings', () => {
    visitPage('settings', 'Settings', (visit) => ({ keyledger, watched, page, accountId } = visit));
    const saved = () => keyledger.call<{ name: string; status: string; plan: object }>('GET', account());

    it('is renamed, and says who has done so meanwhile', async () => {
      const name = page.getByRole('textbox', { name: 'Name', exact: true });
      const save = page.getByRole('button', { name: 'Save name' });
      expect(await save.isDisabled()).toBe(true);
      await name.fill('Acme International');
      await save.click();
      await page.getByRole('navigation').getByText('Acme International').waitFor();
      expect((await saved()).name).toBe('Acme International');

      await name.fill('Acme Worldwide');
      await keyledger.call('PATCH', account(), { name: 'Acme Group' });
      await save.click();
      await page.getByText(/^Last: .*\(Name\), by/).waitFor();
      await page.reload();
      expect(await name.inputValue()).toBe('Acme Worldwide');
      await save.click();
      await page.getByRole('button', { name: 'Look again' }).click();
      await page.getByText('Now it is “Acme Group”.').waitFor();
      await save.click();
      await page.getByRole('navigation').getByText('Acme Worldwide').waitFor();
      expect((await saved()).name).toBe('Acme Worldwide');
    });

    it('gets another plan, and says what that means for live keys', async () => {
      await page.getByText('cannot be created with this plan').waitFor();
      await page.getByRole('radio', { name: 'Paid' }).check();
      await page.getByText('cannot be created with this plan').waitFor();
      await page.getByRole('checkbox', { name: 'A payment method is on file' }).check();
      await page.getByText('can be created with this plan').waitFor();
      const save = page.getByRole('button', { name: 'Save plan' });
      await save.click();
      await page.waitForFunction(() => document.querySelector('#plan button')?.hasAttribute('disabled') === true);
      expect((await saved()).plan).toEqual({ tier: 'paid', paymentMethodOnFile: true });
      await page.goto(`/console/accounts/${accountId}/api-keys?dialog=create`);
      expect(await dialog().getByRole('radio', { name: 'Live' }).isEnabled()).toBe(true);
    });

    it('keeps of its plan what somebody else has changed meanwhile', async () => {
      await page.getByRole('radio', { name: 'Paid' }).check();
      await keyledger.call('PUT', `${account()}/plan`, { tier: 'free', paymentMethodOnFile: true });
      const save = page.getByRole('button', { name: 'Save plan' });
      await save.click();
      await page.getByRole('button', { name: 'Look again' }).click();
      await page.getByRole('button', { name: 'Look again' }).waitFor({ state: 'detached' });
      await save.click();
      await page.getByText('Saved.').waitFor();
      expect((await saved()).plan).toEqual({ tier: 'paid', paymentMethodOnFile: true });
    });

    it('is suspended and resumed by dialogs that say what follows', async () => {
      await page.getByRole('button', { name: 'Suspend account…' }).click();
      await dialog().getByText('Suspend Acme Ltd?').waitFor();
      await dialog().getByText('Every credential of it is refused until you resume it. Nothing is deleted.').waitFor();
      await dialog().getByRole('button', { name: 'Leave it' }).click();
      await dialog().waitFor({ state: 'detached' });
      expect((await saved()).status).toBe('active');
      await page.getByRole('button', { name: 'Suspend account…' }).click();
      await dialog().getByRole('button', { name: 'Suspend account' }).click();
      await page.getByRole('button', { name: 'Resume account…' }).waitFor();
      expect((await saved()).status).toBe('suspended');
      const refused = await page.getByRole('button', { name: 'Save name' }).getAttribute('aria-description');
      expect(refused).toBe('The account is suspended.');
      await page.goto(overview());
      await page.getByText('This account is suspended').waitFor();
      await page.goto(`${overview()}/settings?dialog=resume`);
      await dialog().getByRole('button', { name: 'Resume account' }).click();
      await page.getByRole('button', { name: 'Suspend account…' }).waitFor();
      expect((await saved()).status).toBe('active');
    });

    it('tells each role what it may not do', async () => {
      const why = (name: string) => page.getByRole('button', { name }).getAttribute('aria-description');
      await signInAs(page, await keyledger.token('--role', 'owner', '--account', accountId));
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      expect(await why('Save plan')).toBe('Needs the role operator.');
      expect(await why('Suspend account…')).toBe('Needs the role operator.');
      expect(await why('Save name')).toBeNull();
      await becomeViewer({ page, keyledger, accountId });
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      expect(await why('Save name')).toBe('Needs the role operator or owner.');
      expect(await page.getByRole('radio', { name: 'Paid' }).isDisabled()).toBe(true);
    });
  });

  describe('in the feed', () => {
    visitPage('client-credentials', 'Client credentials', (visit) => ({ keyledger, watched, page, accountId } = visit));
    const row = (name: string) => page.getByRole('row').filter({ hasText: name });
    /** Loads the page anew, until it listens. */
    const listen = async (): Promise<void> => {
      const answer = page.waitForResponse((response) => response.url().endsWith('/v1/events'));
      await page.reload();
      await answer;
    };

    it('has what others do shown at once, without a word', async () => {
      await listen();
      const { credential } = await service('billing-service');
      await row('billing-service').waitFor();
      await keyledger.call('POST', `${account()}/credentials/${credential.credentialId}/revoke`);
      await row('billing-service').getByText('Inactive, revoked').waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    });

    it('is heard by those who see only their accounts', async () => {
      const answer = page.waitForResponse((response) => response.url().endsWith('/v1/events'));
      await becomeViewer({ page, keyledger, accountId });
      expect((await answer).status()).toBe(200);
      await service('billing-service');
      await row('billing-service').waitFor();
    });

    it('is heard again after it was cut, with what happened meanwhile', async () => {
      let tries = 0;
      await page.route('**/v1/events', (route) => {
        tries += 1;
        return tries === 1
          ? route.fulfill({ contentType: 'text/event-stream', body: 'retry: 1000\n:\n' })
          : route.continue();
      });
      await page.reload();
      await page.getByText('A service signs in').waitFor();
      await service('billing-service');
      await row('billing-service').waitFor();
      expect(tries).toBeGreaterThan(1);
      await page.unrouteAll({ behavior: 'wait' });
    });

    it('is left alone where it is refused', async () => {
      let tries = 0;
      await page.route('**/v1/events', (route) => {
        tries += 1;
        return route.fulfill({ status: 403, json: { code: 'forbidden', title: 'No', detail: 'No.' } });
      });
      await page.reload();
      await page.getByText('A service signs in').waitFor();
      await service('billing-service');
      await page.getByRole('button', { name: 'Create credential' }).first().click();
      await page.goBack();
      await page.reload();
      await row('billing-service').waitFor();
      expect(tries).toBe(2);
      expect(await page.getByRole('alert').count()).toBe(0);
    });

    it('is heard no more after signing out, nor while nobody looks', async () => {
      const open = new Set<Request>();
      page.on('request', (request) => {
        if (request.url().endsWith('/v1/events')) open.add(request);
      });
      page.on('requestfailed', (request) => open.delete(request));
      page.on('requestfinished', (request) => open.delete(request));
      await listen();
      expect(open.size).toBe(1);
      const look = async (state: 'hidden' | 'visible'): Promise<void> =>
        page.evaluate((seen) => {
          Object.defineProperty(document, 'visibilityState', { configurable: true, value: seen });
          document.dispatchEvent(new Event('visibilitychange'));
        }, state);
      await look('hidden');
      await expectSoon(() => open.size === 0);
      await look('visible');
      await expectSoon(() => open.size === 1);
      await page.getByRole('button', { name: 'You and this console' }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      await expectSoon(() => open.size === 0);
    });

    it('makes two tabs agree', async () => {
      const other = await watched.context.newPage();
      await other.goto(page.url());
      await other.getByRole('heading', { name: 'Client credentials' }).waitFor();
      await page.bringToFront();
      await page.getByRole('button', { name: 'Create credential' }).first().click();
      await dialog().getByLabel('Name').fill('billing-service');
      await issueBy(page, dialog().getByRole('button', { name: 'Create credential' }));
      await saveSecret(page);
      for (const tab of [page, other]) await tab.getByRole('row').filter({ hasText: 'billing-service' }).waitFor();
    });
  });
});

/** Waits for what a browser does on its own; the suite's time is its end. */
const expectSoon = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 50));
};
