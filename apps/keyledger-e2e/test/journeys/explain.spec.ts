import type { EnableApiAccessReply, IssuedCredentialReply, RegisterApplicationReply } from '@keyledger/contract';
import { journeyAs, newJourney, type Journey } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

interface Rule {
  readonly rule: string;
  readonly outcome: string;
  /** Null or absent, by the door. */
  readonly eventId?: string | null;
}

interface Explained {
  readonly code: string;
  readonly rules: readonly Rule[];
}

type Ask = (request: object, token: string) => Promise<Explained>;

const ways: readonly { readonly name: string; readonly ask: Ask }[] = [
  {
    name: 'HTTP',
    ask: async (request, token) => (await visit.http.post<Explained>('/v1/verify', request, { token })).body,
  },
  {
    name: 'gRPC',
    ask: async (request, token) => {
      const { endpoint, ...rest } = request as { readonly endpoint?: string };
      const message = endpoint === undefined ? rest : { ...rest, endpointId: endpoint };
      return (await visit.grpc.rpc<Explained>('VerificationService/Verify', message, { token })).reply;
    },
  },
];

const pairOf = ({ secret }: Pick<IssuedCredentialReply, 'secret'>): string => Object.values(secret).join(':');

/** Expiry is a matter of the clock, so there is nothing to wait for but the clock. */
const clockPasses = (time: string): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, Date.parse(time) - Date.now()) + 1));

