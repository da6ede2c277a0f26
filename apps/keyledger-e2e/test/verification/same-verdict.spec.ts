import { randomUUID } from 'node:crypto';
import type {
  AuthTokenReply,
  EnableApiAccessReply,
  IssuedCredentialReply,
  RegisterApplicationReply,
} from '@keyledger/contract';
import { newJourney, type Journey } from '../harness/journey.js';
import type { Json } from '../harness/http-client.js';
import { startKeyledger, type KeyledgerProcess } from '../harness/keyledger-process.js';
import { Visit } from '../harness/shared-server.js';
import type { Asked, Facts, Shown } from './asked.js';
import { VerdictDoors } from './verdict-doors.js';

const CREATE = 'CredentialService/CreateCredential';
const ROTATE = 'CredentialService/RotateCredential';
const called = { method: 'GET', path: '/invoices/7' };

let server: KeyledgerProcess;
let visit: Visit;
let doors: VerdictDoors;
let journey: Journey;

beforeAll(async () => {
  // The suite shows many credentials that are refused, from few addresses.
  const limits = { KEYLEDGER_LIMIT_FAILED_VERDICTS: 'off' };
  server = await startKeyledger({ ...limits, KEYLEDGER_TRUSTED_PROXIES: '127.0.0.1' });
  visit = new Visit(server);
  doors = new VerdictDoors(server, visit.http, await visit.token({ roles: ['verifier'] }));
});

afterAll(async () => {
  doors.close();
  visit.close();
  await server.remove();
});

beforeEach(async () => {
  journey = await newJourney(visit, visit.doors[0]);
});

/** Scopes are asked for through so few doors, of which each takes every question. */
const LEAST_DOORS = 5;

const INACTIVE = '{"active":false}';

/** Asks through every door that can ask it: all must give the same code, and say the same of the credential. */
const expectVerdict = async (asked: Asked, code: string, facts?: Partial<Facts>, through = doors): Promise<void> => {
  const said: { name: string; code: string; facts: Facts | null }[] = [];
  for (const { name, ask } of through.all) {
    const verdict = await ask({ endpoint: called, ip: '192.0.2.1', ...asked });
    if (verdict !== undefined) said.push({ name, ...verdict });
  }
  expect(said.length).toBeGreaterThanOrEqual(LEAST_DOORS);
  const known = said[0]?.facts ?? null;
  // Introspection tells of a credential that is refused only that it is.
  const expected = said.map(({ name }) =>
    name.includes('introspect') && code !== 'VALID'
      ? { name, code: INACTIVE, facts: null }
      : { name, code, facts: known },
  );
  expect(said).toEqual(expected);
  if (facts !== undefined) expect(known).toMatchObject(facts);
};

const create = async (type: string, fields: Json = {}): Promise<{ credentialId: string; secret: Shown & Json }> => {
  const { credential, secret } = await journey.does<IssuedCredentialReply>(CREATE, { type, ...fields });
  return { credentialId: credential.credentialId, secret };
};

const apiKey = async (fields: Json = {}): Promise<{ credentialId: string; shown: Shown }> => {
  const { credentialId, secret } = await create('api_key', { mode: 'test', ...fields });
  return { credentialId, shown: { credential: String(secret['key']) } };
};

const clientPair = async (fields: Json = {}): Promise<{ credentialId: string; shown: Shown }> => {
  const { credentialId, secret } = await create('client_credentials', { name: 'billing', ...fields });
  return { credentialId, shown: secret };
};

const addEndpoint = async (endpointId: string, path: string): Promise<void> => {
  const { endpoints } = await journey.does<{ endpoints: Json[] }>('CatalogueService/GetApiEndpoints');
  const added = { endpointId, method: 'GET', path };
  await journey.does('CatalogueService/ReplaceApiEndpoints', { endpoints: [...endpoints, added] });
};

const keyPair = async (endpointIds: readonly string[]): Promise<{ shown: Shown; applicationId: string }> => {
  const fields = { title: 'Portal', endpointIds, generateKeys: { environment: 'staging' } };
  const reply = await journey.does<RegisterApplicationReply>('ApplicationService/RegisterApplication', fields);
  return { shown: reply.secret as Shown, applicationId: reply.application.applicationId };
};

const enable = (): Promise<EnableApiAccessReply> => journey.does('ApiAccessService/EnableApiAccess');

