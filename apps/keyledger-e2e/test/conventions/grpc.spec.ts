import type { Account, CredentialReply, Credential } from '@keyledger/contract';
import protobuf from 'protobufjs';
import { RpcError, type RpcOptions } from '../harness/grpc-client.js';
import type { Json } from '../harness/http-client.js';
import { farFuture } from '../harness/positions.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const absent = '018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a10';

const failureOf = async (call: Promise<unknown>): Promise<RpcError> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
  throw new Error('The call succeeded.');
};

const operator = async (): Promise<RpcOptions> => ({ token: await visit.token() });

const create = async (accountId: string, fields: Json = {}): Promise<CredentialReply> => {
  const request = { accountId, type: 'client_credentials', name: 'billing-service', ...fields };
  return (await visit.grpc.rpc<CredentialReply>('CredentialService/CreateCredential', request, await operator())).reply;
};

describe('a refusal has a status, a reason and the fields at fault', () => {
  test.each<readonly [string, string, (accountId: string) => Json, string, readonly string[]]>([
    ['INVALID_ARGUMENT', 'AccountService/RegisterAccount', () => ({ name: '' }), 'INVALID_REQUEST', ['name']],
    [
      'INVALID_ARGUMENT',
      'CredentialService/CreateCredential',
      (accountId) => ({ accountId, type: 'passport' }),
      'UNKNOWN_CREDENTIAL_TYPE',
      ['type'],
    ],
    ['NOT_FOUND', 'AccountService/GetAccount', () => ({ accountId: `acct_${absent}` }), 'NOT_FOUND', []],
    ['NOT_FOUND', 'AccountService/GetAccount', () => ({ accountId: 'acme' }), 'NOT_FOUND', []],
    ['NOT_FOUND', 'AccountService/GetAccount', () => ({}), 'NOT_FOUND', []],
    [
      'FAILED_PRECONDITION',
      'ApiAccessService/RevealAuthToken',
      (accountId) => ({ accountId }),
      'API_ACCESS_DISABLED',
      [],
    ],
    [
      'ABORTED',
      'AccountService/UpdateAccount',
      (accountId) => ({ accountId, name: 'x', revision: 999 }),
      'REVISION_MISMATCH',
      [],
    ],
  ])('%s from %s', async (code, rpc, ...[message, reason, fields]) => {
    const { accountId } = await visit.newAccount();
    const failure = await failureOf(visit.grpc.rpc(rpc, message(accountId), await operator()));
    expect(failure).toMatchObject({ code, reason, domain: 'keyledger' });
    expect(failure.fieldViolations.map(({ field }) => field)).toEqual(fields);
    expect(failure.cause.details.length).toBeGreaterThan(0);
  });

  test('what exists already is ALREADY_EXISTS, with the account that has it', async () => {
    const externalId = `customer-${absent}-${process.pid}`;
    const { accountId } = await visit.newAccount({ externalId });
    const again = visit.grpc.rpc('AccountService/RegisterAccount', { name: 'Acme', externalId }, await operator());
    const taken = await failureOf(again);
    expect(taken).toMatchObject({ code: 'ALREADY_EXISTS', reason: 'EXTERNAL_ID_TAKEN' });
    expect(taken.cause.details).toContain(accountId);
    await create(accountId);
    expect(await failureOf(create(accountId))).toMatchObject({ code: 'ALREADY_EXISTS', reason: 'NAME_TAKEN' });
  });

  test('no token, a bad one, and one that may not', async () => {
    const { accountId } = await visit.newAccount();
    const suspend = (options: RpcOptions): Promise<RpcError> =>
      failureOf(visit.grpc.rpc('AccountService/SuspendAccount', { accountId }, options));
    expect(await suspend({})).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'UNAUTHENTICATED' });
    expect(await suspend({ token: 'abc' })).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'UNAUTHENTICATED' });
    const token = await visit.token({ roles: ['viewer'], accounts: [accountId] });
    expect(await suspend({ token })).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'FORBIDDEN' });
  });

  test('a position that is not reached is UNAVAILABLE', async () => {
    const { reply } = await visit.grpc.rpc<{ position: string }>('PositionService/GetPosition', {}, await operator());
    const metadata = { 'min-position': farFuture(reply.position) };
    const late = visit.grpc.rpc('AccountService/ListAccounts', {}, { ...(await operator()), metadata });
    expect(await failureOf(late)).toMatchObject({ code: 'UNAVAILABLE', reason: 'POSITION_NOT_REACHED' });
  });
});

