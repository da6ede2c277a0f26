import { readFile } from 'node:fs/promises';
import {
  documentOf,
  operationsIn,
  responseOf,
  type DocumentedOperation,
  type OpenApiDocument,
} from '../harness/documented.js';
import { launchTool } from '../harness/program.js';
import { verificationRoutes } from '../harness/routes.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

let document: OpenApiDocument;
let operations: ReadonlyMap<string, DocumentedOperation>;
let token: string;
beforeAll(async () => {
  const found = await documentOf(visit.http);
  if (found === undefined) throw new Error('The server shows no document.');
  document = found;
  operations = operationsIn(document);
  token = await visit.token();
});

const ofApi = (): readonly (readonly [string, DocumentedOperation])[] =>
  [...operations].filter(([route]) => / \/(v1|oauth2)\//.test(route));

const ofGateways = (): readonly (readonly [string, DocumentedOperation])[] =>
  ofApi().filter(([route]) => /forward-auth|introspect/.test(route));

it('is OpenAPI 3.1 with a server, and security for all but health', () => {
  expect(document.openapi).toBe('3.1.0');
  expect(document.servers.map(({ url }) => url)).toEqual(['/']);
  expect(document.security).toEqual([{ bearer: [] }]);
  const open = [...operations].filter(([, { security }]) => security?.length === 0).map(([route]) => route);
  expect(open.sort()).toEqual(['GET /health/live', 'GET /health/ready']);
  const otherwise = ofApi().filter(([, { security }]) => security !== undefined);
  expect(otherwise).toEqual(ofGateways());
  for (const [route, { security }] of otherwise) {
    const ways = route.includes('introspect') ? ['bearer', 'basic', 'gateway'] : ['gateway'];
    // Gateways that are trusted need none.
    expect({ route, security }).toEqual({ route, security: [...ways.map((way) => ({ [way]: [] })), {}] });
  }
  expect(document.components.securitySchemes).toMatchObject({
    bearer: { type: 'http', scheme: 'bearer' },
    basic: { type: 'http', scheme: 'basic' },
    gateway: { type: 'apiKey', in: 'header', name: 'X-Keyledger-Token' },
  });
});

it('has the doors of verification, beside the operations', () => {
  const described = ofApi().filter(([, { tags }]) => tags.includes('Verification'));
  expect(described.map(([route]) => route).sort()).toEqual([...verificationRoutes].sort());
});

it('describes every tag that it uses, and no other', () => {
  const used = new Set([...operations.values()].flatMap(({ tags }) => tags));
  expect(document.tags.map(({ name }) => name).sort()).toEqual([...used].sort());
  for (const { name, description } of document.tags)
    expect({ name, description }).toEqual({ name, description: expect.stringMatching(/\w.*\.$/) as string });
});

it('tells the roles of each operation, in words and as data', () => {
  for (const [route, { description, 'x-roles': roles, 'x-rpc': rpc }] of ofApi()) {
    const words = Array.isArray(roles) ? roles.join(', ') : 'any';
    expect({ route, description }).toEqual({
      route,
      description: expect.stringContaining(`Roles: ${words}`) as string,
    });
    if (rpc !== undefined) expect(description).toContain(`\`${rpc}\``);
  }
  expect(ofApi().filter(([, { 'x-rpc': rpc }]) => rpc === undefined)).toEqual(ofGateways());
  // Only a role that can be held for all accounts opens the trail of all accounts.
  expect(operations.get('GET /v1/audit')?.['x-roles']).toEqual(['operator', 'auditor']);
});

it('is the document in the contract, which is made of what the slices declare', async () => {
  const { stdout } = await launchTool('openapi', [], {}).exit;
  const kept = await readFile(new URL('../../../../libs/contract/openapi.json', import.meta.url), 'utf8');
  if (stdout !== kept) throw new Error('libs/contract/openapi.json is not what the slices declare: npm run openapi');
  expect(document).toEqual(JSON.parse(kept));
});

it('writes each refusal once, with its codes, whichever operations have it', () => {
  const { responses } = document.components;
  const used = new Set<string>();
  for (const [route, operation] of ofApi()) {
    for (const [status, response] of Object.entries(operation.responses)) {
      if (/^2/.test(status)) continue;
      used.add(response.$ref ?? route);
      const { description } = status === 'default' ? { description: '`' } : responseOf(document, route, Number(status));
      expect({ route, status, description }).toMatchObject({ description: expect.stringContaining('`') as string });
    }
  }
  expect([...used].sort()).toEqual(
    Object.keys(responses)
      .map((name) => `#/components/responses/${name}`)
      .sort(),
  );
});

const refsIn = (node: unknown): readonly string[] =>
  [...JSON.stringify(node ?? {}).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name = '']) => name);