const sleepUntil = (time: string): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, Date.parse(time) - Date.now()) + 1));

const other = (secret: string | undefined): string =>
  `${secret}`.slice(0, -1) + (`${secret}`.endsWith('0') ? '1' : '0');

describe('a credential of each type is valid', () => {
  test('client_credentials, as fields, as public:secret, and as Basic', async () => {
    const { credentialId, shown } = await clientPair();
    const { accountId } = journey;
    const facts = { accountId, credentialId, type: 'client_credentials', version: 1, mode: null };
    await expectVerdict({ shown }, 'VALID', facts);
    await expectVerdict({ shown: { credential: `${shown.clientId}:${shown.clientSecret}` } }, 'VALID', facts);
  });

  test('account_token', async () => {
    const { authToken, credential } = await enable();
    const { credentialId } = credential;
    await expectVerdict({ shown: { credential: `${authToken}` } }, 'VALID', { credentialId, type: 'account_token' });
  });

  test('api_key, with its mode and its scopes', async () => {
    const { shown } = await apiKey({ scopes: ['invoices:read', 'invoices:write'] });
    const facts = { type: 'api_key', mode: 'test', scopes: ['invoices:read', 'invoices:write'] };
    await expectVerdict({ shown }, 'VALID', facts);
  });

  test('app_key_pair, with its application and its environment', async () => {
    const endpointId = `e2e.${randomUUID()}`;
    await addEndpoint(endpointId, `/${endpointId}/{id}`);
    const { shown, applicationId } = await keyPair([endpointId]);
    const endpoint = { method: 'GET', path: `/${endpointId}/7?page=2` };
    await expectVerdict({ shown, endpoint }, 'VALID', { applicationId, environment: 'staging', type: 'app_key_pair' });
  });

  test('api_secret', async () => {
    const { secret } = await create('api_secret', { name: 'hooks' });
    await expectVerdict({ shown: { credential: String(secret['secret']) } }, 'VALID', { type: 'api_secret' });
  });
});

describe('what is no credential is malformed', () => {
  const parts = { clientId: 'kci_0000000000000000000000', sharedKey: 'kps_0000000000000000000000' };
  test.each<[string, Shown]>([
    ['nothing', {}],
    ['an empty text', { credential: '' }],
    ['another format', { credential: 'passport' }],
    ['half a pair', { sharedKey: parts.sharedKey }],
    ['the other half', { secretKey: 'kpk_0000000000000000000000000000000000000000000000000' }],
    ['half of the other pair', { clientId: parts.clientId }],
    ['a public part alone', { credential: parts.clientId }],
    ['a pair with an empty secret', { credential: `${parts.clientId}:` }],
  ])('%s', async (_, shown) => {
    await expectVerdict({ shown }, 'MALFORMED');
  });

  test('several, a checksum that does not fit, and white space', async () => {
    const [key, pair] = [await apiKey(), await clientPair()];
    const text = `${key.shown.credential}`;
    await expectVerdict({ shown: { ...key.shown, sharedKey: parts.sharedKey, secretKey: 'kpk_0' } }, 'MALFORMED');
    await expectVerdict({ shown: { ...key.shown, ...pair.shown } }, 'MALFORMED');
    await expectVerdict({ shown: { credential: other(text) } }, 'MALFORMED');
    for (const credential of [` ${text}`, `${text} `, `${text}\n`, `${text},`]) {
      await expectVerdict({ shown: { credential } }, 'MALFORMED');
    }
    await expectVerdict({ shown: key.shown }, 'VALID');
  });

  test('the secret of a pair alone, and a pair in the fields of another type', async () => {
    const { clientId, clientSecret } = (await clientPair()).shown;
    await expectVerdict({ shown: { credential: `${clientSecret}` } }, 'MALFORMED');
    await expectVerdict({ shown: { sharedKey: `${clientId}`, secretKey: `${clientSecret}` } }, 'MALFORMED');
    const [key, pair] = [await apiKey(), `${clientId}:${clientSecret}`];
    await expectVerdict({ shown: { credential: `${clientId}:${key.shown.credential}` } }, 'MALFORMED');
    await expectVerdict({ shown: { credential: pair } }, 'VALID');
  });
});

