import { checkAnswer, documentOf, operationsIn } from '../harness/documented.js';
import type { HttpReply } from '../harness/http-client.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const account = [...['accountId', 'createdAt', 'externalId', 'name', 'plan', 'revision', 'status']];
const credential = [
  ...['applicationId', 'createdAt', 'credentialId', 'description', 'environment', 'expiresAt', 'lastUsedAt'],
  ...['maskedSecret', 'mode', 'name', 'publicPart', 'revision', 'rotationDueAt', 'scopes', 'status', 'type'],
  ...['versions', 'webhookSigner'],
];
const application = ['applicationId', 'createdAt', 'description', 'endpoints', 'revision', 'title'];
const webhookEndpoint = [
  ...['createdAt', 'description', 'disabledReason', 'enabled', 'endpointId', 'revision', 'scheme', 'types', 'url'],
];
const apiAccess = [
  ...['authTokenMasked', 'authTokenRefreshedAt', 'credentialId', 'enabled', 'enabledAt', 'ipAllowlist', 'revision'],
];
const page = ['items', 'nextCursor'];
const issued = ['credential', 'position', 'secret'];

interface Step {
  readonly route: string;
  readonly body?: object;
  readonly status: number;
  readonly keys: readonly string[];
  /** True where the reply shows one resource, whose revision is its ETag. */
  readonly tagged?: boolean;
}

const A = '/v1/accounts/{accountId}';
const C = `${A}/credentials/{credentialId}`;
const W = `${A}/webhook-endpoints`;
const P = `${A}/applications/{applicationId}`;

/** In an order in which all succeed; ids in braces are those that a reply has shown last. */
const steps: readonly Step[] = [
  { route: 'POST /v1/accounts', body: { name: 'Acme' }, status: 201, keys: ['account', 'position'], tagged: true },
  { route: `GET ${A}`, status: 200, keys: account, tagged: true },
  { route: `PATCH ${A}`, body: { name: 'Acme Ltd' }, status: 200, keys: ['account', 'position'], tagged: true },
  { route: `PATCH ${A}`, body: {}, status: 200, keys: ['account', 'position'], tagged: true },
  { route: 'GET /v1/accounts?limit=1', status: 200, keys: page },
  { route: `POST ${A}/suspend`, status: 200, keys: ['account', 'position'], tagged: true },
  { route: `POST ${A}/resume`, body: {}, status: 200, keys: ['account', 'position'], tagged: true },
  {
    route: `PUT ${A}/plan`,
    body: { tier: 'paid', paymentMethodOnFile: true },
    status: 200,
    keys: ['account', 'position'],
    tagged: true,
  },
  {
    route: `POST ${A}/api-access`,
    status: 201,
    keys: ['authToken', 'credential', 'position', 'privateSalt'],
    tagged: true,
  },
  { route: `GET ${A}/api-access`, status: 200, keys: apiAccess, tagged: true },
  { route: `POST ${A}/api-access/auth-token/refresh`, status: 200, keys: ['authToken', 'position'], tagged: true },
  { route: `POST ${A}/api-access/auth-token/reveal`, status: 200, keys: ['authToken', 'position'], tagged: true },
  { route: `PUT ${A}/ip-allowlist`, body: { cidrs: [] }, status: 200, keys: ['cidrs', 'position'], tagged: true },
  { route: `DELETE ${A}/api-access`, status: 200, keys: ['position'] },
  { route: 'GET /v1/credential-types', status: 200, keys: ['items'] },
  {
    route: `POST ${A}/applications`,
    body: { title: 'Portal', endpointIds: [] },
    status: 201,
    keys: ['application', 'position'],
    tagged: true,
  },
  { route: `GET ${A}/applications`, status: 200, keys: page },
  { route: `GET ${P}`, status: 200, keys: application, tagged: true },
  { route: `PATCH ${P}`, body: { title: 'Door' }, status: 200, keys: ['application', 'position'], tagged: true },
  {
    route: `PUT ${P}/endpoints`,
    body: { endpointIds: [] },
    status: 200,
    keys: ['application', 'position'],
    tagged: true,
  },
  { route: `DELETE ${P}`, status: 200, keys: ['position'] },
  {
    route: `POST ${A}/applications`,
    body: { title: 'Portal', endpointIds: [], generateKeys: { environment: 'staging' } },
    status: 201,
    keys: ['application', 'credential', 'position', 'secret'],
    tagged: true,
  },
  { route: `POST ${A}/credentials`, body: { type: 'api_secret' }, status: 201, keys: issued, tagged: true },
  { route: `PUT ${A}/webhook-signer`, body: {}, status: 200, keys: ['credential', 'position'], tagged: true },
  {
    route: `POST ${W}`,
    body: { url: 'https://hooks.example.com/', scheme: 'standard' },
    status: 201,
    keys: ['position', 'webhookEndpoint'],
    tagged: true,
  },
  { route: `GET ${W}`, status: 200, keys: page },
  { route: `GET ${W}/{endpointId}`, status: 200, keys: webhookEndpoint, tagged: true },
  {
    route: `PATCH ${W}/{endpointId}`,
    body: { types: ['order.*'], enabled: false },
    status: 200,
    keys: ['position', 'webhookEndpoint'],
    tagged: true,
  },
  { route: `DELETE ${W}/{endpointId}`, status: 200, keys: ['position'] },
  { route: `POST ${A}/credentials`, body: { type: 'api_secret' }, status: 201, keys: issued, tagged: true },
  { route: `GET ${A}/credentials`, status: 200, keys: page },
  { route: `GET ${C}`, status: 200, keys: credential, tagged: true },
  { route: `PATCH ${C}`, body: { description: 'x' }, status: 200, keys: ['credential', 'position'], tagged: true },
  { route: `POST ${C}/acknowledge`, status: 200, keys: ['credential', 'position'], tagged: true },
  { route: `POST ${C}/suspend`, status: 200, keys: ['credential', 'position'], tagged: true },
  { route: `POST ${C}/resume`, status: 200, keys: ['credential', 'position'], tagged: true },
  { route: `POST ${C}/rotate`, body: { overlapSeconds: 60 }, status: 200, keys: issued, tagged: true },
  {
    route: `PATCH ${C}/rotation`,
    body: { overlapEndsAt: new Date(Date.now() + 3_600_000).toISOString() },
    status: 200,
    keys: ['credential', 'position'],
    tagged: true,
  },
  { route: `DELETE ${C}/rotation`, status: 200, keys: ['position'] },
  { route: `POST ${C}/rotate`, body: { overlapSeconds: 60 }, status: 200, keys: issued, tagged: true },
  { route: `POST ${C}/rotation/finish`, status: 200, keys: ['credential', 'position'], tagged: true },
  { route: `POST ${C}/revoke`, body: { reason: 'done' }, status: 200, keys: ['credential', 'position'], tagged: true },
  { route: `GET ${C}/removal`, status: 200, keys: ['consequences', 'expiresAt', 'phrase'] },
  { route: `DELETE ${C}`, body: {}, status: 200, keys: ['position'] },
  { route: `GET ${A}/audit`, status: 200, keys: page },
  { route: 'GET /v1/audit?limit=1', status: 200, keys: page },
  { route: 'GET /v1/position', status: 200, keys: ['position'] },
];

