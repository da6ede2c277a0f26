import type { Page } from 'playwright-core';
import { describeInBrowser } from './harness/browser.js';
import type { Keyledger } from './harness/keyledger.js';
import { Receiver } from './harness/receiver.js';
import { becomeViewer, signInAs, visitPage } from './harness/visit.js';

interface EndpointReply {
  readonly webhookEndpoint: { readonly endpointId: string; readonly revision: number };
}

const TYPE = 'invoice.paid';
/** Numbers that would be others if they were read and written again. */
const PAYLOAD = '{"id":12345678901234567890,"total":12.50,"items":[],"note":"é"}';

describeInBrowser('webhooks', () => {
  let keyledger: Keyledger;
  let page: Page;
  let accountId: string;
  let receiver: Receiver;
  let at: string;
  const dialog = () => page.getByRole('dialog');
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const row = (text: string) => page.getByRole('row').filter({ hasText: text });
  const path = (): string => `/v1/accounts/${accountId}`;
  const menuItem = async (of: string, name: string): Promise<void> => {
    await page.getByRole('button', { name: `Actions for ${of}` }).click();
    await page.getByRole('menuitem', { name }).click();
  };

  const createSigner = () =>
    keyledger.call('POST', `${path()}/credentials`, { type: 'api_secret', name: 'signer-one' });

  /** Past the console, with a secret that signs. */
  const register = async (types: readonly string[] = ['invoice.*']): Promise<string> => {
    await createSigner();
    const body = { url: receiver.urlOf(at), types, scheme: 'standard' };
    const reply = await keyledger.call<EndpointReply>('POST', `${path()}/webhook-endpoints`, body);
    return reply.webhookEndpoint.endpointId;
  };

  const openEndpoint = async (endpointId: string): Promise<void> => {
    await page.goto(`/console/accounts/${accountId}/webhooks/endpoints/${endpointId}`);
    await page.getByRole('heading', { name: receiver.urlOf(at) }).waitFor();
  };

  const sendByDialog = async (payload = PAYLOAD): Promise<void> => {
    await page.goto(`/console/accounts/${accountId}/webhooks/messages?dialog=send`);
    await dialog().getByLabel('Type').fill(TYPE);
    await dialog().getByLabel('Payload').fill(payload);
    await dialog().getByRole('button', { name: 'Send message' }).click();
    await page.getByRole('heading', { name: TYPE }).waitFor();
  };

  visitPage('webhooks', 'Webhooks', (visit) => ({ keyledger, page, accountId } = visit));
  beforeAll(async () => {
    receiver = await Receiver.start();
  });
  beforeEach(() => (at = `/${accountId}`));
  afterAll(() => receiver.stop());

  it('are registered, and say what signs them or what is missing for that', async () => {
    await page.getByText('An endpoint is where the account wants to be told').waitFor();
    const signing = page.getByRole('region', { name: 'What signs' });
    await signing.getByText('No secret signs yet').waitFor();
    await signing.getByText('API access is off').waitFor();
    await button('Register endpoint').first().click();
    await dialog().getByLabel('URL').fill('nowhere');
    await dialog().getByLabel('Types').fill('invoice.*\nno type');
    await dialog().getByLabel('Description').fill('Books what is paid');
    await dialog().getByText('No URL that begins with https://').waitFor();
    await dialog().getByText('“no type” is no type').waitFor();
    await dialog().getByLabel('URL').fill(receiver.urlOf(at));
    await dialog().getByLabel('Types').fill('invoice.*\nkeyledger.nothing');
    await dialog().getByRole('button', { name: 'Register endpoint' }).click();
    await dialog().getByText('number 2 is no type that Keyledger sends').waitFor();
    await dialog().getByLabel('Types').fill('invoice.*');
    await dialog().getByRole('button', { name: 'Register endpoint' }).click();
    await dialog().getByText('The account has no webhook signer, which').waitFor();
    await dialog().getByRole('radio', { name: 'mac' }).check();
    await dialog().getByRole('button', { name: 'Register endpoint' }).click();
    await dialog().getByText('The account has no API access, whose salt').waitFor();
    await page.reload();
    expect(await dialog().getByLabel('Description').inputValue()).toBe('Books what is paid');
    await createSigner();
    await dialog().getByRole('radio', { name: 'Standard Webhooks' }).check();
    await dialog().getByRole('button', { name: 'Register endpoint' }).click();
    await page.getByRole('heading', { name: receiver.urlOf(at) }).waitFor();
    await page.getByText('Signed by the API secret signer-one').waitFor();
    const about = await page.getByRole('region', { name: 'About it' }).innerText();
    expect(about).toMatch(/On[^]*whe_[^]*Books what is paid[^]*invoice\.\*[^]*Standard Webhooks/);
    await page.getByText('No attempt in the last 30 days.').waitFor();
  });

  it('get a ping, and show what came of it', async () => {
    await openEndpoint(await register());
    await button('Send a ping').click();
    await button('Send ping').click();
    await dialog().getByText('Delivered').first().waitFor();
    await dialog().getByText('Last attempt: delivered, status 200.').waitFor();
    expect(receiver.at(at).map(({ body }) => JSON.parse(body) as object)).toMatchObject([
      { type: 'keyledger.ping.v1' },
    ]);
    await button('Close').last().click();
    await page.reload();
    await page.getByText('The numbers, by day').click();
    expect(await page.getByRole('table', { name: 'Attempts by day' }).innerText()).toMatch(/\d{4}-\d\d-\d\d\s+1\s+0/);
    await page.getByText('Nothing waits.').waitFor();
  });

  it('are changed, beside what somebody else has changed meanwhile', async () => {
    const endpointId = await register();
    await openEndpoint(endpointId);
    await menuItem(receiver.urlOf(at), 'Change…');
    await dialog().getByLabel('Description').fill('Mine');
    await keyledger.call('PATCH', `${path()}/webhook-endpoints/${endpointId}`, { types: ['order.*'] });
    await button('Save endpoint').click();
    await dialog()
      .getByText(/changed types/)
      .waitFor();
    await dialog().getByRole('button', { name: 'Look again' }).click();
    await dialog().getByText('types is now order.*').waitFor();
    expect(await dialog().getByLabel('Types').inputValue()).toBe('order.*');
    await button('Save endpoint').click();
    await dialog().waitFor({ state: 'detached' });
    const saved = await keyledger.call('GET', `${path()}/webhook-endpoints/${endpointId}`);
    expect(saved).toMatchObject({ description: 'Mine', types: ['order.*'] });
  });

  it('are turned off, hold what they ask for, and get it once somebody asks', async () => {
    await openEndpoint(await register());
    await menuItem(receiver.urlOf(at), 'Turn off…');
    await button('Turn it off').click();
    await page.getByText('Off, turned off by its owner').waitFor();
    await page.getByText(/^Since .*, by /).waitFor();
    expect(await button('Send a ping').getAttribute('aria-description')).toBe('It is off.');
    const endpointAt = page.url();
    await sendByDialog();
    await row(receiver.urlOf(at)).getByText('Held').waitFor();
    await page.goto(endpointAt);
    await menuItem(receiver.urlOf(at), 'Turn on…');
    await button('Turn it on').click();
    await page.getByRole('region', { name: 'About it' }).getByText('On', { exact: true }).waitFor();
    await menuItem(receiver.urlOf(at), 'Send again what failed…');
    await button('Send again').click();
    await dialog().getByText('Sent again: 1 message.').waitFor();
    await button('Close').last().click();
    await page.getByRole('link', { name: 'Messages to it' }).click();
    await row(TYPE).getByText('Delivered').waitFor();
    expect(receiver.at(at)).toHaveLength(1);
  });

  it('carry messages as they were written, once, also where the reply is lost', async () => {
    await register();
    let replies = 0;
    await page.route('**/messages', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      const response = await route.fetch();
      replies += 1;
      return replies === 1 ? route.abort('connectionreset') : route.fulfill({ response });
    });
    receiver.answers.set(at, { status: 200, body: '<img src="x" onerror="alert(1)">' });
    await page.goto(`/console/accounts/${accountId}/webhooks/messages?dialog=send`);
    await dialog().getByLabel('Payload').fill('{"id":');
    await dialog().getByLabel('Type').fill(TYPE);
    await dialog()
      .getByText(/^No JSON/)
      .waitFor();
    await sendByDialog();
    expect(replies).toBe(2);
    await row(receiver.urlOf(at)).getByText('Delivered', { exact: true }).waitFor();
    expect(receiver.at(at).map(({ body }) => body)).toEqual([PAYLOAD]);
    expect(await page.getByRole('region', { name: 'Payload' }).locator('pre').innerText()).toBe(
      '{\n  "id": 12345678901234567890,\n  "total": 12.50,\n  "items": [],\n  "note": "é"\n}',
    );
    const attempts = page.getByRole('table', { name: 'Attempts' });
    await attempts.getByText('delivered, status 200').waitFor();
    await attempts.locator('summary').click();
    await attempts.locator('pre').getByText('<img src="x" onerror="alert(1)">').waitFor();
    expect(await attempts.locator('img').count()).toBe(0);
    expect(await attempts.innerText()).toMatch(/\d+ ms/);

    await page.getByRole('table', { name: 'Deliveries' }).getByRole('button', { name: 'Send again' }).click();
    await dialog().getByRole('button', { name: 'Send again' }).click();
    await attempts.getByText('2.', { exact: true }).waitFor();
    expect(new Set(receiver.at(at).map(({ id }) => id)).size).toBe(1);
  });

  it('say what the API refuses in a message', async () => {
    await register();
    await page.getByRole('link', { name: 'Messages' }).click();
    await button('Send message').first().click();
    await dialog().getByLabel('Type').fill('keyledger.own');
    await dialog().getByLabel('Payload').fill('{}');
    await dialog().getByRole('button', { name: 'Send message' }).click();
    await dialog().getByText('Must not begin with keyledger.').waitFor();
    await page.keyboard.press('Escape');
    await sendByDialog('{"key":"none"}');
    await page.getByRole('heading', { name: TYPE }).waitFor();
  });

  it('show failures, and find messages by the filters of the address', async () => {
    const endpointId = await register();
    receiver.answers.set(at, { status: 500, body: 'out of order' });
    await sendByDialog();
    const attempts = page.getByRole('table', { name: 'Attempts' });
    await attempts.getByText('refused, status 500').first().waitFor();
    await attempts.getByText('out of order').first().waitFor();
    await row(receiver.urlOf(at)).getByText('Pending').waitFor();
    await keyledger.call('POST', `${path()}/messages`, { type: 'nobody.asks', payload: 1 });
    await page.getByRole('link', { name: 'Webhooks' }).click();
    await page.getByRole('link', { name: 'Messages' }).click();
    await page.reload();
    await row('nobody.asks').getByText('Sent nowhere').waitFor();
    await page.getByLabel('State').selectOption('pending');
    await row('nobody.asks').waitFor({ state: 'detached' });
    await page.getByLabel('Endpoint').selectOption(endpointId);
    await row(TYPE).waitFor();
    await page.getByLabel('From').fill('2000-01-01T00:00');
    await page.waitForURL(/from=1999-12-31|from=2000-01-01/);
    await page.reload();
    await row(TYPE).waitFor();
    expect(new URL(page.url()).searchParams.get('state')).toBe('pending');
    await page.getByLabel('Before').fill('2000-01-02T00:00');
    await page.getByText('Nothing is like that.').waitFor();
    await button('Clear the filters').click();
    await row('nobody.asks').waitFor();
  });

  it('are deleted after a question', async () => {
    await openEndpoint(await register());
    await menuItem(receiver.urlOf(at), 'Delete…');
    await dialog().getByText('what still waits for it is cancelled').waitFor();
    await button('Keep it').click();
    await menuItem(receiver.urlOf(at), 'Delete…');
    await button('Delete endpoint').click();
    await page.getByText('An endpoint is where the account wants to be told').waitFor();
  });

  it('may be looked at by a viewer, who is told why no more', async () => {
    const endpointId = await register();
    await sendByDialog();
    await becomeViewer({ page, keyledger, accountId });
    const needs = 'Needs the role operator, owner or sender.';
    expect(await button('Send it again').getAttribute('aria-description')).toBe(needs);
    await page.goto(`/console/accounts/${accountId}/webhooks`);
    const register_ = button('Register endpoint').first();
    await register_.waitFor();
    expect(await register_.getAttribute('aria-description')).toBe('Needs the role operator or owner.');
    await openEndpoint(endpointId);
    expect(await button('Send a ping').getAttribute('aria-description')).toBe('Needs the role operator or owner.');
  });

  it('are sent and looked at by a sender, who sees nothing else of the account', async () => {
    await register();
    await page.goto(`/console/accounts/${accountId}/webhooks/messages`);
    await signInAs(page, await keyledger.token('--role', 'sender', '--account', accountId));
    await sendByDialog();
    await page.getByText(/^whe_/).first().waitFor();
  });
});