describe('what is not known, or must not be told, is not found', () => {
  test('another secret for a public part, and the salt of an account token', async () => {
    const [one, two] = [await clientPair(), await clientPair({ name: 'billing-two' })];
    const mixed = { clientId: `${one.shown.clientId}`, clientSecret: `${two.shown.clientSecret}` };
    await expectVerdict({ shown: mixed }, 'NOT_FOUND');
    const { privateSalt } = await enable();
    await expectVerdict({ shown: { credential: `${privateSalt}` } }, 'NOT_FOUND');
  });

  test('a credential of another account, for a verifier of one account', async () => {
    const { accountId } = journey;
    const [own, foreign] = [await apiKey(), await newJourney(visit, visit.doors[0])];
    const { secret } = await foreign.does<IssuedCredentialReply>(CREATE, { type: 'api_key', mode: 'test' });
    const ofOne = await visit.token({ roles: ['verifier'], accounts: [accountId] });
    const narrow = new VerdictDoors(server, visit.http, ofOne);
    try {
      await expectVerdict({ shown: own.shown }, 'VALID', { accountId }, narrow);
      await expectVerdict({ shown: { credential: `${secret['key']}` } }, 'NOT_FOUND', undefined, narrow);
    } finally {
      narrow.close();
    }
  });
});

describe('a credential that was good', () => {
  test('is revoked, deleted, and stays dead when its name is used again', async () => {
    const { credentialId, shown } = await clientPair();
    await expectVerdict({ shown }, 'VALID');
    await journey.does('CredentialService/RevokeCredential', { credentialId });
    await expectVerdict({ shown }, 'REVOKED', { credentialId });
    await journey.does('CredentialService/DeleteCredential', { credentialId });
    await expectVerdict({ shown }, 'NOT_FOUND');
    const again = await clientPair();
    await expectVerdict({ shown: again.shown }, 'VALID');
    await expectVerdict({ shown }, 'NOT_FOUND');
  });

  test('is suspended and resumed, by itself and with its account', async () => {
    const { credentialId, shown } = await apiKey();
    await journey.does('CredentialService/SuspendCredential', { credentialId });
    await expectVerdict({ shown }, 'SUSPENDED', { credentialId });
    await journey.does('CredentialService/ResumeCredential', { credentialId });
    await expectVerdict({ shown }, 'VALID');
    await journey.does('AccountService/SuspendAccount');
    await expectVerdict({ shown }, 'SUSPENDED');
    await journey.does('AccountService/ResumeAccount');
    await expectVerdict({ shown }, 'VALID');
  });

  test('expires, and suspension comes first', async () => {
    const expiresAt = new Date(Date.now() + 2_000).toISOString();
    const { credentialId, shown } = await apiKey({ expiresAt });
    await sleepUntil(expiresAt);
    await expectVerdict({ shown }, 'EXPIRED', { credentialId });
    await journey.does('AccountService/SuspendAccount');
    await expectVerdict({ shown }, 'SUSPENDED');
  });

  test('is disabled with API access, and its token refreshed', async () => {
    const first = { credential: `${(await enable()).authToken}` };
    const { authToken } = await journey.does<AuthTokenReply>('ApiAccessService/RefreshAuthToken');
    const second = { credential: `${authToken}` };
    await expectVerdict({ shown: first }, 'NOT_FOUND');
    await expectVerdict({ shown: second }, 'VALID', { version: 2 });
    await journey.does('ApiAccessService/DisableApiAccess');
    await expectVerdict({ shown: second }, 'API_DISABLED');
    const third = { credential: `${(await enable()).authToken}` };
    await expectVerdict({ shown: third }, 'VALID');
    // What came before a new token is just a deleted one.
    await expectVerdict({ shown: second }, 'NOT_FOUND');
  });
});