type Body = Readonly<Record<string, unknown>>;

/** What later steps refer to. */
const known: Record<string, string> = {};

const remember = (body: Body): void => {
  for (const value of [body, ...Object.values(body)]) {
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, id] of Object.entries(value)) if (/Id$|^phrase$/.test(name)) known[name] = String(id);
  }
};

const filled = (path: string): string => path.replace(/\{(\w+)\}/g, (_, name: string) => known[name] ?? '');

/** Two steps need something that an earlier reply has shown. */
const bodyOf = ({ route, body }: Step): object | undefined => {
  if (route.includes('webhook-signer')) return { credentialId: known['credentialId'] };
  if (route === `DELETE ${C}`) return { confirmation: known['phrase'] };
  return body;
};

const revisionIn = (body: Body): number | undefined => {
  const names = ['application', 'account', 'credential', 'webhookEndpoint'];
  const resource = names.reduce<unknown>((found, name) => found ?? body[name], undefined) ?? body;
  return (resource as Body)['revision'] as number | undefined;
};

const take = async (step: Step): Promise<HttpReply> => {
  const [method = '', path = ''] = step.route.split(' ');
  const reply = await visit.http.send(method, filled(path), bodyOf(step), { token: await visit.token() });
  remember(reply.body);
  await checkAnswer(visit.http, step.route.split('?')[0] ?? '', reply);
  return reply;
};

/** Whether the documentation promises an ETag. */
const isTagged = async ({ route, status }: Step): Promise<boolean> => {
  const document = await documentOf(visit.http);
  if (document === undefined) throw new Error('The server shows no document.');
  const headersOf = operationsIn(document).get(route.split('?')[0] ?? '')?.responses[status]?.headers ?? {};
  for (const name of ['X-Correlation-Id', 'Keyledger-Position']) expect(Object.keys(headersOf)).toContain(name);
  return 'ETag' in headersOf;
};

test.each(steps.map((step) => [step.route, step] as const))('%s', async (_, step) => {
  const { status, headers, body } = await take(step);
  expect({ status, keys: Object.keys(body).sort() }).toEqual({ status: step.status, keys: step.keys });
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-store');
  const position = headers.get('keyledger-position');
  expect(position).toMatch(/^[0-9a-z-]+-[0-9a-f]{16}([0-9a-f]{16})?$/);
  if (!step.route.startsWith('GET')) expect(body['position']).toBe(position);
  const tag = headers.get('etag');
  expect({ etag: tag !== null }).toEqual({ etag: await isTagged(step) });
  if (step.tagged !== true) return;
  expect(tag).toMatch(/^"\d+"$/);
  const revision = revisionIn(body);
  // Replies that show API access in other words than its resource have no revision in the body.
  if (revision !== undefined && !step.route.includes('api-access')) expect(tag).toBe(`"${revision}"`);
});
