import { randomUUID } from 'node:crypto';
import type { Account, ApiEndpointCatalogue, CredentialReply } from '@keyledger/contract';
import { newJourney, type Journey } from '../harness/journey.js';
import { beyondAllNumbers, farFuture, inUpperCase, ofOtherEngine } from '../harness/positions.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const logIdOf = (position: string): string => position.slice(0, position.lastIndexOf('-'));

const createSecret = (journey: Journey): Promise<CredentialReply> =>
  journey.does<CredentialReply>('CredentialService/CreateCredential', { type: 'api_secret' });

describe.each(visit.doors)('revisions over $name', (door) => {
  test('a write that names a revision happens only to that revision', async () => {
    const journey = await newJourney(visit, door);
    await createSecret(journey);
    const { credential } = await createSecret(journey);
    const { credentialId, revision } = credential;
    const describeIt = { credentialId, description: 'Mine' };
    const changed = await journey.does<CredentialReply>('CredentialService/UpdateCredential', describeIt, { revision });
    expect(changed.credential.revision).toBeGreaterThan(revision);
    const writes = [
      ['UpdateCredential', { description: 'Yours' }],
      ['SuspendCredential', {}],
      ['RevokeCredential', {}],
      ['RotateCredential', {}],
      ['AcknowledgeSecret', {}],
      ['DeleteCredential', {}],
    ] as const;
    for (const [rpc, fields] of writes) {
      const { code } = await journey.isRefused(`CredentialService/${rpc}`, { credentialId, ...fields }, { revision });
      expect({ rpc, code }).toEqual({ rpc, code: 'revision-mismatch' });
    }
    expect(await journey.credential(credentialId)).toMatchObject({ description: 'Mine', status: 'active' });
    const { revision: now } = changed.credential;
    await journey.does('CredentialService/SuspendCredential', { credentialId }, { revision: now });
  });

  test('each resource has a revision of its own', async () => {
    const journey = await newJourney(visit, door);
    const account = await journey.does<Account>('AccountService/GetAccount');
    await journey.does('ApiAccessService/EnableApiAccess');
    await createSecret(journey);
    // What happened to credentials and to API access is no change of the account.
    const { revision } = account;
    await journey.does('AccountService/UpdateAccount', { name: 'Renamed' }, { revision });
    const late = { name: 'Renamed again' };
    expect(await journey.isRefused('AccountService/UpdateAccount', late, { revision })).toMatchObject({
      code: 'revision-mismatch',
    });
    const access = await journey.does<{ revision: number }>('ApiAccessService/GetApiAccess');
    await journey.does('ApiAccessService/SetIpAllowlist', { cidrs: ['10.0.0.0/8'] }, { revision: access.revision });
    expect(
      await journey.isRefused('ApiAccessService/DisableApiAccess', {}, { revision: access.revision }),
    ).toMatchObject({ code: 'revision-mismatch' });
  });

  test('the catalogue has one too', async () => {
    const journey = await newJourney(visit, door);
    const read = (): Promise<ApiEndpointCatalogue> =>
      journey.does<ApiEndpointCatalogue>('CatalogueService/GetApiEndpoints');
    const added = { endpointId: `e2e.${journey.accountId}`, method: 'GET', path: `/${journey.accountId}` };
    const replace = 'CatalogueService/ReplaceApiEndpoints';
    // Whether or not anybody has written the catalogue before, now it has a revision.
    await journey.does(replace, { endpoints: [...(await read()).endpoints, added] });
    const { endpoints, revision } = await read();
    const next = { endpoints: endpoints.map((endpoint) => ({ ...endpoint, path: `${endpoint.path}/next` })) };
    await journey.does(replace, next, { revision: revision ?? -1 });
    expect(await journey.isRefused(replace, { endpoints }, { revision: revision ?? -1 })).toMatchObject({
      code: 'revision-mismatch',
    });
  });
});

describe('If-Match', () => {
  test.each<readonly [string, (tag: string) => string, number]>([
    ['the tag', (tag) => tag, 200],
    ['any', () => '*', 200],
    ['a list with the tag', (tag) => `"999999", ${tag}`, 200],
    ['another tag', () => '"999999"', 412],
    ['a tag that we never give', () => '"abc"', 412],
    ['a weak tag, which never matches (RFC 9110, 13.1.1)', (tag) => `W/${tag}`, 412],
  ])('%s', async (_, header, status) => {
    const { accountId } = await visit.newAccount();
    const token = await visit.token();
    const path = `/v1/accounts/${accountId}`;
    const tag = (await visit.http.get(path, { token })).headers.get('etag') ?? '';
    const headers = { 'if-match': header(tag) };
    const reply = await visit.http.patch(path, { name: 'Renamed' }, { token, headers });
    expect(reply.status).toBe(status);
    if (status === 412) expect(reply.body['code']).toBe('revision-mismatch');
  });
});

