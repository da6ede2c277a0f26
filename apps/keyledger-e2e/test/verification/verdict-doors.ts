import {
  credentials,
  loadPackageDefinition,
  Metadata,
  type Client,
  type ClientDuplexStream,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoFiles, protoRoot } from '@keyledger/contract/protos';
import { checkAnswer } from '../harness/documented.js';
import type { HttpClient, Json } from '../harness/http-client.js';
import type { ServerAddress } from '../harness/shared-server-address.js';
import { factsIn, headersFor, textOf, type Ask, type Asked, type Verdict } from './asked.js';
import { ExtAuthzClient } from './ext-authz-client.js';

export interface VerdictDoor {
  readonly name: string;
  readonly ask: Ask;
}

const verdictIn = (body: Json): Verdict => {
  const { code, valid } = body as { code: string; valid: boolean };
  if (valid !== (code === 'VALID')) throw new Error(`It says valid: ${valid}, and ${code}.`);
  return { code, facts: factsIn(body) };
};

const jsonOf = ({ shown, ...rest }: Asked): Json => ({ ...shown, ...rest });

const httpDoors = (http: HttpClient, token: string): VerdictDoor[] => {
  const post = async (path: string, body: Json): Promise<Json> => {
    const answer = await http.post(path, body, { token });
    await checkAnswer(http, `POST ${path}`, answer);
    const { status, text, body: said } = answer;
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return said;
  };
  return [
    { name: 'POST /v1/verify', ask: async (asked) => verdictIn(await post('/v1/verify', jsonOf(asked))) },
    {
      name: 'POST /v1/verify/batch',
      ask: async (asked) => {
        const other = { credential: 'something else' };
        const { items } = await post('/v1/verify/batch', { items: [other, jsonOf(asked), other] });
        return verdictIn((items as Json[])[1] ?? {});
      },
    },
  ];
};

/** Where the status of a gateway's answer does not fit the code beside it, the test must not go on. */
const requireStatus = (status: number, code: string | undefined): string => {
  const forbidden = ['IP_NOT_ALLOWED', 'ENDPOINT_NOT_CONNECTED', 'INSUFFICIENT_SCOPE'];
  const fitting = code === 'VALID' ? 200 : forbidden.includes(code ?? '') ? 403 : 401;
  if (code === undefined || status !== fitting) throw new Error(`A gateway is told ${status} with ${code}.`);
  return code;
};

const factsOfHeaders = (header: (name: string) => string | null | undefined): Verdict['facts'] => {
  const said = (name: string): string | null => header(`x-keyledger-${name}`) ?? null;
  return factsIn({
    ...{ accountId: said('account-id'), applicationId: said('application-id'), credentialId: said('credential-id') },
    ...{ version: Number(said('version')), type: said('type'), mode: said('mode'), environment: said('environment') },
    scopes: said('scopes')?.split(' ') ?? [],
  });
};

const byCall = ({ endpoint, scopes }: Asked): boolean => typeof endpoint !== 'string' && scopes === undefined;

const forwardAuthDoor = (http: HttpClient, token: string): VerdictDoor => ({
  name: 'ANY /v1/forward-auth',
  ask: async (asked) => {
    const shown = headersFor(asked.shown);
    if (shown === undefined || !byCall(asked) || typeof asked.endpoint === 'string') return undefined;
    const { ip = '192.0.2.1', endpoint } = asked;
    const call = endpoint && { 'x-forwarded-method': endpoint.method, 'x-forwarded-uri': endpoint.path };
    const headers = { 'x-keyledger-token': token, 'x-forwarded-for': ip, ...shown, ...call };
    const answer = await http.raw({ method: 'GET', path: '/v1/forward-auth', headers });
    await checkAnswer(http, 'GET /v1/forward-auth', answer);
    const { status, headers: said } = answer;
    const code = requireStatus(status, said.get('x-keyledger-code') ?? undefined);
    return { code, facts: factsOfHeaders((name) => said.get(name)) };
  },
});

const endpointText = (endpoint: Asked['endpoint']): Record<string, string> => {
  if (endpoint === undefined) return {};
  return { endpoint: typeof endpoint === 'string' ? endpoint : `${endpoint.method} ${endpoint.path}` };
};