/** The schemas that `node` refers to, by other schemas as well. */
const schemasFrom = (node: unknown): readonly string[] => {
  const names = new Set(refsIn(node));
  for (const name of names) for (const next of refsIn(document.components.schemas[name])) names.add(next);
  return [...names];
};

it('says that requests take no other fields, and leaves replies open', () => {
  const ofRequests = schemasFrom(ofApi().map(([, { requestBody }]) => requestBody));
  const ofReplies = schemasFrom(ofApi().map(([, { responses }]) => responses));
  expect(ofRequests.length).toBeGreaterThan(10);
  const isClosed = (name: string): boolean => document.components.schemas[name]?.['additionalProperties'] === false;
  // Of a form, what is not known counts for nothing (RFC 6749, 3.1).
  expect(ofRequests.filter((name) => !isClosed(name))).toEqual(['IntrospectInput']);
  expect(ofReplies.filter(isClosed)).toEqual([]);
});

it('has null among the types and the values of what may be null, and no type where any JSON may be', () => {
  const { Credential, FieldChange, RegisterApplicationInput } = document.components.schemas;
  expect(Credential?.['properties']).toMatchObject({
    mode: { type: ['string', 'null'], enum: ['test', 'live', null] },
    name: { type: ['string', 'null'] },
    revision: { type: 'integer' },
  });
  expect(RegisterApplicationInput?.['properties']).toMatchObject({
    generateKeys: { anyOf: [{ $ref: '#/components/schemas/GenerateKeysInput' }, { type: 'null' }] },
  });
  for (const value of ['from', 'to']) {
    const schema = (FieldChange?.['properties'] as Record<string, object>)[value];
    expect(Object.keys(schema ?? {})).toEqual(['description']);
  }
});

it.each([
  ['GET /v1/accounts/{accountId}/credentials', 'status', ['active', 'suspended', 'revoked', 'expired']],
  ['GET /v1/accounts/{accountId}/credentials', 'mode', ['test', 'live']],
  ['GET /v1/accounts', 'sort', ['-createdAt', 'createdAt', 'name', '-name']],
] as const)('%s: the words of %s are an enum', (route, parameter, words) => {
  const schema = operations.get(route)?.parameters?.find(({ name }) => name === parameter)?.schema;
  expect(schema).toMatchObject({ type: 'string', enum: words });
});

it.each(['GET /v1/audit', 'GET /v1/accounts/{accountId}/audit'])('%s: actions may be given several times', (route) => {
  const { AuditItem } = document.components.schemas;
  const { enum: actions } = (AuditItem?.['properties'] as Record<string, { enum: string[] }>)['action'] ?? {};
  for (const name of ['action', 'excludeAction']) {
    const parameter = operations.get(route)?.parameters?.find((one) => one.name === name);
    expect(parameter).toMatchObject({
      required: false,
      schema: { type: 'array', items: { type: 'string', enum: actions }, maxItems: actions?.length },
    });
  }
});

