import type { Account, IssuedCredentialReply, Page, PositionReply } from '@keyledger/contract';
import fc from 'fast-check';
import { Agent } from 'node:http';
import { callsOf } from './garbage/grpc-requests.js';
import { requestsTo, type Known } from './garbage/http-requests.js';
import { routesOf, type OpenApi, type Route } from './garbage/open-api.js';
import { checkProblem, checkRpcError } from './garbage/refusals.js';
import { operationRpcs } from './harness/grpc-client.js';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import { sendRaw } from './harness/raw-http.js';
import { routes, verificationRoutes } from './harness/routes.js';
import { Visit } from './harness/shared-server.js';

/** Some 2,000 requests in all, half of them questions where the log stands. */
const RUNS_PER_ROUTE = 30;
const RUNS_PER_RPC = 20;

let server: KeyledgerProcess;
let visit: Visit;
let token: string;
let documented: readonly Route[];
const agent = new Agent({ keepAlive: true });

beforeAll(async () => {
  server = await startKeyledger({ KEYLEDGER_LIMIT_FAILED_VERDICTS: 'off' });
  visit = new Visit(server);
  token = await visit.token();
  documented = routesOf((await visit.http.get<OpenApi>('/openapi.json')).body);
});

afterAll(async () => {
  agent.destroy();
  visit.close();
  await server.remove();
});

/** Where the log stands. Nothing but this suite writes to it. */
const head = async (): Promise<string> => {
  const { body } = await visit.http.get<PositionReply>('/v1/position', { token });
  return body.position;
};

/** A new account with one resource of each kind, because some of the garbage is well-formed enough to be done. */
const newKnown = async (): Promise<Known> => {
  const { accountId }: Account = await visit.newAccount();
  const [door] = visit.doors;
  const create = (rpc: string, fields: object) =>
    door.call<IssuedCredentialReply>(rpc, { accountId, ...fields }, { token });
  const pair = { title: 'Portal', endpointIds: [], generateKeys: { environment: 'staging' } };
  await create('ApplicationService/RegisterApplication', pair);
  await create('ApiAccessService/EnableApiAccess', {});
  const { body: issued } = await create('CredentialService/CreateCredential', { type: 'api_secret' });
  await create('CredentialService/CreateCredential', { type: 'client_credentials', name: 'billing-service' });
  await create('WebhookService/RegisterEndpoint', { url: 'https://hooks.example.com/', scheme: 'mac' });
  const list = async (rpc: string, id: string): Promise<readonly string[]> => {
    const { body } = await door.call<Page<Record<string, string>>>(rpc, { accountId }, { token });
    return body.items.map((item) => item[id] ?? '');
  };
  const applicationId = await list('ApplicationService/ListApplications', 'applicationId');
  const credentialId = await list('CredentialService/ListCredentials', 'credentialId');
  const endpointId = await list('WebhookService/ListEndpoints', 'endpointId');
  const position = await head();
  const [logId = ''] = position.split('-');
  const ids = { accountId: [accountId], applicationId, credentialId, endpointId };
  const positions = { position: [position], minPosition: [position] };
  return { ids: { ...ids, ...positions, credential: [`${issued.secret['secret']}`] }, logId, token };
};

/** Runs the property with new random input; a failure prints the seed and the smallest input that fails. */
const holdsFor = async <T>(inputs: fc.Arbitrary<T>, numRuns: number, attempt: (input: T) => Promise<boolean>) => {
  let before = await head();
  await fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      const refused = await attempt(input);
      const after = await head();
      if (refused) expect(after).toBe(before);
      before = after;
    }),
    { numRuns },
  );
};

const findRoute = (name: string): Route => {
  const found = documented.find(({ method, path }) => `${method} ${path}` === name);
  if (found === undefined) throw new Error(`${name} is not documented.`);
  return found;
};

it.each([...Object.values(routes), 'GET /v1/audit', ...verificationRoutes])(
  'refuses garbage at %s as a problem, and stores nothing of it',
  async (name) => {
    await holdsFor(requestsTo(findRoute(name), await newKnown()), RUNS_PER_ROUTE, async (request) => {
      const reply = await sendRaw(server.httpUrl, request, agent);
      const isRefused = reply.status >= 400;
      // The answer to HEAD has no body.
      if (request.method === 'HEAD') expect(reply.status).toBeLessThan(500);
      else if (isRefused) checkProblem(reply);
      // A verdict writes nothing, whatever it is.
      return isRefused || verificationRoutes.includes(name);
    });
  },
);

it.each(operationRpcs())('refuses garbage sent to %s with a reason, and stores nothing of it', async (rpc) => {
  await holdsFor(callsOf(rpc, await newKnown()), RUNS_PER_RPC, async ({ bytes, metadata }) => {
    const outcome = await visit.grpc.raw(`/keyledger.v1.${rpc}`, bytes, { token, metadata }).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (outcome !== undefined) checkRpcError(outcome.error);
    return outcome !== undefined;
  });
});