describe('the details of a refusal', () => {
  test('name fields as the protos do', async () => {
    const fields = { name: 'Acme', externalId: 'a\u0000b' };
    const failure = await failureOf(visit.grpc.rpc('AccountService/RegisterAccount', fields, await operator()));
    expect(failure.fieldViolations.map(({ field }) => field)).toEqual(['external_id']);
    const { accountId } = await visit.newAccount();
    const application = { accountId, title: 'x', generateKeys: { environment: 'moon' } };
    const nested = await failureOf(
      visit.grpc.rpc('ApplicationService/RegisterApplication', application, await operator()),
    );
    expect(nested.fieldViolations.map(({ field }) => field)).toEqual(['generate_keys.environment']);
  });

  test.each<readonly [string, Json, string, string]>([
    ['AuditService/ListAuditEvents', { actions: [''] }, 'actions', 'actions must be one of'],
    [
      'AuditService/ListAuditEvents',
      { actions: ['AccountRegistered', 'x'] },
      'actions',
      'actions must be one of these, which number 2 is not',
    ],
    ['AuditService/ListAuditEvents', { action: 'x' }, 'action', 'action must be one of'],
    ['AuditService/ListAuditEvents', { excludeAction: ['x'] }, 'exclude_action', 'exclude_action must be one of'],
    [
      'CredentialService/RotateCredential',
      { credentialId: `cred_${absent}`, overlapSeconds: 604_801 },
      'overlap_seconds',
      'overlap_seconds must be',
    ],
    ['CredentialService/SetWebhookSigner', { credentialId: 'x' }, 'credential_id', 'credential_id must be'],
    [
      'CatalogueService/ReplaceApiEndpoints',
      { endpoints: [{ endpointId: 'maxUse Of', method: 'GET', path: '/a' }] },
      'endpoints.0.endpoint_id',
      'endpoints.0.endpoint_id must be',
    ],
  ])('of %s with %j name %s, in the message too', async (rpc, fields, field, text) => {
    const { accountId } = await visit.newAccount();
    const account = rpc.startsWith('Catalogue') ? {} : { accountId };
    const failure = await failureOf(visit.grpc.rpc(rpc, { ...account, ...fields }, await operator()));
    expect(failure.fieldViolations.map((violation) => violation.field)).toEqual([field]);
    expect(failure.cause.details).toContain(text);
    expect(failure.cause.details).not.toMatch(/\b[a-z]+[A-Z]/);
  });

  test('name the field for a condition that does not count, and keep the names that callers gave', async () => {
    const { accountId } = await visit.newAccount();
    await create(accountId, { name: 'billingService' });
    const again = await failureOf(create(accountId, { name: 'billingService' }));
    expect(again).toMatchObject({ reason: 'NAME_TAKEN' });
    const key = { ...(await operator()), metadata: { 'idempotency-key': 'short' } };
    const failure = await failureOf(visit.grpc.rpc('AccountService/RegisterAccount', { name: 'Acme' }, key));
    expect(failure.fieldViolations.map(({ field }) => field)).toEqual(['idempotency-key']);
    expect(failure.cause.details).toMatch(/^idempotency-key must be/);
    const unknown = { accountId, title: 'x', endpointIds: ['invoices.listAll'] };
    const { fieldViolations } = await failureOf(
      visit.grpc.rpc('ApplicationService/RegisterApplication', unknown, await operator()),
    );
    expect(fieldViolations[0]?.description).toContain('invoices.listAll');
  });

  test('fit into what clients take, and say how many more there are', async () => {
    const { accountId } = await visit.newAccount();
    const endpointIds = Array.from({ length: 500 }, (_, index) => `${index}-`.padEnd(64, 'x'));
    const request = { accountId, title: 'x', endpointIds };
    const failure = await failureOf(
      visit.grpc.rpc('ApplicationService/RegisterApplication', request, await operator()),
    );
    expect(failure).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'UNKNOWN_ENDPOINT' });
    const trailers = Object.entries(failure.cause.metadata.toHttp2Headers());
    const bytes = trailers.map(([name, values]) => name.length + String(values).length);
    expect(bytes.reduce((sum, length) => sum + length, encodeURI(failure.cause.details).length)).toBeLessThan(8 * 1024);
    const told = failure.fieldViolations.length - 1;
    expect(failure.fieldViolations.at(-1)?.description).toBe(`and ${500 - told} more`);
  });

  test('say when to try again', async () => {
    const { reply } = await visit.grpc.rpc<{ position: string }>('PositionService/GetPosition', {}, await operator());
    const metadata = { 'min-position': farFuture(reply.position) };
    const late = visit.grpc.rpc('AccountService/ListAccounts', {}, { ...(await operator()), metadata });
    expect((await failureOf(late)).retrySeconds).toBe(1);
  });
});

