import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { status } from '@grpc/grpc-js';
import { protoRoot } from '@keyledger/contract/protos';
import { callerOf, Problem, problemBody, tokenHeader, type Arrival, type GrpcService } from '@keyledger/edge';
import { foreignHeaders, refusalOf, verdictHeaders } from './gateway-answer.js';
import { presentHeaders } from './presented.js';
import { verifiers, type Asked, type Said, type Verification } from './verification.js';

/** As the loader makes them, and what follows: what was not sent is left out. */
interface RawHeader {
  readonly key: string;
  readonly value?: string;
  readonly rawValue?: Uint8Array;
}

interface HttpRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly headerMap?: { readonly headers: readonly RawHeader[] };
}

interface Peer {
  readonly address?: { readonly socketAddress?: { readonly address?: string } };
}

interface CheckRequest {
  readonly attributes?: { readonly source?: Peer; readonly request?: { readonly http?: HttpRequest } };
}

const textOf = ({ value = '', rawValue }: RawHeader): string =>
  rawValue === undefined || rawValue.length === 0 ? value : Buffer.from(rawValue).toString('latin1');

/** The headers of the end client by their names; what came several times is one list. */
const headersOf = ({ headers = {}, headerMap }: HttpRequest): ReadonlyMap<string, string> => {
  const all = new Map(Object.entries(headers));
  for (const header of headerMap?.headers ?? []) {
    const before = all.get(header.key);
    all.set(header.key, before === undefined ? textOf(header) : `${before}, ${textOf(header)}`);
  }
  return all;
};

/** Half of what is called is no endpoint. Null: nothing is said of it. */
const calledIn = ({ method = '', path = '' }: HttpRequest): Asked['endpoint'] =>
  method === '' && path === '' ? null : { method, path };

/** Null for an end client that has none, as behind a socket of Unix. */
const addressOf = (source: Peer | undefined): string | null => source?.address?.socketAddress?.address || null;

const askedBy = ({ attributes }: CheckRequest, http: HttpRequest, headers: ReadonlyMap<string, string>): Asked => ({
  presented: presentHeaders((name) => headers.get(name)),
  ip: addressOf(attributes?.source),
  endpoint: calledIn(http),
  scopes: [],
  minPosition: null,
});

/** Each takes the place of what the client may have sent by its name. */
const optionsOf = (headers: Readonly<Record<string, string>>): readonly object[] =>
  Object.entries(headers).map(([key, value]) => ({
    header: { key: key.toLowerCase(), value },
    append: { value: false },
  }));

const passed = (said: Said, headers: ReadonlyMap<string, string>): object => ({
  status: { code: status.OK },
  okResponse: { headers: optionsOf(verdictHeaders(said)), headersToRemove: foreignHeaders(said, headers.keys()) },
});

const codes: Readonly<Record<number, status>> = {
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  429: status.RESOURCE_EXHAUSTED,
  503: status.UNAVAILABLE,
};

const refused = (problem: Problem): object => ({
  status: { code: codes[problem.status] ?? status.PERMISSION_DENIED, message: problem.detail },
  deniedResponse: {
    status: { code: problem.status },
    headers: optionsOf({ ...problem.headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' }),
    body: JSON.stringify(problemBody(problem)),
  },
});

/** The limit on refused credentials is an answer to the end client; all else that is thrown is for the gateway. */
const toClient = (error: unknown): Problem => {
  if (error instanceof Problem && error.code === 'too-many-requests') return error;
  throw error;
};

const check = async (verification: Verification, request: CheckRequest, arrival: Arrival): Promise<object> => {
  const http = request.attributes?.request?.http ?? {};
  const headers = headersOf(http);
  try {
    const said = await verification.verify(askedBy(request, http, headers), callerOf(arrival));
    const refusal = refusalOf(said);
    return refusal === undefined ? passed(said, headers) : refused(refusal);
  } catch (error) {
    return refused(toClient(error));
  }
};

/** It lies beside `src` as well as beside `dist`. */
const protos = fileURLToPath(new URL('../proto', import.meta.url));

/** Envoy's external authorization. The token comes as metadata: the headers of the client are nobody's word here. */
export const extAuthzService = (verification: Verification): GrpcService => ({
  name: 'envoy.service.auth.v3.Authorization',
  protos: { files: [join(protos, 'envoy/service/auth/v3/external_auth.proto')], includeDirs: [protos, protoRoot] },
  access: { allow: verifiers, token: tokenHeader('x-keyledger-token'), trustsGateways: true },
  handlers: { Check: (call, arrival) => check(verification, call.request as CheckRequest, arrival) },
});
