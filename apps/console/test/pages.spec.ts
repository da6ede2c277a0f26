import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { describeInBrowser, openBrowser, openPage } from './harness/browser.js';
import { Keyledger } from './harness/keyledger.js';
import { Receiver } from './harness/receiver.js';

const pictures = fileURLToPath(new URL('../reports/', import.meta.url));

/** Names that stretch a page: long without a space, from right to left, and with signs of several parts. */
const names = [
  'Acme Ltd',
  'x'.repeat(64),
  'شركة المفاتيح',
  '鍵の会社 👩🏽‍🔧',
  'A customer with a rather long name, and more of it',
];

/** Keys, and an app with key pairs of every kind. Answers with the id of the app. */
const fillApiKeysAndApps = async (keyledger: Keyledger, accountId: string): Promise<string> => {
  const endpoints = ['list', 'create', 'x'.repeat(50)].map((name) => ({
    endpointId: `invoices.${name}`,
    method: 'POST',
    path: `/invoices/{invoiceId}/${name}`,
  }));
  await keyledger.call('PUT', '/v1/api-endpoints', { endpoints });
  const path = `/v1/accounts/${accountId}`;
  for (const description of ['Invoice importer', 'x'.repeat(100), 'شركة المفاتيح']) {
    await keyledger.call('POST', `${path}/credentials`, { type: 'api_key', mode: 'test', description });
  }
  const description = 'Reads invoices for partners, and lists their refunds';
  const endpointIds = endpoints.map(({ endpointId }) => endpointId);
  const generateKeys = { environment: 'development' };
  const body = { title: 'Partner portal', description, endpointIds, generateKeys };
  const { application, credential } = await keyledger.call<{
    application: { applicationId: string };
    credential: { credentialId: string };
  }>('POST', `${path}/applications`, body);
  const { applicationId } = application;
  await keyledger.call('POST', `${path}/applications`, { title: 'x'.repeat(64), endpointIds: [] });
  await keyledger.call('POST', `${path}/credentials/${credential.credentialId}/revoke`);
  const pair = { type: 'app_key_pair', applicationId, environment: 'production', name: 'x'.repeat(64) };
  await keyledger.call('POST', `${path}/credentials`, pair);
  return applicationId;
};

/** API access with an allow-list, and as many API secrets as there may be. */
const fillApiAccessAndSecrets = async (keyledger: Keyledger, accountId: string): Promise<string> => {
  const path = `/v1/accounts/${accountId}`;
  await keyledger.call('POST', `${path}/api-access`);
  await keyledger.call('PUT', `${path}/ip-allowlist`, { cidrs: ['192.0.2.0/24', '2001:db8::/32'] });
  const secrets: string[] = [];
  for (const name of ['payments-2026', 'x'.repeat(64), null]) {
    const body = { type: 'api_secret', name };
    const issued = await keyledger.call<{ credential: { credentialId: string } }>('POST', `${path}/credentials`, body);
    secrets.push(issued.credential.credentialId);
  }
  const [, second = '', third = ''] = secrets;
  await keyledger.call('POST', `${path}/credentials/${second}/suspend`);
  return third;
};

/** A key in the middle of a rotation, with verdicts of several days. Answers with its id. */
const rotatedKey = async (keyledger: Keyledger, accountId: string): Promise<string> => {
  const path = `/v1/accounts/${accountId}/credentials`;
  const body = { type: 'api_key', mode: 'test', name: 'nightly-export', scopes: ['invoices:read', 'y'.repeat(64)] };
  const issued = await keyledger.call<{ credential: { credentialId: string } }>('POST', path, body);
  const { credentialId } = issued.credential;
  await keyledger.call('POST', `${path}/${credentialId}/rotate`, { overlapSeconds: 3_600 });
  await keyledger.call('DELETE', `${path}/${credentialId}/rotation`);
  await keyledger.call('POST', `${path}/${credentialId}/rotate`, { overlapSeconds: 86_400 });
  return credentialId;
};

