import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { loadSync, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { PACKAGE, protoFiles, protoRoot } from '../src/protos.js';

const definition = loadSync([...protoFiles], { includeDirs: [protoRoot], longs: String, defaults: true });

/** The published services and RPCs, in the order of the routes. */
const published: Readonly<Record<string, string>> = {
  AccountService: 'RegisterAccount GetAccount ListAccounts UpdateAccount SuspendAccount ResumeAccount SetPlan',
  ApiAccessService: 'EnableApiAccess GetApiAccess DisableApiAccess RefreshAuthToken RevealAuthToken SetIpAllowlist',
  CatalogueService: 'GetApiEndpoints ReplaceApiEndpoints ListCredentialTypes',
  ApplicationService:
    'RegisterApplication GetApplication ListApplications UpdateApplication SetApplicationEndpoints DeleteApplication',
  CredentialService:
    'CreateCredential GetCredential ListCredentials GetCredentialUsage UpdateCredential AcknowledgeSecret ' +
    'SuspendCredential ResumeCredential RevokeCredential RotateCredential ChangeRotation FinishRotation ' +
    'CancelRotation GetRemoval DeleteCredential SetWebhookSigner',
  AuditService: 'ListAuditEvents',
  PositionService: 'GetPosition GetReceipt',
  VerificationService: 'Verify VerifyBatch VerifyStream',
  EventService: 'Subscribe',
  WebhookService: [
    'Sign VerifySignature RegisterEndpoint GetEndpoint ListEndpoints UpdateEndpoint DeleteEndpoint',
    'TestEndpoint RecoverEndpoint GetEndpointStatistics',
    'SendMessage GetMessage ListMessages ListAttempts ResendMessage',
  ].join(' '),
};

const isService = (entry: object): entry is ServiceDefinition => !('format' in entry) && !('serialize' in entry);

const services = Object.entries(definition).flatMap(([name, entry]) =>
  isService(entry) && name.startsWith(`${PACKAGE}.`) ? [{ name: name.slice(PACKAGE.length + 1), rpcs: entry }] : [],
);

const rpc = (service: string, name: string): MethodDefinition<object, object> => {
  const found = services.find((candidate) => candidate.name === service)?.rpcs[name];
  if (found === undefined) throw new Error(`There is no ${service}/${name}.`);
  return found;
};

const requestOverTheWire = (service: string, name: string, request: object): object => {
  const method = rpc(service, name);
  return method.requestDeserialize(method.requestSerialize(request));
};

const replyOverTheWire = (service: string, name: string, reply: object): object => {
  const method = rpc(service, name);
  return method.responseDeserialize(method.responseSerialize(reply));
};

describe('protos', () => {
  it('are listed completely, by absolute path', () => {
    const directory = join(protoRoot, 'keyledger', 'v1');
    expect([...protoFiles].sort()).toEqual(
      readdirSync(directory)
        .map((name) => join(directory, name))
        .sort(),
    );
    expect(protoFiles.every((path) => isAbsolute(path))).toBe(true);
  });

  it('define exactly the published services and RPCs', () => {
    const actual = services.map(({ name, rpcs }) => [name, Object.keys(rpcs).join(' ')]);
    expect(Object.fromEntries(actual)).toEqual(published);
  });

  it('keep apart what is absent, what is empty and what is zero', () => {
    const bare = requestOverTheWire('CredentialService', 'RotateCredential', { accountId: 'a', credentialId: 'c' });
    expect(bare).toEqual({ accountId: 'a', credentialId: 'c' });
    const full = { accountId: 'a', credentialId: 'c', overlapSeconds: 0, revision: '0' };
    expect(requestOverTheWire('CredentialService', 'RotateCredential', full)).toEqual(full);
    const plan = { accountId: 'a', tier: 'paid' };
    expect(requestOverTheWire('AccountService', 'SetPlan', plan)).not.toHaveProperty('paymentMethodOnFile');
    const withoutPayment = requestOverTheWire('AccountService', 'SetPlan', { ...plan, paymentMethodOnFile: false });
    expect(withoutPayment).toHaveProperty('paymentMethodOnFile', false);
  });

  it('carry which fields an update clears', () => {
    const request = { accountId: 'a', credentialId: 'c', updateMask: { paths: ['scopes', 'expires_at'] } };
    expect(requestOverTheWire('CredentialService', 'UpdateCredential', request)).toEqual({ ...request, scopes: [] });
  });

  it('leave out the key pair that an application was created without', () => {
    const request = { accountId: 'a', title: 'Shop', endpointIds: [] };
    expect(requestOverTheWire('ApplicationService', 'RegisterApplication', request)).toEqual(request);
    const application = { applicationId: 'p', title: 'Shop', endpoints: [], createdAt: null, revision: '7' };
    const reply = { application, secret: {}, position: 'x-1' };
    expect(replyOverTheWire('ApplicationService', 'RegisterApplication', reply)).toEqual(reply);
  });

  it('show the parts of a secret by their names', () => {
    const reply = { credential: null, secret: { clientId: 'public', clientSecret: 'hidden' }, position: 'x-1' };
    expect(replyOverTheWire('CredentialService', 'CreateCredential', reply)).toEqual(reply);
  });
});

/** A service, an RPC or a message, with the comment lines right above it. */
const declaration = /((?:^[ \t]*\/\/.*\n)*)^[ \t]*((?:service|rpc|message) (\w+).*)$/gm;

const declarations = protoFiles.flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(declaration)].map(([, comment = '', text = '', name = '']) => ({
    name,
    comment,
    text,
  })),
);

describe('the comments of the protos', () => {
  it('are there for every service, RPC and message', () => {
    expect(declarations.filter(({ comment }) => comment === '').map(({ name }) => name)).toEqual([]);
  });

  it('name the HTTP route of every RPC that has one, and the request holds each id of its path', () => {
    const rpcs = declarations.filter(({ text }) => text.startsWith('rpc '));
    const names = Object.values(published).flatMap((service) => service.split(' '));
    expect(rpcs.map(({ name }) => name).sort()).toEqual(names.sort());
    const strays = rpcs.flatMap(({ name, comment }) => {
      const route = /\/\/ HTTP: (?:GET|POST|PUT|PATCH|DELETE) (\/v1\/\S+)/.exec(comment)?.[1];
      if (route === undefined) return [`${name} has no route`];
      const service = Object.keys(published).find((key) => published[key]?.split(' ').includes(name)) ?? '';
      const ids = [...route.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
      const request = Object.fromEntries(ids.map((id) => [id, `some ${id}`]));
      const arrived = Object.entries(requestOverTheWire(service, name, request));
      return ids.filter((id) => !arrived.some(([key, value]) => key === id && value === request[id]));
    });
    expect(strays).toEqual(['VerifyStream has no route']);
  });
});
