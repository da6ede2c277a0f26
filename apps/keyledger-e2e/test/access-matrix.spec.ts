import type { Account, MessageReply, RegisterApplicationReply, WebhookEndpointReply } from '@keyledger/contract';
import {
  actors,
  callerOf,
  outcomeForAccount,
  outcomeForAll,
  outcomeWithoutAccount,
  type Actor,
  type Whose,
} from './access/actors.js';
import { expectations, verdictExpectations, type Expectation } from './access/expectations.js';
import type { CallOptions, Door } from './harness/doors.js';
import { operationRpcs } from './harness/grpc-client.js';
import type { Json } from './harness/http-client.js';
import { IdentityProvider } from './harness/identity-provider.js';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import { sendRaw } from './harness/raw-http.js';
import { feedRoute, routes } from './harness/routes.js';
import { Visit } from './harness/shared-server.js';

/** A revision that no resource of this suite reaches. */
const NO_REVISION = 999_999;
const ABSENT = 'acct_00000000-0000-4000-8000-000000000000';
const ALL_ACCOUNTS_ROUTE = 'GET /v1/audit';

/** An account and the ids of resources in it. */
interface Target {
  readonly accountId: string;
  readonly applicationId: string;
  readonly credentialId: string;
  readonly endpointId: string;
  readonly position: string;
  readonly messageId: string;
}

let provider: IdentityProvider;
let server: KeyledgerProcess;
let visit: Visit;
let own: Target;
let foreign: Target;
const tokens = new Map<Actor, string>();

const newTarget = async (token: string): Promise<Target> => {
  const { accountId }: Account = await visit.newAccount();
  const body = { title: 'Portal', endpointIds: [], generateKeys: { environment: 'staging' } };
  const reply = await visit.http.post<RegisterApplicationReply>(`/v1/accounts/${accountId}/applications`, body, {
    token,
  });
  const { application, credential } = reply.body;
  const { applicationId } = application;
  const { credentialId = '' } = credential ?? {};
  await visit.http.post(`/v1/accounts/${accountId}/credentials`, { type: 'api_secret' }, { token });
  const endpoint = { url: 'https://hooks.example.com/', scheme: 'standard' };
  const path = `/v1/accounts/${accountId}/webhook-endpoints`;
  const { webhookEndpoint, position } = (await visit.http.post<WebhookEndpointReply>(path, endpoint, { token })).body;
  const { endpointId } = webhookEndpoint;
  const message = { type: 'order.paid', payload: {} };
  const sent = await visit.http.post<MessageReply>(`/v1/accounts/${accountId}/messages`, message, { token });
  const { messageId } = sent.body;
  return { accountId, applicationId, credentialId, endpointId, position, messageId };
};

beforeAll(async () => {
  provider = await IdentityProvider.start();
  server = await startKeyledger({ ...provider.settings, KEYLEDGER_LOCAL_ISSUER: 'true' });
  visit = new Visit(server);
  const operator = await visit.token();
  [own, foreign] = [await newTarget(operator), await newTarget(operator)];
  for (const actor of actors) tokens.set(actor, await provider.token(callerOf(actor, [own.accountId, ABSENT])));
});

afterAll(async () => {
  visit.close();
  await server.remove();
  await provider.stop();
});

const targetOf = (whose: Whose): Target => {
  if (whose === 'own') return own;
  return whose === 'foreign' ? foreign : { ...own, accountId: ABSENT };
};