/** As the API answers after weeks of use, which a test has not: counts of the last 30 days. */
const weeksOfUse = (): object => {
  const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const days = Array.from({ length: 30 }, (_, at) => 29 - at).flatMap((ago) => [
    { date: day(ago), code: 'VALID', count: 12_000 + ((ago * 7_919) % 9_000) },
    ...(ago % 6 === 0 ? [{ date: day(ago), code: 'INSUFFICIENT_SCOPE', count: ago + 3 }] : []),
    ...(ago === 11 ? [{ date: day(ago), code: 'SUSPENDED', count: 1_204 }] : []),
  ]);
  return { days };
};

interface Webhooks {
  readonly endpoint: string;
  readonly message: string;
  readonly position: string;
}

/** Endpoints that take what is sent, refuse it, and are off; needs the signer of the account. */
const fillWebhooks = async (keyledger: Keyledger, accountId: string, receiver: Receiver): Promise<Webhooks> => {
  const path = `/v1/accounts/${accountId}`;
  receiver.answers.set('/refuses', { status: 500, body: `<b>out of order</b> ${'x'.repeat(200)}` });
  const ids: string[] = [];
  for (const [at, more] of [
    ['/takes', { types: ['invoice.*', 'refund.created', 'keyledger.credential.*'], description: 'شركة المفاتيح' }],
    ['/refuses', { types: [], description: 'Books what is paid, and tells accounting of it' }],
    [`/${'x'.repeat(100)}`, { types: ['x'.repeat(64)], enabled: false }],
  ] as const) {
    const body = { url: receiver.urlOf(at), scheme: 'standard', ...more };
    const reply = await keyledger.call<{ webhookEndpoint: { endpointId: string } }>(
      ...(['POST', `${path}/webhook-endpoints`, body] as const),
    );
    ids.push(reply.webhookEndpoint.endpointId);
  }
  const message = { type: 'invoice.paid', payload: { id: 7, total: '12.50', text: 'x'.repeat(120) } };
  const { messageId, position } = await keyledger.call<{ messageId: string; position: string }>(
    ...(['POST', `${path}/messages`, message] as const),
  );
  await keyledger.call('POST', `${path}/messages`, { type: 'x'.repeat(64), payload: null });
  return { endpoint: ids[1] ?? '', message: messageId, position };
};

const MOST_SCRIPT_BYTES = 300 * 1024;
/** Each page is loaded, judged and photographed: some five seconds on a busy machine. */
const LOOK_MS = 20 * 60_000;

