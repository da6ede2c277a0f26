import { once } from 'node:events';
import type { AuditItem, Credential, IssuedCredentialReply, Page, Problem } from '@keyledger/contract';
import type { Door } from '../harness/doors.js';
import { eventually } from '../harness/eventually.js';
import { HttpClient } from '../harness/http-client.js';
import { Journey } from '../harness/journey.js';
import type { KeyledgerProcess } from '../harness/keyledger-process.js';
import { farFuture } from '../harness/positions.js';
import { jsonLines } from '../harness/program.js';
import { eventsOfAccount, readLog } from '../harness/read-log.js';
import { feedRoute, routes, verificationRoutes } from '../harness/routes.js';
import { everythingFrom, getRequest, openSocket } from '../harness/sockets.js';
import { Canaries } from '../secrecy/canaries.js';
import { SecretIssuer } from '../secrecy/issue-secrets.js';
import { frontDoor, serviceOf } from './front-door.js';
import { healthOf, Installation, MASTER_KEY, untilReady, type ServiceName } from './installation.js';

const LOUD = { KEYLEDGER_LOG_LEVEL: 'trace' };
const METRICS_TOKEN = 'canary-metrics-token-9876543210';

let installation: Installation;
let command: KeyledgerProcess;
let webhooks: KeyledgerProcess;
/** Two instances of each service that follows the log. */
let followers: Readonly<Record<'listing' | 'audit', [KeyledgerProcess, KeyledgerProcess]>>;

const services = (): readonly KeyledgerProcess[] => [command, ...followers.listing, ...followers.audit];

/** The readers are there before the writer, and whoever comes first creates the log and its own tables. */
beforeAll(async () => {
  installation = await Installation.create();
  const start = (name: ServiceName) => installation.start(name, { ...LOUD, KEYLEDGER_METRICS_TOKEN: METRICS_TOKEN });
  const firstAudit = await start('audit-service');
  const [secondAudit, firstListing, secondListing] = await Promise.all([
    start('audit-service'),
    start('listing-service'),
    start('listing-service'),
  ]);
  followers = { audit: [firstAudit, secondAudit], listing: [firstListing, secondListing] };
  [command, webhooks] = await Promise.all([start('command-service'), start('webhook-service')]);
});

afterAll(() => installation.remove());

/** A gateway over HTTP and one over gRPC, before the first or the second instance of each follower. */
const frontDoors = (instance: 0 | 1): readonly [Door, Door] => {
  const doors = [command, followers.listing[instance], followers.audit[instance], webhooks].map((one) =>
    installation.doorsOf(one),
  );
  const through = (way: 0 | 1): Door => {
    const [ofCommand, ofListing, ofAudit, ofWebhooks] = doors.map((both) => both[way]) as [Door, Door, Door, Door];
    return frontDoor({
      'command-service': ofCommand,
      'listing-service': ofListing,
      'audit-service': ofAudit,
      'webhook-service': ofWebhooks,
    });
  };
  return [through(0), through(1)];
};

const stateOf = async (part: 'listing' | 'audit', server: KeyledgerProcess): Promise<unknown> =>
  (await healthOf(server)).body.details[part]?.['state'];

const positionOf = async ({ httpUrl }: KeyledgerProcess): Promise<string> => {
  const { token } = installation;
  return (await new HttpClient(httpUrl).get<{ position: string }>('/v1/position', { token })).body.position;
};

/** The instance that keeps a read model and the one that stands by, once it is so. */
const rolesIn = (part: 'listing' | 'audit') =>
  eventually(async () => {
    const [first, second] = followers[part];
    const seen = await Promise.all([stateOf(part, first), stateOf(part, second)]);
    if (seen.join() === 'live,standby') return { answer: { active: first, standby: second }, seen };
    return seen.join() === 'standby,live' ? { answer: { active: second, standby: first }, seen } : { seen };
  });

const oneOfEach = (): readonly KeyledgerProcess[] => [command, followers.listing[0], followers.audit[0], webhooks];

const textsOf = (path: string): Promise<readonly string[]> =>
  Promise.all(oneOfEach().map(async ({ httpUrl }) => (await new HttpClient(httpUrl).get(path)).text));

it('describes all public events at each of them, in the same words', async () => {
  const texts = await textsOf('/asyncapi.json');
  expect(new Set(texts).size).toBe(1);
  expect(JSON.parse(texts[0] ?? '')).toMatchObject({ asyncapi: '3.0.0' });
});

it('describes the whole API at each of them, in the same words', async () => {
  const texts = await textsOf('/openapi.json');
  expect(new Set(texts).size).toBe(1);
  const { paths } = JSON.parse(texts[0] ?? '') as { paths: Record<string, object> };
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described).toEqual(expect.arrayContaining([...Object.values(routes), feedRoute, ...verificationRoutes]));
});