const placeholders = (rpc: string): readonly string[] =>
  [...(routes[rpc] ?? '').matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** The fields of a request about `target`: its ids, as far as the operation has them, and the body. */
const fieldsFor = (rpc: string, target: Target): Json => {
  const ids = Object.entries(target).filter(([name]) => placeholders(rpc).includes(name));
  const signer = rpc === 'CredentialService/SetWebhookSigner' ? { credentialId: target.credentialId } : {};
  return { ...Object.fromEntries(ids), ...signer, ...expectations[rpc]?.body };
};

const optionsOf = ({ passes }: Expectation, token: string | undefined): CallOptions => ({
  ...(token === undefined ? {} : { token }),
  ...(passes === 'revision-mismatch' ? { revision: NO_REVISION } : {}),
});

const table = Object.entries(expectations);
const ofAccounts = table.filter(([rpc]) => placeholders(rpc).includes('accountId'));
const ofNone = table.filter(([rpc]) => !placeholders(rpc).includes('accountId'));
const doorIndexes = [
  ['HTTP', 0],
  ['gRPC', 1],
] as const;

it('has an expectation for each operation of both doors, and none for others', async () => {
  const { body } = await visit.http.get<{ paths: Record<string, Record<string, Json>> }>('/openapi.json');
  const offered = Object.entries(body.paths)
    .filter(([path]) => /^\/(v1|oauth2)\//.test(path))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
  const expected = Object.keys(expectations).map((rpc) => routes[rpc]);
  const ofVerdicts = new Set(verdictExpectations.map(([route]) => route));
  expect(offered.sort()).toEqual([...expected, ALL_ACCOUNTS_ROUTE, feedRoute, ...ofVerdicts].sort());
  expect([...operationRpcs()].sort()).toEqual(Object.keys(expectations).sort());
});

describe.each(doorIndexes)('through %s', (_, index) => {
  const outcome = async (rpc: string, fields: Json, options: CallOptions): Promise<string> => {
    const door: Door = visit.doors[index];
    return (await door.call(rpc, fields, options)).code;
  };

  it.each(ofAccounts)('%s asks for the scope of the account first, then for the role', async (rpc, row) => {
    const cases = actors.flatMap((actor) => (['own', 'foreign', 'absent'] as const).map((whose) => ({ actor, whose })));
    const found = await Promise.all(
      cases.map(async ({ actor, whose }) => ({
        ...{ actor: actor.name, whose },
        code: await outcome(rpc, fieldsFor(rpc, targetOf(whose)), optionsOf(row, tokens.get(actor))),
      })),
    );
    const expected = cases.map(({ actor, whose }) => ({
      ...{ actor: actor.name, whose },
      code: outcomeForAccount(row, actor, whose),
    }));
    expect(found).toEqual(expected);
  });

  it.each(ofNone)('%s asks for the role', async (rpc, row) => {
    const found = await Promise.all(
      actors.map(async (actor) => ({
        actor: actor.name,
        code: await outcome(rpc, fieldsFor(rpc, own), optionsOf(row, tokens.get(actor))),
      })),
    );
    expect(found).toEqual(actors.map((actor) => ({ actor: actor.name, code: outcomeWithoutAccount(row, actor) })));
  });

  it.each(table)('%s refuses a stranger', async (rpc, row) => {
    expect(await outcome(rpc, fieldsFor(rpc, own), optionsOf(row, undefined))).toBe('unauthenticated');
  });

  it.each(ofAccounts.filter(([rpc]) => placeholders(rpc).length > 1))(
    '%s does not find what belongs to another account',
    async (rpc, row) => {
      const token = await provider.token({ roles: ['operator'], accounts: '*' });
      const mixed = { ...foreign, accountId: own.accountId };
      expect(await outcome(rpc, fieldsFor(rpc, mixed), optionsOf(row, token))).toBe('not-found');
    },
  );
});

describe.each(verdictExpectations)('%s with %j', (route, body, allow) => {
  const [method = '', path = ''] = route.split(' ');
  const isGate = path.includes('forward-auth');
  const type = path.includes('introspect') ? 'application/x-www-form-urlencoded' : 'application/json';

  /** `OK` where the door is open, which at a gateway is seen from a verdict on no credential. */
  const outcome = async (token: string | undefined): Promise<string> => {
    const [name, value] = isGate ? ['x-keyledger-token', `${token}`] : ['authorization', `Bearer ${token}`];
    const headers = { 'content-type': type, ...(token === undefined ? {} : { [name]: value }) };
    const { status, headers: said } = await sendRaw(server.httpUrl, { method, path, headers, body: Buffer.from(body) });
    const isOpen = isGate ? status === 401 && said['x-keyledger-code'] === 'MALFORMED' : status === 200;
    return isOpen ? 'OK' : ({ 401: 'unauthenticated', 403: 'forbidden' }[status] ?? `${status}`);
  };

  it('asks for the role', async () => {
    const found = await Promise.all(
      actors.map(async (actor) => ({ actor: actor.name, code: await outcome(tokens.get(actor)) })),
    );
    const row = { allow, passes: 'OK' } as const;
    expect(found).toEqual(actors.map((actor) => ({ actor: actor.name, code: outcomeWithoutAccount(row, actor) })));
  });

  it('refuses a stranger', async () => {
    expect(await outcome(undefined)).toBe('unauthenticated');
  });
});

it('shows the trail of all accounts to roles that hold for all of them', async () => {
  const allow = expectations['AuditService/ListAuditEvents']?.allow ?? [];
  for (const actor of actors) {
    const token = tokens.get(actor) ?? '';
    const http = await visit.http.get<{ code?: string }>('/v1/audit', { token });
    const grpc = await visit.doors[1].call('AuditService/ListAuditEvents', {}, { token });
    const code = outcomeForAll({ allow, passes: 'OK' }, actor);
    const codes = { http: http.body.code ?? 'OK', grpc: grpc.code };
    expect({ actor: actor.name, ...codes }).toEqual({ actor: actor.name, http: code, grpc: code });
  }
});

it('lists to each caller exactly the accounts that it may see', async () => {
  const allow = expectations['AccountService/GetAccount']?.allow ?? [];
  for (const actor of actors) {
    const options = { token: tokens.get(actor) ?? '' };
    const reply = await visit.doors[0].call<{ items?: Account[] }>(
      'AccountService/ListAccounts',
      { limit: 200 },
      options,
    );
    const listed = new Set(reply.body.items?.map(({ accountId }) => accountId));
    const mayRead = (whose: Whose): boolean => outcomeForAccount({ allow, passes: 'OK' }, actor, whose) === 'OK';
    const { name } = actor;
    const found = { name, own: listed.has(own.accountId), foreign: listed.has(foreign.accountId) };
    expect(found).toEqual({ name, own: mayRead('own'), foreign: mayRead('foreign') });
  }
});