test('the correlation id is in the initial metadata, of answers and of refusals', async () => {
  const metadata = { 'x-correlation-id': 'trace:7' };
  const { initial } = await visit.grpc.rpc('PositionService/GetPosition', {}, { ...(await operator()), metadata });
  expect(initial.get('x-correlation-id')).toEqual(['trace:7']);
  const unknown = { accountId: `acct_${absent}` };
  const get = (options: RpcOptions): Promise<RpcError> =>
    failureOf(visit.grpc.rpc('AccountService/GetAccount', unknown, options));
  expect((await get({ ...(await operator()), metadata })).initial.get('x-correlation-id')).toEqual(['trace:7']);
  expect((await get({ metadata })).initial.get('x-correlation-id')).toEqual(['trace:7']);
  expect((await get({})).initial.get('x-correlation-id')).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
});

describe('a list that is replaced', () => {
  test('must be there, or be named where it is empty', async () => {
    const { accountId } = await visit.newAccount();
    await visit.grpc.rpc('ApiAccessService/EnableApiAccess', { accountId }, await operator());
    const set = async (fields: Json) =>
      visit.grpc.rpc<{ cidrs: string[] }>(
        'ApiAccessService/SetIpAllowlist',
        { accountId, ...fields },
        await operator(),
      );
    expect((await set({ cidrs: ['192.0.2.0/24'] })).reply.cidrs).toEqual(['192.0.2.0/24']);
    const refused = await failureOf(set({}));
    expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'INVALID_REQUEST' });
    expect([...new Set(refused.fieldViolations.map(({ field }) => field))]).toEqual(['cidrs']);
    expect((await set({ updateMask: { paths: ['cidrs'] } })).reply.cidrs).toEqual([]);
  });

  test('is never the whole catalogue by an empty message', async () => {
    const refused = await failureOf(visit.grpc.rpc('CatalogueService/ReplaceApiEndpoints', {}, await operator()));
    expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'INVALID_REQUEST' });
  });
});