describe('a rotation', () => {
  const rotated = async (overlapSeconds: number): Promise<{ credentialId: string; old: Shown; now: Shown }> => {
    const { credentialId, shown: old } = await clientPair();
    const { secret } = await journey.does<IssuedCredentialReply>(ROTATE, { credentialId, overlapSeconds });
    return { credentialId, old, now: secret };
  };

  test('lets both versions in during the overlap, until it is finished', async () => {
    const { credentialId, old, now } = await rotated(3600);
    await expectVerdict({ shown: old }, 'VALID', { version: 1 });
    await expectVerdict({ shown: now }, 'VALID', { version: 2 });
    await journey.does('CredentialService/FinishRotation', { credentialId });
    await expectVerdict({ shown: old }, 'NOT_FOUND');
    await expectVerdict({ shown: now }, 'VALID', { version: 2 });
  });

  test('is cancelled, which ends the new version', async () => {
    const { credentialId, old, now } = await rotated(3600);
    await journey.does('CredentialService/CancelRotation', { credentialId });
    await expectVerdict({ shown: old }, 'VALID', { version: 1 });
    await expectVerdict({ shown: now }, 'NOT_FOUND');
  });

  test('without an overlap ends the old version at once, and an overlap ends by the clock', async () => {
    const { old, now } = await rotated(0);
    await expectVerdict({ shown: old }, 'NOT_FOUND');
    await expectVerdict({ shown: now }, 'VALID', { version: 2 });
    const { credentialId, shown } = await clientPair({ name: 'second' });
    const { credential } = await journey.does<IssuedCredentialReply>(ROTATE, { credentialId, overlapSeconds: 1 });
    await sleepUntil(`${credential.versions[0]?.validUntil}`);
    await expectVerdict({ shown }, 'NOT_FOUND');
  });
});

describe('where a credential may be used', () => {
  test('addresses: both families, mapped ones, none', async () => {
    const shown = { credential: `${(await enable()).authToken}` };
    await journey.does('ApiAccessService/SetIpAllowlist', { cidrs: ['192.0.2.0/24', '2001:db8::/32'] });
    for (const ip of ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::7']) await expectVerdict({ shown, ip }, 'VALID');
    for (const ip of ['198.51.100.7', '::ffff:198.51.100.7', '2001:db9::7']) {
      await expectVerdict({ shown, ip }, 'IP_NOT_ALLOWED');
    }
    for (const { name, ask } of doors.all) {
      // That door takes the address of the connection where none is forwarded.
      if (name.includes('forward-auth')) continue;
      const verdict = await ask({ shown, endpoint: called });
      const code = name.includes('introspect') ? INACTIVE : 'IP_NOT_ALLOWED';
      expect({ name, code: verdict?.code }).toEqual({ name, code });
    }
    await journey.does('ApiAccessService/SetIpAllowlist', { cidrs: [] });
    await expectVerdict({ shown, ip: '198.51.100.7' }, 'VALID');
  });

  test('endpoints, by id and by method and path', async () => {
    const [connected, apart] = [`e2e.${randomUUID()}`, `e2e.${randomUUID()}`];
    await addEndpoint(connected, `/${connected}/{id}`);
    await addEndpoint(apart, `/${apart}/{id}`);
    const { shown } = await keyPair([connected]);
    const get = (path: string): Asked => ({ shown, endpoint: { method: 'GET', path } });
    await expectVerdict(get(`/${connected}/7`), 'VALID');
    const refused = [
      `/${apart}/7`,
      `/${connected}/7/`,
      `/${connected}/`,
      `/${connected}//7`,
      `/x/../${connected}/7`,
      `/${connected}/7#/../x`,
    ];
    await addEndpoint(`${apart}.own`, `/${connected}/own`);
    await expectVerdict(get(`/${connected}/7;v=1`), 'VALID');
    refused.push(`/${connected}/own`, `/${connected}/own;v=1`);
    for (const path of refused) await expectVerdict(get(path), 'ENDPOINT_NOT_CONNECTED');
    await expectVerdict({ shown, endpoint: { method: 'POST', path: `/${connected}/7` } }, 'ENDPOINT_NOT_CONNECTED');
    await expectVerdict({ shown, endpoint: connected }, 'VALID');
    for (const endpoint of [apart, 'e2e.nowhere']) await expectVerdict({ shown, endpoint }, 'ENDPOINT_NOT_CONNECTED');
  });

  test('scopes', async () => {
    const { shown } = await apiKey({ scopes: ['invoices:read'] });
    const without = await apiKey();
    const wanted = (scopes: readonly string[]): Asked => ({ shown, scopes });
    await expectVerdict(wanted(['invoices:read']), 'VALID');
    await expectVerdict(wanted(['invoices:read', 'invoices:write']), 'INSUFFICIENT_SCOPE');
    await expectVerdict({ ...wanted(['invoices:read']), shown: without.shown }, 'INSUFFICIENT_SCOPE');
  });
});