it('names the headers of requests where they count', () => {
  const withHeader = (header: string): string[] =>
    ofApi()
      .filter(([, { parameters = [] }]) => parameters.some((one) => one.in === 'header' && one.name === header))
      .map(([, { operationId }]) => operationId);
  expect(withHeader('Idempotency-Key').sort()).toEqual([
    ...['CreateCredential', 'EnableApiAccess', 'RefreshAuthToken', 'RegisterAccount'],
    ...['RegisterApplication', 'RegisterEndpoint', 'RotateCredential', 'SendMessage'],
  ]);
  expect(withHeader('X-Correlation-Id')).toHaveLength(ofApi().length);
  const conditional = withHeader('If-Match');
  const creates = ['CreateCredential', 'RegisterAccount', 'RegisterApplication', 'RegisterEndpoint', 'SendMessage'];
  // They ask, or send again what is there: no resource of theirs has a revision.
  const others = ['Sign', 'VerifySignature', 'TestEndpoint', 'RecoverEndpoint', 'ResendMessage'];
  const writes = ofApi().filter(([route]) => !route.startsWith('GET ') && !verificationRoutes.includes(route));
  expect(conditional).toHaveLength(writes.length - creates.length - others.length);
  for (const name of [...creates, ...others]) expect(conditional).not.toContain(name);
});

const shownId = /"(accountId|applicationId|credentialId|endpointId)":"(\w+-[\w-]+)"/g;

/** In an order in which each example can be done; the ids are those that replies have shown. */
const order = [
  ...['ReplaceApiEndpoints', 'RegisterAccount', 'UpdateAccount', 'SetPlan', 'RegisterApplication'],
  ...['UpdateApplication', 'SetApplicationEndpoints', 'EnableApiAccess', 'SetIpAllowlist', 'CreateCredential'],
  ...['RegisterEndpoint', 'RecoverEndpoint', 'UpdateEndpoint', 'SendMessage', 'Sign', 'VerifySignature'],
  ...['UpdateCredential', 'RotateCredential', 'RevokeCredential', 'Verify', 'VerifyBatch', 'Introspect'],
];

/** What the document shows to be sent to the operation of this id, with the ids of `known` in its path. */
const pasted = (operationId: string, known: Readonly<Record<string, string>>) => {
  const [route = '', operation] = ofApi().find(([, one]) => one.operationId === operationId) ?? [];
  const [method = '', path = ''] = route.split(' ');
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => known[name] ?? '');
  return { method, path: filled, ...(operation === undefined ? {} : bodyOf(operation)) };
};

const FORM = 'application/x-www-form-urlencoded';

const exampleOf = ({ requestBody }: DocumentedOperation): object | undefined =>
  Object.values(requestBody?.content ?? {})[0]?.examples?.['accepted']?.value;

/** As its media type writes it. */
const bodyOf = (operation: DocumentedOperation) => {
  const mediaType = Object.keys(operation.requestBody?.content ?? {})[0] ?? '';
  const example = exampleOf(operation);
  const isForm = mediaType === FORM;
  const body = isForm ? new URLSearchParams(Object.entries(example ?? {})).toString() : JSON.stringify(example);
  return { headers: { 'content-type': mediaType }, body };
};

const createSigner = (accountId: string) =>
  visit.http.post(`/v1/accounts/${accountId}/credentials`, { type: 'api_secret' }, { token });

it('has examples that are accepted as they stand', async () => {
  const withExample = ofApi().filter(([, operation]) => exampleOf(operation) !== undefined);
  const forgotten = withExample.map(([, { operationId }]) => operationId).filter((id) => !order.includes(id));
  expect(forgotten).toEqual([]);
  const ids: Record<string, string> = {};
  for (const operationId of order) {
    // No example creates one, and the endpoint of the example needs a signer.
    if (operationId === 'RegisterEndpoint') await createSigner(ids['accountId'] ?? '');
    const { status, text } = await visit.http.raw({ ...pasted(operationId, ids), token });
    expect({ operationId, refusal: status < 300 ? '' : text }).toEqual({ operationId, refusal: '' });
    for (const [, name = '', id = ''] of text.matchAll(shownId)) {
      ids[name] = id;
    }
  }
});
