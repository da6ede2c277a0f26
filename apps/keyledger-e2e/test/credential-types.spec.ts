import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credential, CredentialType, IssuedCredentialReply, Page } from '@keyledger/contract';
import type { Door } from './harness/doors.js';
import type { Json } from './harness/http-client.js';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import { launchKeyledger } from './harness/program.js';
import { Visit } from './harness/shared-server.js';

/** A type that no line of the program knows: named pairs of partners, at most two, that are rotated every month. */
const partnerKey: Json = {
  type: 'partner_key',
  title: 'Partner key',
  name: { required: true, pattern: '[a-z]+-[0-9]{2}', minLength: 4, maxLength: 20 },
  limit: 2,
  publicPart: { field: 'partnerId', prefix: 'pid' },
  publicPartMasked: false,
  secretPart: { field: 'partnerSecret', prefix: 'psk', format: 'token' },
  modes: null,
  belongsToApplication: false,
  allows: { suspend: false, revoke: true, rotate: true, delete: 'phrase' },
  maySign: false,
  retained: false,
  bindsIpAllowlist: true,
  bindsEndpoints: false,
  rotationAdviceDays: 30,
  advice: ['Give each partner a key of its own.'],
};

const BUILT_IN = ['account_token', 'api_key', 'api_secret', 'app_key_pair', 'client_credentials'];
const DAY_MS = 86_400_000;

let folder: string;
const writeType = (name: string, content: unknown): Promise<void> =>
  writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), `keyledger-e2e-${process.pid}-`));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a type from a file', () => {
  let server: KeyledgerProcess;
  let visit: Visit;
  let token: string;

  beforeEach(async () => {
    await writeType('partner-key.json', partnerKey);
    await writeType('readme.txt', 'Not a type.');
    server = await startKeyledger({ KEYLEDGER_CREDENTIAL_TYPES: folder });
    visit = new Visit(server);
    token = await visit.token();
  });

  afterEach(async () => {
    visit.close();
    await server.remove();
  });

  const lifeThrough = async (door: Door): Promise<void> => {
    const { accountId } = await visit.newAccount();
    const call = <T = Json>(rpc: string, fields: Json = {}, minPosition?: string) =>
      door.call<T>(rpc, { accountId, ...fields }, { token, ...(minPosition === undefined ? {} : { minPosition }) });
    const create = (name: string | null) =>
      call<IssuedCredentialReply>('CredentialService/CreateCredential', { type: 'partner_key', name });

    const { body } = await create('acme-01');
    expect(body.secret).toEqual({
      partnerId: expect.stringMatching(/^pid_[0-9A-Za-z]{22}$/) as string,
      partnerSecret: expect.stringMatching(/^psk_[0-9A-Za-z]{49}$/) as string,
    });
    const { credential } = body;
    const { credentialId } = credential;
    const presented = `${body.secret['partnerId']}:${body.secret['partnerSecret']}`;
    const verdict = async () => (await visit.http.post<Json>('/v1/verify', { credential: presented }, { token })).body;
    expect(await verdict()).toMatchObject({ code: 'VALID', type: 'partner_key', credentialId, version: 1 });
    expect(credential).toMatchObject({ type: 'partner_key', status: 'active', publicPart: body.secret['partnerId'] });
    expect(credential.rotationDueAt).toBe(new Date(Date.parse(credential.createdAt) + 30 * DAY_MS).toISOString());

    for (const name of [null, 'Acme-01', 'acme-1', 'a-very-long-name-for-a-key-01']) {
      expect({ name, code: (await create(name)).code }).toEqual({ name, code: 'invalid-request' });
    }
    expect((await create('acme-01')).code).toBe('name-taken');
    const second = await create('acme-02');
    expect(second.code).toBe('OK');
    expect((await create('acme-03')).code).toBe('limit-reached');

    expect((await call('CredentialService/SuspendCredential', { credentialId })).code).toBe('not-supported-by-type');
    expect((await call('CredentialService/SetWebhookSigner', { credentialId })).code).toBe('may-not-sign');
    expect((await call('CredentialService/RotateCredential', { credentialId, overlapSeconds: 60 })).code).toBe('OK');
    expect(await verdict()).toMatchObject({ code: 'VALID', version: 1 });

    const filter = { type: 'partner_key', sort: 'name' };
    const list = await call<Page<Credential>>('CredentialService/ListCredentials', filter, second.body.position);
    expect(list.body.items.map(({ name }) => name)).toEqual(['acme-01', 'acme-02']);

    expect((await call('CredentialService/DeleteCredential', { credentialId })).code).toBe('confirmation-mismatch');
    const removal = await call<{ phrase: string }>('CredentialService/GetRemoval', { credentialId });
    const confirmed = { credentialId, confirmation: removal.body.phrase };
    expect((await call('CredentialService/DeleteCredential', confirmed)).code).toBe('OK');
    expect(await verdict()).toMatchObject({ code: 'NOT_FOUND', credentialId: null });
  };

  it('is listed beside the built-in ones, and lives as its file says through both doors', async () => {
    for (const door of visit.doors) {
      const { body } = await door.call<{ items: CredentialType[] }>(
        'CatalogueService/ListCredentialTypes',
        {},
        { token },
      );
      expect(body.items.map(({ type }) => type).sort()).toEqual([...BUILT_IN, 'partner_key'].sort());
      const listed = body.items.find(({ type }) => type === 'partner_key');
      expect(listed).toEqual({ ...partnerKey, issuedBy: 'create', saltField: null });
      await lifeThrough(door);
    }
  });

  it('still lists what it has created when it is gone, but creates nothing', async () => {
    const { accountId } = await visit.newAccount();
    const body = { accountId, type: 'partner_key', name: 'acme-01' };
    const [http] = visit.doors;
    const created = await http.call<IssuedCredentialReply>('CredentialService/CreateCredential', body, { token });
    visit.close();
    await server.stop();
    await rm(join(folder, 'partner-key.json'));
    await server.start();
    visit = new Visit(server);
    const [door] = visit.doors;
    const { credential } = created.body;
    const { credentialId } = credential;
    const read = await door.call('CredentialService/GetCredential', { accountId, credentialId }, { token });
    expect(read.body).toEqual(credential);
    const again = { ...body, name: 'acme-02' };
    const refused = await door.call('CredentialService/CreateCredential', again, { token });
    expect(refused.code).toBe('unknown-credential-type');
    const revoked = await door.call('CredentialService/RevokeCredential', { accountId, credentialId }, { token });
    expect(revoked.code).toBe('OK');
  });
});