describe('a message that cannot be read', () => {
  const path = '/keyledger.v1.AccountService/RegisterAccount';
  test.each([
    ['ends early', Buffer.from([0x0a, 0x7f, 0x41])],
    ['has a wire type that does not exist', Buffer.from([0x0f])],
    ['has a number without end', Buffer.alloc(12, 0xff)],
  ])('that %s is INVALID_ARGUMENT', async (_, bytes) => {
    expect(await failureOf(visit.grpc.raw(path, bytes, await operator()))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'MALFORMED_REQUEST',
    });
  });

  test('that holds text which is no UTF-8 is INVALID_ARGUMENT', async () => {
    const bytes = Buffer.from([0x0a, 0x04, 0x41, 0xff, 0xfe, 0x42]);
    expect(await failureOf(visit.grpc.raw(path, bytes, await operator()))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('that names a field in half a surrogate pair is INVALID_ARGUMENT, and the server goes on', async () => {
    const accountId = Buffer.from('acct_00000000-0000-4000-8000-000000000000');
    const mask = [0x1a, 5, 0x0a, 3, 0xed, 0xa0, 0x80];
    const bytes = Buffer.concat([Buffer.from([0x0a, accountId.length]), accountId, Buffer.from(mask)]);
    const update = '/keyledger.v1.AccountService/UpdateAccount';
    expect(await failureOf(visit.grpc.raw(update, bytes, await operator()))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID_REQUEST',
    });
  });

  test('that is larger than 256 KiB is RESOURCE_EXHAUSTED', async () => {
    const large = visit.grpc.rpc('AccountService/RegisterAccount', { name: 'x'.repeat(300_000) }, await operator());
    expect(await failureOf(large)).toMatchObject({ code: 'RESOURCE_EXHAUSTED', reason: 'TOO_LARGE' });
  });

  test('for a method that is not there is UNIMPLEMENTED', async () => {
    const call = visit.grpc.raw('/keyledger.v1.AccountService/DropAccount', Buffer.alloc(0), await operator());
    expect(await failureOf(call)).toMatchObject({ code: 'UNIMPLEMENTED' });
  });
});

test('the reply names its position in the body and in the trailing metadata', async () => {
  const { accountId } = await visit.newAccount();
  const request = { accountId, name: 'Renamed' };
  const { reply, trailers } = await visit.grpc.rpc('AccountService/UpdateAccount', request, await operator());
  expect(trailers.get('keyledger-position')).toEqual([reply['position']]);
});

describe('update_mask', () => {
  const setUp = async (): Promise<(fields: Json) => Promise<Credential>> => {
    const { accountId } = await visit.newAccount();
    const { credential } = await create(accountId, { description: 'Old', scopes: ['read'] });
    const ids = { accountId, credentialId: credential.credentialId };
    return async (fields) => {
      const rpc = 'CredentialService/UpdateCredential';
      const { reply } = await visit.grpc.rpc<CredentialReply>(rpc, { ...ids, ...fields }, await operator());
      return reply.credential;
    };
  };

  test('without it, the fields that are present change', async () => {
    const update = await setUp();
    expect(await update({ description: 'New' })).toMatchObject({ description: 'New', scopes: ['read'] });
    expect(await update({ scopes: ['write'] })).toMatchObject({ description: 'New', scopes: ['write'] });
    expect(await update({})).toMatchObject({ description: 'New', scopes: ['write'] });
  });

  test('an empty one is none', async () => {
    const update = await setUp();
    const changed = await update({ description: 'New', updateMask: { paths: [] } });
    expect(changed).toMatchObject({ description: 'New', scopes: ['read'] });
  });

  test('with it, the fields that it names change, and those that are absent are cleared', async () => {
    const update = await setUp();
    const named = await update({ description: 'New', scopes: ['write'], updateMask: { paths: ['scopes'] } });
    expect(named).toMatchObject({ description: 'Old', scopes: ['write'] });
    const cleared = await update({ updateMask: { paths: ['description', 'scopes', 'expires_at'] } });
    expect(cleared).toMatchObject({ description: null, scopes: [], expiresAt: null });
  });

  test.each(['colour', 'name', 'credential_id', '__proto__', 'toString', 'constructor', ''])(
    'it may not name "%s"',
    async (path) => {
      const update = await setUp();
      expect(await failureOf(update({ updateMask: { paths: [path] } }))).toMatchObject({
        code: 'INVALID_ARGUMENT',
        reason: 'INVALID_REQUEST',
      });
    },
  );

  test('what must be there cannot be cleared', async () => {
    const { accountId } = await visit.newAccount();
    const clear = { accountId, updateMask: { paths: ['name'] } };
    expect(await failureOf(visit.grpc.rpc('AccountService/UpdateAccount', clear, await operator()))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    const { reply } = await visit.grpc.rpc<Account>('AccountService/GetAccount', { accountId }, await operator());
    expect(reply.name).toBe('Acme');
  });
});

describe('what gRPC tools expect', () => {
  const tools = protobuf.parse(
    `syntax = "proto3"; package tools;
     message HealthCheckRequest { string service = 1; }
     message HealthCheckResponse { int32 status = 1; }
     message ReflectionRequest { string host = 1; string list_services = 7; }
     message ReflectionResponse { ListServices list_services_response = 6; }
     message ListServices { repeated Service service = 1; }
     message Service { string name = 1; }`,
    { keepCase: true },
  ).root;
  const encode = (name: string, fields: Json): Buffer => {
    const type = tools.lookupType(`tools.${name}`);
    return Buffer.from(type.encode(type.fromObject(fields)).finish());
  };
  const decode = (name: string, bytes: Buffer): Json => tools.lookupType(`tools.${name}`).decode(bytes).toJSON();

  test('health, without a token', async () => {
    const { reply } = await visit.grpc.raw('/grpc.health.v1.Health/Check', encode('HealthCheckRequest', {}));
    expect(decode('HealthCheckResponse', reply)).toEqual({ status: 1 });
  });

  test.each(['v1', 'v1alpha'])('reflection %s', async (version) => {
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    const { reply } = await visit.grpc.raw(path, encode('ReflectionRequest', { list_services: '*' }));
    const answer = decode('ReflectionResponse', reply) as { list_services_response: { service: { name: string }[] } };
    expect(answer.list_services_response.service.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'keyledger.v1.AccountService',
        'keyledger.v1.CredentialService',
        'grpc.health.v1.Health',
      ]),
    );
  });
});