describeInBrowser('the pages', () => {
  let keyledger: Keyledger;
  let browser: Browser;
  let full: string;
  let empty: string;
  let app: string;
  let secret: string;
  let receiver: Receiver;
  let webhooks: Webhooks;
  let key: string;
  /** Of the audit trail. */
  let entry: string;

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    [keyledger, browser] = await Promise.all([Keyledger.start(), openBrowser()]);
    const accounts: string[] = [];
    for (const name of names) accounts.push(await keyledger.account(name));
    [full = '', empty = ''] = accounts;
    for (const name of ['billing-service', 'x'.repeat(64), 'invoice-export']) {
      const path = `/v1/accounts/${full}/credentials`;
      const issued = await keyledger.call<{ credential: { credentialId: string } }>('POST', path, {
        type: 'client_credentials',
        name,
      });
      const change = { 'invoice-export': 'revoke', 'billing-service': '' }[name] ?? 'suspend';
      if (change !== '') await keyledger.call('POST', `${path}/${issued.credential.credentialId}/${change}`);
    }
    app = await fillApiKeysAndApps(keyledger, full);
    secret = await fillApiAccessAndSecrets(keyledger, full);
    receiver = await Receiver.start();
    webhooks = await fillWebhooks(keyledger, full, receiver);
    key = await rotatedKey(keyledger, full);
    const { items } = await keyledger.call<{ items: { at: string; eventId: string }[] }>(
      'GET',
      `/v1/accounts/${full}/audit?action=ApplicationRegistered&limit=1`,
    );
    entry = items.map(({ at, eventId }) => `${at},${eventId}`).join();
  });
  afterAll(async () => {
    await browser?.close();
    await keyledger?.stop();
    await receiver?.stop();
  });

  const pages = (): Readonly<Record<string, { readonly at: string; readonly shows: string }>> => ({
    accounts: { at: '/console/accounts', shows: 'Acme Ltd' },
    'register-account': { at: '/console/accounts?dialog=register', shows: 'Register an account' },
    'client-credentials': { at: `/console/accounts/${full}/client-credentials`, shows: 'invoice-export' },
    'no-client-credentials': { at: `/console/accounts/${empty}/client-credentials`, shows: 'A service signs in' },
    'create-credential': {
      at: `/console/accounts/${full}/client-credentials?dialog=create`,
      shows: 'Create a credential',
    },
    'api-keys': { at: `/console/accounts/${full}/api-keys`, shows: 'Invoice importer' },
    'create-api-key': { at: `/console/accounts/${full}/api-keys?dialog=create`, shows: 'Create an API key' },
    apps: { at: `/console/accounts/${full}/apps`, shows: 'Partner portal' },
    'new-app': { at: `/console/accounts/${full}/apps/new`, shows: 'Endpoints and keys' },
    app: { at: `/console/accounts/${full}/apps/${app}`, shows: 'Development' },
    'app-endpoints': { at: `/console/accounts/${full}/apps/${app}?dialog=endpoints`, shows: 'Which endpoints' },
    'api-access': { at: `/console/accounts/${full}/api-access`, shows: '2 blocks' },
    'no-api-access': { at: `/console/accounts/${empty}/api-access`, shows: 'API access is off.' },
    'replace-token': { at: `/console/accounts/${full}/api-access?dialog=refresh`, shows: 'Replace the auth token?' },
    'disable-api-access': {
      at: `/console/accounts/${full}/api-access?dialog=disable`,
      shows: 'Disable API access?',
    },
    'api-secrets': { at: `/console/accounts/${full}/api-secrets`, shows: 'payments-2026' },
    'no-api-secrets': { at: `/console/accounts/${empty}/api-secrets`, shows: 'The most critical calls' },
    'use-with-webhooks': {
      at: `/console/accounts/${full}/api-secrets?dialog=sign&about=${secret}`,
      shows: 'Sign webhooks with this secret?',
    },
    'remove-api-secret': {
      at: `/console/accounts/${full}/api-secrets?dialog=remove&about=${secret}`,
      shows: 'Cannot be undone.',
    },
    credential: { at: `/console/accounts/${full}/credentials/${key}`, shows: 'Old, still valid' },
    'credential-numbers': {
      at: `/console/accounts/${full}/credentials/${key}?days=7&numbers=shown`,
      shows: 'Hide the numbers',
    },
    'finish-rotation': {
      at: `/console/accounts/${full}/credentials/${key}?dialog=finish-rotation`,
      shows: 'Finish the rotation of',
    },
    'overlap-end': {
      at: `/console/accounts/${full}/credentials/${key}?dialog=overlap-end`,
      shows: 'The old secret works until',
    },
    'cancel-rotation': {
      at: `/console/accounts/${full}/credentials/${key}?dialog=cancel-rotation`,
      shows: 'Cancel the rotation of',
    },
    'no-such-credential': {
      at: `/console/accounts/${full}/credentials/cred_01900000-0000-7000-8000-000000000000`,
      shows: 'This credential does not exist',
    },
    overview: { at: `/console/accounts/${full}`, shows: 'The whole audit trail' },
    'new-overview': { at: `/console/accounts/${empty}`, shows: 'Nothing does.' },
    audit: { at: `/console/accounts/${full}/audit`, shows: 'Webhook secret assigned' },
    'audit-filtered': {
      at: `/console/accounts/${full}/audit?action=CredentialRevoked,CredentialDeleted&excludeAction=AccountChanged`,
      shows: 'Credential revoked',
    },
    'audit-entry': { at: `/console/accounts/${full}/audit?dialog=entry&about=${entry}`, shows: 'All that this actor' },
    'export-audit': { at: `/console/accounts/${full}/audit?dialog=export`, shows: 'Export the audit trail?' },
    'audit-of-all': { at: '/console/audit', shows: 'Account registered' },
    settings: { at: `/console/accounts/${full}/settings`, shows: 'with this plan' },
    'suspend-account': { at: `/console/accounts/${full}/settings?dialog=suspend`, shows: 'Nothing is deleted.' },
    webhooks: { at: `/console/accounts/${full}/webhooks`, shows: 'Books what is paid' },
    'no-webhooks': { at: `/console/accounts/${empty}/webhooks`, shows: 'An endpoint is where' },
    'register-endpoint': { at: `/console/accounts/${full}/webhooks?dialog=register`, shows: 'Register an endpoint' },
    'webhook-endpoint': {
      at: `/console/accounts/${full}/webhooks/endpoints/${webhooks.endpoint}`,
      shows: 'The numbers, by day',
    },
    'delete-endpoint': {
      at: `/console/accounts/${full}/webhooks?dialog=delete&about=${webhooks.endpoint}`,
      shows: 'Delete this endpoint?',
    },
    'recover-endpoint': {
      at: `/console/accounts/${full}/webhooks?dialog=recover&about=${webhooks.endpoint}`,
      shows: 'Send again what failed?',
    },
    messages: { at: `/console/accounts/${full}/webhooks/messages`, shows: 'invoice.paid' },
    'send-message': { at: `/console/accounts/${full}/webhooks/messages?dialog=send`, shows: 'Send a message' },
    message: { at: `/console/accounts/${full}/webhooks/messages/${webhooks.message}`, shows: 'thank you' },
    'resend-message': {
      at: `/console/accounts/${full}/webhooks/messages/${webhooks.message}?dialog=resend`,
      shows: 'Send this message again?',
    },
    catalogue: { at: '/console/endpoints', shows: 'invoices.create' },
    'add-endpoint': { at: '/console/endpoints?dialog=add', shows: 'Add an endpoint' },
    'import-endpoints': { at: '/console/endpoints?dialog=import', shows: 'Import endpoints' },
    installation: { at: `/console/installation?position=${webhooks.position}`, shows: 'of it: no verdict' },
    'no-such-page': { at: '/console/nowhere', shows: 'There is no such page' },
  });

  /** Both themes, and both widths: all four would take twice as long. */
  const looks = [
    { colorScheme: 'light', width: 1440, height: 900 },
    { colorScheme: 'dark', width: 390, height: 844 },
  ] as const;

  it.each(looks)(
    'can be used by everybody, $colorScheme and $width wide',
    async (look) => {
      const { page, context, complaints, strangers } = await openPage(browser, keyledger.url, look);
      await page.route('**/usage?*', (route) => route.fulfill({ json: weeksOfUse() }));
      await page.goto('/console/');
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      const found: unknown[] = [];
      const lookAtIt = async (name: string): Promise<void> => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        found.push(...violations.map(({ id, nodes }) => [name, id, nodes.map(({ html }) => html)]));
        await page.screenshot({ path: `${pictures}${name}-${look.colorScheme}-${look.width}.png` });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(look.width);
      };
      await lookAtIt('sign-in');
      await page.goto(await keyledger.signInLink());
      await page.getByRole('heading', { name: 'Accounts' }).waitFor();
      for (const [name, { at, shows }] of Object.entries(pages())) {
        await page.goto(at);
        await page.getByText(shows).first().waitFor();
        await lookAtIt(name);
      }
      expect(found).toEqual([]);
      expect(complaints).toEqual([]);
      expect(strangers).toEqual([]);
      await context.close();
    },
    LOOK_MS,
  );

  it('ask for little before the first one is there', async () => {
    const { page, context } = await openPage(browser, keyledger.url);
    await page.goto(await keyledger.signInLink());
    await page.getByRole('heading', { name: 'Accounts' }).waitFor();
    await page.goto(`/console/accounts/${full}/client-credentials`);
    await page.getByText('invoice-export').waitFor();
    const sizes = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('.js'))
        .map((entry) => (entry as PerformanceResourceTiming).encodedBodySize),
    );
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    process.stdout.write(`JavaScript of the first page: ${Math.round(bytes / 1024)} KiB compressed\n`);
    expect(bytes).toBeLessThanOrEqual(MOST_SCRIPT_BYTES);
    await context.close();
  });
});