const others = (type: string, publicPrefix: string, secretPrefix: string): Json => ({
  ...{ ...partnerKey, type, publicPart: { field: 'partnerId', prefix: publicPrefix } },
  secretPart: { field: 'partnerSecret', prefix: secretPrefix, format: 'token' },
});

it('lists every mistake in every file at the start, and does not start', async () => {
  await writeType('a-broken.json', '{"type": ');
  await writeType('b-list.json', []);
  await writeType('c-built-in.json', { ...partnerKey, type: 'api_key' });
  await writeType('d-fields.json', { ...partnerKey, type: 'D', limit: 0, surplus: true, advice: 'none' });
  await writeType('e-pattern.json', {
    ...partnerKey,
    type: 'e_type',
    name: { ...(partnerKey['name'] as Json), pattern: '[' },
  });
  await writeType('f-signer.json', { ...partnerKey, type: 'f_type', maySign: true });
  await writeType('g-right.json', { ...partnerKey, type: 'g_type' });
  await writeType('h-twin.json', { ...partnerKey, type: 'g_type' });
  await writeType('i-same-field.json', {
    ...others('i_type', 'ione', 'itwo'),
    publicPart: { field: 'partnerSecret', prefix: 'ione' },
  });
  await writeType('j-modes.json', { ...others('j_type', 'jone', 'jtwo'), modes: { test: 'jkey', live: 'jkey' } });
  await writeType('k-prefix.json', others('k_type', 'kci', 'ktwo'));
  await writeType('l-prefix.json', { ...others('l_type', 'lone', 'ltwo'), modes: { test: 'ltest', live: 'key_live' } });
  await writeType('m-prefix.json', others('m_type', 'mone', 'whsec'));
  await writeType('n-prefix.json', others('n_type', 'pid', 'ntwo'));
  const dataDir = join(folder, 'data');
  const { code, stdout, stderr } = await launchKeyledger({
    ...{ KEYLEDGER_CREDENTIAL_TYPES: folder, KEYLEDGER_DATA_DIR: dataDir },
  }).exit;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).not.toMatch(/^ +at /m);
  const told = stderr.trimEnd().split('\n');
  const about = (file: string): readonly string[] => told.filter((line) => line.includes(` ${file}: `));
  expect(about('a-broken.json')).toHaveLength(1);
  expect(about('b-list.json')).toHaveLength(1);
  expect(about('i-same-field.json').join()).toMatch(/publicPart\.field and secretPart\.field are the same/);
  expect(about('j-modes.json').join()).toMatch(/modes\.test and modes\.live are the same/);
  expect(about('k-prefix.json').join()).toMatch(/the prefix "kci" is that of type "client_credentials"$/);
  expect(about('l-prefix.json').join()).toMatch(/the prefix "key_live" is that of type "api_key"$/);
  expect(about('m-prefix.json').join()).toMatch(/the prefix "whsec" is that of type "api_secret"$/);
  expect(about('n-prefix.json').join()).toMatch(/the prefix "pid" is that of type "g_type"$/);
  expect(about('c-built-in.json').join()).toMatch(/"api_key" exists already/);
  for (const field of ['type', 'limit', 'surplus', 'advice']) {
    expect(about('d-fields.json').filter((line) => line.includes(` ${field} `)).length).toBeGreaterThan(0);
  }
  expect(about('e-pattern.json').join()).toContain('name.pattern');
  expect(about('f-signer.json').join()).toContain('maySign');
  expect(about('g-right.json')).toEqual([]);
  expect(about('h-twin.json').join()).toMatch(/"g_type" exists already/);
});