it('tells who asks the wrong one that there are others', async () => {
  for (const server of oneOfEach()) {
    const { body } = await new HttpClient(server.httpUrl).get<Problem>('/none', {});
    expect(body.detail).toBe(
      'There is no such route. The API is described at /docs. ' +
        `This is the ${server.app}: other services have the other routes.`,
    );
  }
});

it('serves every operation of the API at exactly one of them', async () => {
  const { token } = installation;
  // Of accounts that are not there, and without what writes need: nothing is done.
  const serves = async ({ httpUrl }: KeyledgerProcess, route: string): Promise<boolean> => {
    const [method = '', path = ''] = route.replace(/\{\w+\}/g, 'absent').split(' ');
    const { status, body } = await new HttpClient(httpUrl).send<Problem>(method, path, undefined, { token });
    return status !== 405 && !body.detail?.startsWith('There is no such route.');
  };
  const served = await Promise.all(
    Object.entries(routes).map(async ([rpc, route]) => {
      const each = await Promise.all(
        oneOfEach().map(async (server) => ((await serves(server, route)) ? server.app : [])),
      );
      return { rpc, by: each.flat() };
    }),
  );
  expect(served).toEqual(Object.keys(routes).map((rpc) => ({ rpc, by: [serviceOf(rpc)] })));
});

describe.each([0, 1] as const)('through instance %s of each', (instance) => {
  it.each([0, 1] as const)('a life is written, listed and told (door %s)', async (way) => {
    const door = frontDoors(instance)[way];
    const accountId = await installation.newAccount(command);
    const journey = new Journey(door, installation.token, accountId);
    const body = { type: 'client_credentials', name: 'billing-service' };
    const { credential, secret } = await journey.does<IssuedCredentialReply>(
      ...(['CredentialService/CreateCredential', body] as const),
    );
    const { credentialId } = credential;
    expect(secret).toEqual({
      clientId: expect.stringMatching(/^kci_/) as string,
      clientSecret: expect.stringMatching(/^kcs_/) as string,
    });
    expect(await journey.credential(credentialId)).toEqual(credential);
    await journey.does('CredentialService/RotateCredential', { credentialId, overlapSeconds: 3600 });
    const rotated = await journey.credential(credentialId);
    expect(rotated.versions.map(({ state }) => state).sort()).toEqual(['current', 'overlap']);
    await journey.does('CredentialService/RevokeCredential', { credentialId, reason: 'No longer needed' });
    expect((await journey.credentials()).map(({ status }) => status)).toEqual(['revoked']);
    const trail = (await journey.trail()).map(({ action }) => action);
    expect(trail).toEqual([...['AccountRegistered', 'CredentialCreated', 'CredentialRotated', 'CredentialRevoked']]);
    const stored = eventsOfAccount(await readLog(installation.settings), accountId);
    expect(stored.map(({ type, revision }) => `${revision} ${type}`)).toEqual(
      ['AccountRegistered', 'CredentialCreated', 'CredentialRotated', 'CredentialRevoked'].map(
        (action, revision) => `${revision} ${action}`,
      ),
    );
  });
});

it('is alive and ready everywhere, with one instance of each follower at work and one standing by', async () => {
  for (const server of services()) {
    expect((await healthOf(server, 'live')).status).toBe(200);
    const { details } = await untilReady(server);
    for (const part of ['log', 'database']) expect(details[part]).toMatchObject({ status: 'up' });
  }
  await rolesIn('listing');
  await rolesIn('audit');
});

it('measures each process for itself', async () => {
  for (const { app, httpUrl } of services()) {
    const { status, text } = await new HttpClient(httpUrl).get('/metrics', { token: METRICS_TOKEN });
    expect({ app, status }).toEqual({ app, status: 200 });
    for (const name of ['keyledger_requests_total{', 'process_cpu_seconds_total', 'keyledger_part_up{part="log"} 1'])
      expect({ app, tells: name, told: text.includes(name) }).toEqual({ app, tells: name, told: true });
  }
  for (const part of ['listing', 'audit'] as const) {
    const { active, standby } = await rolesIn(part);
    const of = async ({ httpUrl }: KeyledgerProcess) =>
      (await new HttpClient(httpUrl).get('/metrics', { token: METRICS_TOKEN })).text;
    expect(await of(active)).toMatch(new RegExp(`^keyledger_${part}_age_seconds [0-9.e-]+$`, 'm'));
    expect(await of(standby)).toMatch(new RegExp(`^keyledger_${part}_age_seconds Nan$`, 'm'));
    expect(await of(standby)).toContain(`keyledger_${part}_state{state="standby"} 1`);
  }
});