test('If-Match is refused where something is created, and counts on the keyed routes too', async () => {
  const { accountId } = await visit.newAccount();
  const token = await visit.token();
  const account = `/v1/accounts/${accountId}`;
  const post = (path: string, body: object, tag: string) =>
    visit.http.post(path, body, { token, headers: { 'if-match': tag, 'idempotency-key': `key-${randomUUID()}` } });
  const creates: readonly (readonly [string, object])[] = [
    ['/v1/accounts', { name: 'Acme' }],
    [`${account}/applications`, { title: 'Portal', endpointIds: [] }],
    [`${account}/credentials`, { type: 'api_secret' }],
    [`${account}/webhook-endpoints`, { url: 'https://hooks.example.com/', scheme: 'standard' }],
  ];
  for (const [path, body] of creates) {
    for (const tag of ['"0"', '*', 'W/"1"']) {
      const { status, body: problem } = await post(path, body, tag);
      expect({ path, tag, status, fields: problem['errors'] }).toMatchObject({
        status: 422,
        fields: [{ field: 'If-Match' }],
      });
    }
  }
  const access = `${account}/api-access`;
  const tagNow = async (path: string): Promise<string> =>
    (await visit.http.get(path, { token })).headers.get('etag') ?? '';
  const before = await tagNow(access);
  expect((await post(access, {}, '"999999"')).status).toBe(412);
  expect((await post(access, {}, before)).status).toBe(201);
  const refresh = `${access}/auth-token/refresh`;
  expect((await post(refresh, {}, before)).status).toBe(412);
  expect((await post(refresh, {}, await tagNow(access))).status).toBe(200);
});

describe.each(visit.doors)('positions over $name', (door) => {
  test('grow with every write, and a repeat answers with that of the state it found', async () => {
    const journey = await newJourney(visit, door);
    const rename = (name: string): Promise<{ position: string }> =>
      journey.does<{ position: string }>('AccountService/UpdateAccount', { name });
    const first = (await rename('One')).position;
    const second = (await rename('Two')).position;
    expect(second > first).toBe(true);
    expect(logIdOf(second)).toBe(logIdOf(first));
    expect((await rename('Two')).position).toBe(second);
    const { position: head } = await journey.does<{ position: string }>('PositionService/GetPosition');
    expect(head >= second).toBe(true);
  });

  test('a read answers with the position it was made at, at least the demanded one', async () => {
    const journey = await newJourney(visit, door);
    const { position } = await createSecret(journey);
    const reads = [
      ['AccountService/GetAccount', {}],
      ['AccountService/ListAccounts', { limit: 1 }],
      ['ApiAccessService/GetApiAccess', {}],
      ['CatalogueService/GetApiEndpoints', {}],
      ['ApplicationService/ListApplications', {}],
      ['CredentialService/ListCredentials', {}],
      ['WebhookService/ListEndpoints', {}],
      ['AuditService/ListAuditEvents', {}],
    ] as const;
    for (const [rpc, fields] of reads) {
      const outcome = await journey.tries(rpc, fields, { minPosition: position });
      expect({ rpc, code: outcome.code, fresh: (outcome.position ?? '') >= position }).toEqual({
        rpc,
        code: 'OK',
        fresh: true,
      });
    }
  });

  test('what the process has acknowledged is seen without asking for it', async () => {
    const { accountId } = await visit.newAccount();
    const options = { token: await visit.token() };
    for (let count = 1; count <= 10; count += 1) {
      const fields = { accountId, type: 'api_key', mode: 'test' };
      expect((await door.call('CredentialService/CreateCredential', fields, options)).code).toBe('OK');
      const { body } = await door.call<{ items: [] }>('CredentialService/ListCredentials', { accountId }, options);
      expect(body.items).toHaveLength(count);
    }
  });

  test.each([
    [
      'of another log',
      (own: string) => own.replace(/^./, (first) => (first === 'a' ? 'b' : 'a')),
      'position-of-another-log',
    ],
    ['of a log with ids of another form', () => 'acme-0000000000000001', 'position-of-another-log'],
    ['malformed', () => 'yesterday', 'invalid-request'],
    ['without a log', () => '0000000000000001', 'invalid-request'],
    ['too short', (own: string) => own.slice(0, -1), 'invalid-request'],
    ['as wide as those of the other engine', ofOtherEngine, 'invalid-request'],
    ['in upper case', inUpperCase, 'invalid-request'],
    ['in the far future', farFuture, 'position-not-reached'],
    ['beyond all numbers', beyondAllNumbers, 'position-not-reached'],
  ])('a demanded position %s is refused', async (_, demand, code) => {
    const journey = await newJourney(visit, door);
    await createSecret(journey);
    const { position, credential } = await createSecret(journey);
    const reads = [
      ['CredentialService/ListCredentials', {}],
      ['AuditService/ListAuditEvents', {}],
      ['CredentialService/GetRemoval', { credentialId: credential.credentialId }],
    ] as const;
    // At the same time, because each waits for as long as a read may.
    const refusals = reads.map(([rpc, fields]) => journey.isRefused(rpc, fields, { minPosition: demand(position) }));
    expect((await Promise.all(refusals)).map((refusal) => refusal.code)).toEqual([code, code, code]);
  });
});

test('a position that is not reached says when to ask again', async () => {
  const token = await visit.token();
  const { position } = (await visit.http.get<{ position: string }>('/v1/position', { token })).body;
  const future = farFuture(position);
  const reply = await visit.http.get(`/v1/accounts?minPosition=${future}`, { token });
  expect({ status: reply.status, retryAfter: reply.headers.get('retry-after') }).toEqual({
    status: 503,
    retryAfter: expect.stringMatching(/^\d+$/) as string,
  });
});