describe.each(ways)('a dry run over $name', ({ ask }) => {
  const [door] = visit.doors;

  /** Asks as the account's owner. What decided a rule is told by the type of its event, which must be the last such. */
  const explainer = async (journey: Journey) => {
    const { accountId } = journey;
    const token = await visit.token({ roles: ['owner'], accounts: [accountId] });
    return async (credential: string, more: object = {}): Promise<readonly string[]> => {
      const { code, rules } = await ask({ credential, explain: true, ...more }, token);
      const trail = await journey.trail();
      const actions = new Map(trail.map(({ eventId, action }) => [eventId, action]));
      const told = rules.map(({ rule, outcome, eventId }) => {
        if (eventId === undefined || eventId === null) return `${rule} ${outcome}`;
        const action = actions.get(eventId) ?? 'unknown';
        expect(trail.findLast((item) => item.action === action)?.eventId).toBe(eventId);
        return `${rule} ${outcome} by ${action}`;
      });
      return [code, ...told.filter((line) => / by | failed/.test(line))];
    };
  };

  const create = (journey: Journey, fields: object = {}): Promise<IssuedCredentialReply> =>
    journey.does('CredentialService/CreateCredential', { type: 'client_credentials', name: 'billing', ...fields });

  test('tells what created, changed, suspended, resumed and revoked it', async () => {
    const journey = await newJourney(visit, door);
    const explain = await explainer(journey);
    const issued = await create(journey, { scopes: ['read'] });
    const { credentialId } = issued.credential;
    const pair = pairOf(issued);
    const scopes = { scopes: ['read'] };
    const created = 'NOT_FOUND passed by CredentialCreated';
    const scoped = 'INSUFFICIENT_SCOPE passed by CredentialCreated';
    expect(await explain(pair, scopes)).toEqual(['VALID', created, scoped]);
    await journey.does('CredentialService/SuspendCredential', { credentialId });
    const suspended = 'SUSPENDED failed by CredentialSuspended';
    expect(await explain(pair, scopes)).toEqual(['SUSPENDED', created, suspended, scoped]);
    await journey.does('CredentialService/ResumeCredential', { credentialId });
    await journey.does('AccountService/SuspendAccount');
    expect(await explain(pair)).toEqual(['SUSPENDED', created, 'SUSPENDED failed by AccountSuspended']);
    await journey.does('AccountService/ResumeAccount');
    const resumed = 'SUSPENDED passed by AccountResumed';
    expect(await explain(pair)).toEqual(['VALID', created, resumed]);
    await journey.does('CredentialService/UpdateCredential', { credentialId, scopes: ['write'] });
    const rescoped = 'INSUFFICIENT_SCOPE failed by CredentialChanged';
    expect(await explain(pair, scopes)).toEqual(['INSUFFICIENT_SCOPE', created, resumed, rescoped]);
    await journey.does('CredentialService/RevokeCredential', { credentialId });
    expect(await explain(pair)).toEqual(['REVOKED', created, 'REVOKED failed by CredentialRevoked', resumed]);
  });

  test('tells what set its expiry', async () => {
    const journey = await newJourney(visit, door);
    const explain = await explainer(journey);
    const issued = await create(journey, { expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    const { credentialId } = issued.credential;
    const created = 'NOT_FOUND passed by CredentialCreated';
    expect(await explain(pairOf(issued))).toEqual(['VALID', created, 'EXPIRED passed by CredentialCreated']);
    const expiresAt = new Date(Date.now() + 2_000).toISOString();
    await journey.does('CredentialService/UpdateCredential', { credentialId, expiresAt });
    await clockPasses(expiresAt);
    expect(await explain(pairOf(issued))).toEqual(['EXPIRED', created, 'EXPIRED failed by CredentialChanged']);
  });

  test('tells what ended the version of the secret, and what issued the one that a wrong secret is not', async () => {
    const journey = await newJourney(visit, door);
    const explain = await explainer(journey);
    const issued = await create(journey);
    const { credentialId } = issued.credential;
    const rotate = (overlapSeconds: number): Promise<IssuedCredentialReply> =>
      journey.does('CredentialService/RotateCredential', { credentialId, overlapSeconds });
    const first = pairOf(issued);
    const second = pairOf(await rotate(3_600));
    expect(await explain(first)).toEqual(['VALID', 'NOT_FOUND passed by CredentialRotated']);
    const overlapEndsAt = new Date(Date.now() + 7_200_000).toISOString();
    await journey.does('CredentialService/ChangeRotation', { credentialId, overlapEndsAt });
    expect(await explain(first)).toEqual(['VALID', 'NOT_FOUND passed by RotationExtended']);
    expect(await explain(second)).toEqual(['VALID', 'NOT_FOUND passed by CredentialRotated']);
    await journey.does('CredentialService/CancelRotation', { credentialId });
    expect(await explain(second)).toEqual(['NOT_FOUND', 'NOT_FOUND failed by RotationCancelled']);
    expect(await explain(first)).toEqual(['VALID', 'NOT_FOUND passed by RotationCancelled']);
    const third = pairOf(await rotate(3_600));
    await journey.does('CredentialService/FinishRotation', { credentialId });
    expect(await explain(first)).toEqual(['NOT_FOUND', 'NOT_FOUND failed by RotationFinished']);
    await rotate(0);
    expect(await explain(third)).toEqual(['NOT_FOUND', 'NOT_FOUND failed by CredentialRotated']);
    const other = pairOf(await create(await newJourney(visit, door)));
    const [publicPart = ''] = first.split(':');
    const wrong = `${publicPart}:${other.split(':')[1]}`;
    expect(await explain(wrong)).toEqual(['NOT_FOUND', 'NOT_FOUND failed by CredentialRotated']);
    expect(await explain(other)).toEqual(['NOT_FOUND', 'NOT_FOUND failed']);
    expect(await explain('no credential')).toEqual(['MALFORMED', 'MALFORMED failed']);
    const stranger = await explainer(await newJourney(visit, door));
    for (const text of [first, third, wrong]) expect(await stranger(text)).toEqual(['NOT_FOUND', 'NOT_FOUND failed']);
  });

  test('tells what switched API access, and set the allow-list', async () => {
    const journey = await newJourney(visit, door);
    const explain = await explainer(journey);
    const { authToken } = await journey.does<EnableApiAccessReply>('ApiAccessService/EnableApiAccess');
    const token = authToken ?? '';
    const enabled = ['NOT_FOUND passed by CredentialCreated', 'API_DISABLED passed by ApiAccessEnabled'];
    await journey.does('ApiAccessService/SetIpAllowlist', { cidrs: ['192.0.2.0/24'] });
    const passed = 'IP_NOT_ALLOWED passed by IpAllowlistChanged';
    expect(await explain(token, { ip: '192.0.2.7' })).toEqual(['VALID', ...enabled, passed]);
    const failed = 'IP_NOT_ALLOWED failed by IpAllowlistChanged';
    expect(await explain(token)).toEqual(['IP_NOT_ALLOWED', ...enabled, failed]);
    await journey.does('ApiAccessService/DisableApiAccess');
    const disabled = 'API_DISABLED failed by ApiAccessDisabled';
    expect(await explain(token)).toEqual(['API_DISABLED', enabled[0], disabled]);
  });

  test('tells what connected an endpoint, and what retired it', async () => {
    const journey = await newJourney(visit, door);
    const explain = await explainer(journey);
    const replace = (...endpoints: readonly object[]) =>
      journey.does<{ position: string }>('CatalogueService/ReplaceApiEndpoints', { endpoints });
    const read = { endpointId: 'orders.read', method: 'GET', path: '/orders/{id}' };
    const write = { endpointId: 'orders.write', method: 'POST', path: '/orders' };
    await replace(read, write);
    const { application, ...key } = await journey.does<RegisterApplicationReply>(
      'ApplicationService/RegisterApplication',
      { title: 'Billing', endpointIds: ['orders.read'], generateKeys: { environment: 'production' } },
    );
    const { applicationId } = application;
    const pair = pairOf({ secret: key.secret ?? {} });
    const created = 'NOT_FOUND passed by CredentialCreated';
    const rule = 'ENDPOINT_NOT_CONNECTED';
    const connects = `${rule} passed by ApplicationRegistered`;
    expect(await explain(pair, { endpoint: 'orders.read' })).toEqual(['VALID', created, connects]);
    const lacks = `${rule} failed by ApplicationRegistered`;
    expect(await explain(pair, { endpoint: 'orders.write' })).toEqual([rule, created, lacks]);
    await journey.does('ApplicationService/SetApplicationEndpoints', {
      applicationId,
      endpointIds: ['orders.read', 'orders.write'],
    });
    const changed = `${rule} passed by ApplicationEndpointsChanged`;
    expect(await explain(pair, { endpoint: 'orders.write' })).toEqual(['VALID', created, changed]);
    await replace(read);
    const { rules } = await ask({ credential: pair, endpoint: 'orders.write', explain: true }, await visit.token());
    const retired = rules.find((each) => each.rule === rule);
    const all = await visit.http.get<{ items: readonly { eventId: string; action: string }[] }>(
      '/v1/audit?action=ApiEndpointsReplaced&limit=1',
      { token: await visit.token() },
    );
    expect(retired).toEqual({ rule, outcome: 'failed', eventId: all.body.items[0]?.eventId });
    const byPath = { credential: pair, endpoint: { method: 'POST', path: '/orders' }, explain: true };
    const over = await visit.http.post<Explained>('/v1/verify', byPath, { token: await visit.token() });
    expect(over.body.rules).toContainEqual(retired);
  });

  test('is for operators, owners and auditors, and not taken from others', async () => {
    const journey = await newJourney(visit, door);
    const pair = pairOf(await create(journey));
    for (const role of ['viewer', 'key-manager', 'verifier']) {
      const asked = { credential: pair, explain: true };
      const token = await visit.token({ roles: [role], accounts: [journey.accountId] });
      expect((await visit.http.post('/v1/verify', asked, { token })).status).toBe(403);
    }
    const auditor = await journeyAs(visit, journey, 'auditor');
    expect(await (await explainer(auditor))(pair)).toEqual(['VALID', 'NOT_FOUND passed by CredentialCreated']);
  });
});