it.each(['listing', 'audit'] as const)('lets the standby of %s take over from a killed one', async (part) => {
  const { active, standby } = await rolesIn(part);
  const accountId = await installation.newAccount(command);
  const [writer] = installation.doorsOf(command);
  const [reader] = installation.doorsOf(standby);
  const { token } = installation;
  await active.kill();
  const create = { accountId, type: 'api_key', mode: 'test' };
  const { body } = await writer.call<IssuedCredentialReply>('CredentialService/CreateCredential', create, { token });
  await eventually(async () => {
    const state = await stateOf(part, standby);
    return state === 'live' ? { answer: state, seen: state } : { seen: state };
  });
  const rpc = part === 'listing' ? 'CredentialService/ListCredentials' : 'AuditService/ListAuditEvents';
  const read = await reader.call<Page<Credential & AuditItem>>(
    rpc,
    { accountId },
    { token, minPosition: body.position },
  );
  expect(read.code).toBe('OK');
  const listed = read.body.items.filter(({ credentialId }) => credentialId !== null);
  expect(listed.map(({ credentialId }) => credentialId)).toEqual([body.credential.credentialId]);
  await active.start();
  await untilReady(active);
  expect((await rolesIn(part)).active).toBe(standby);
});

it.each([
  ['listing-service', '/v1/accounts'],
  ['audit-service', '/v1/audit'],
] as const)('lets the %s finish what is under way when it is told to stop', async (name, path) => {
  const [server] = followers[name === 'listing-service' ? 'listing' : 'audit'];
  const { token } = installation;
  const position = await positionOf(followers.listing[1]);
  // A position that does not come: the service waits for it as long as it ever does.
  const asked = getRequest(`${path}?minPosition=${farFuture(position)}`, token);
  const socket = await openSocket(new URL(server.httpUrl).port, asked);
  // Once this is answered, the server has seen what was sent before it.
  await healthOf(server, 'live');
  const [answer, { code, stdout, stderr }] = await Promise.all([everythingFrom(socket), server.stop()]);
  expect(answer).toContain('"code":"position-not-reached"');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(jsonLines(stdout).map(({ msg }) => msg)).toContainEqual(expect.stringMatching(/^Stopping: /));
  await server.start();
  await untilReady(server);
});

it('lets the command-service answer every write that has reached it when it is told to stop', async () => {
  const accountId = await installation.newAccount(command);
  const before = await readLog(installation.settings);
  const { port } = new URL(command.httpUrl);
  const body = JSON.stringify({ type: 'api_key', mode: 'test' });
  const write =
    `POST /v1/accounts/${accountId}/credentials HTTP/1.1\r\nhost: x\r\n` +
    `authorization: Bearer ${installation.token}\r\ncontent-type: application/json\r\n` +
    `content-length: ${body.length}\r\n\r\n${body}`;
  const sockets = await Promise.all(Array.from({ length: 20 }, () => openSocket(port, write)));
  const answers = sockets.map(everythingFrom);
  await Promise.race(sockets.map((socket) => once(socket, 'data')));
  const { code, stderr } = await command.stop();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  // A connection that was closed without an answer has brought nothing about.
  const statuses = (await Promise.all(answers)).map((answer) => /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'none');
  expect(statuses.filter((status) => !['201', '503', 'none'].includes(status))).toEqual([]);
  const written = (await readLog(installation.settings)).slice(before.length);
  expect(eventsOfAccount(written, accountId)).toHaveLength(statuses.filter((status) => status === '201').length);
  await command.start();
  await untilReady(command);
});

it('says what it does in lines of JSON with the ids of each request, and tells no secret', async () => {
  const canaries = new Canaries();
  const [door] = frontDoors(0);
  const accountId = await installation.newAccount(command);
  await new SecretIssuer(door, canaries, installation.token, accountId).issueAll();
  for (const secret of [installation.token, MASTER_KEY, METRICS_TOKEN]) canaries.add(secret);
  expect(canaries.count).toBeGreaterThan(10);

  const correlationId = `from-the-suite-${accountId}`;
  const options = { token: installation.token, headers: { 'x-correlation-id': correlationId } };
  const requests = [
    [command, 'POST', `/v1/accounts/${accountId}/suspend`],
    [followers.listing[0], 'GET', `/v1/accounts/${accountId}`],
    [followers.audit[0], 'GET', `/v1/accounts/${accountId}/audit`],
  ] as const;
  for (const [server, method, path] of requests) {
    const reply = await new HttpClient(server.httpUrl).send(method, path, undefined, options);
    expect({ status: reply.status, correlation: reply.headers.get('x-correlation-id') }).toEqual({
      ...{ status: 200, correlation: correlationId },
    });
    const own = await eventually(async () => {
      const lines = jsonLines(server.output.stdout).filter((line) => line['correlationId'] === correlationId);
      return lines.length > 0 ? { answer: lines, seen: lines } : { seen: lines };
    });
    for (const line of own) expect(line['requestId']).toMatch(/^[0-9a-f-]{36}$/);
  }

  for (const { app, output } of services()) {
    const lines = output.stdout.trimEnd().split('\n');
    expect({ app, lines: jsonLines(output.stdout).length, stderr: output.stderr }).toEqual({
      ...{ app, lines: lines.length, stderr: '' },
    });
    expect({ app, leaks: canaries.leaksIn(output.stdout) }).toEqual({ app, leaks: [] });
  }
});