/** Tells valid from not, and no more. */
const introspectionDoor = (http: HttpClient, token: string): VerdictDoor => ({
  name: 'POST /oauth2/introspect',
  ask: async ({ shown, ip, endpoint, scopes }) => {
    // A text names no fields, so that it cannot have the parts in those of another type.
    const text = `${shown.sharedKey}`.startsWith('kci_') ? undefined : textOf(shown);
    if (text === undefined || scopes !== undefined) return undefined;
    const form = new URLSearchParams({ token: text, ...(ip === undefined ? {} : { ip }), ...endpointText(endpoint) });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const sent = { method: 'POST', path: '/oauth2/introspect', token, headers, body: form.toString() };
    const answer = await http.raw(sent);
    await checkAnswer(http, 'POST /oauth2/introspect', answer);
    const { status, body } = answer;
    if (status !== 200) throw new Error(`${status}`);
    if (body['active'] !== true) return { code: JSON.stringify(body), facts: null };
    const { account_id: accountId, application_id: applicationId, credential_id: credentialId, scope } = body;
    const scopes_ = typeof scope === 'string' ? scope.split(' ') : [];
    return { code: 'VALID', facts: factsIn({ ...body, accountId, applicationId, credentialId, scopes: scopes_ }) };
  },
});

const extAuthzDoor = (client: ExtAuthzClient): VerdictDoor => ({
  name: 'envoy.service.auth.v3.Authorization/Check',
  ask: async (asked) => {
    const { shown, ip, endpoint } = asked;
    const headers = headersFor(shown);
    // Envoy always names what is called.
    if (headers === undefined || !byCall(asked) || typeof endpoint !== 'object') return undefined;
    const { httpStatus, headers: said } = await client.check({ headers, from: ip ?? null, ...endpoint });
    const code = requireStatus(httpStatus, said['x-keyledger-code']);
    return { code, facts: factsOfHeaders((name) => said[name]) };
  },
});

type Callback = (error: ServiceError | null, reply: Json) => void;

interface VerificationClient extends Client {
  verify(message: Json, metadata: Metadata, done: Callback): void;
  verifyBatch(message: Json, metadata: Metadata, done: Callback): void;
  verifyStream(metadata: Metadata): ClientDuplexStream<Json, Json>;
}

/** The generated client of the published protos, as anybody would make it, with a connection of its own. */
export const verificationClient = (address: string): VerificationClient => {
  const options = { includeDirs: [protoRoot], longs: Number, arrays: true, defaults: false };
  const loaded = loadPackageDefinition(loadSync([...protoFiles], options)) as never as {
    keyledger: { v1: { VerificationService: new (...args: readonly unknown[]) => VerificationClient } };
  };
  const own = { 'grpc.use_local_subchannel_pool': 1 };
  return new loaded.keyledger.v1.VerificationService(address, credentials.createInsecure(), own);
};

export const metadataWith = (token: string): Metadata => {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  return metadata;
};

export const messageOf = ({ shown, endpoint, ...rest }: Asked): Json => ({
  ...shown,
  ...rest,
  ...(typeof endpoint === 'string' ? { endpointId: endpoint } : { endpoint }),
});

const replyTo = (call: (done: Callback) => void): Promise<Json> =>
  new Promise((resolve, reject) => call((error, reply) => (error === null ? resolve(reply) : reject(error))));

const replyVerdict = (reply: Json): Verdict => verdictIn({ valid: false, ...reply });

const grpcDoors = (client: VerificationClient, token: string): VerdictDoor[] => [
  {
    name: 'VerificationService/Verify',
    ask: async (asked) =>
      replyVerdict(await replyTo((done) => client.verify(messageOf(asked), metadataWith(token), done))),
  },
  {
    name: 'VerificationService/VerifyBatch',
    ask: async (asked) => {
      const items = [{}, messageOf(asked), {}];
      const reply = await replyTo((done) => client.verifyBatch({ items }, metadataWith(token), done));
      return replyVerdict((reply['items'] as Json[])[1] ?? {});
    },
  },
  {
    name: 'VerificationService/VerifyStream',
    ask: async (asked) => {
      const stream = client.verifyStream(metadataWith(token));
      for (const message of [{}, messageOf(asked), {}]) stream.write(message);
      stream.end();
      const replies: Json[] = [];
      for await (const reply of stream) replies.push(reply as Json);
      return replyVerdict(replies[1] ?? {});
    },
  },
];

/** Every way to ask for a verdict, on one server, with the token of a verifier. */
export class VerdictDoors {
  readonly all: readonly VerdictDoor[];
  private readonly client: VerificationClient;
  private readonly envoy: ExtAuthzClient;

  constructor({ grpcAddress }: ServerAddress, http: HttpClient, token: string) {
    this.client = verificationClient(grpcAddress);
    this.envoy = new ExtAuthzClient(grpcAddress, token);
    this.all = [
      ...httpDoors(http, token),
      ...grpcDoors(this.client, token),
      forwardAuthDoor(http, token),
      introspectionDoor(http, token),
      extAuthzDoor(this.envoy),
    ];
  }

  close(): void {
    this.client.close();
    this.envoy.close();
  }
}
