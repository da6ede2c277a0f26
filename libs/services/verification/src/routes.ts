import {
  Answer,
  bearer,
  callerOf,
  Problem,
  tokenHeader,
  type Arrival,
  type HttpRoute,
  type TokenSource,
} from '@keyledger/edge';
import type { FastifyRequest } from 'fastify';
import { requireOneOf } from './caller.js';
import { ofBatch, ofForwardAuth, ofIntrospection, ofVerify } from './documentation.js';
import { refusalOf, verdictHeaders } from './gateway-answer.js';
import { basicText, malformed, presentHeaders, presentText } from './presented.js';
import { readBatch, readVerifyInput } from './verify-request.js';
import { verdictBody } from './verdict-body.js';
import { explainers, verifiers, type Explained, type Said, type Verification } from './verification.js';

const answerOf = (body: object, said: Said | undefined): object => {
  const position = said?.position ?? null;
  return position === null ? body : new Answer(body, position);
};

const verdictAnswer = (said: Said): object => answerOf(verdictBody(said), said);

const explainedAnswer = (said: Explained): object => answerOf({ ...verdictBody(said), rules: said.rules }, said);

const verifyRoute = (verification: Verification): HttpRoute => ({
  method: 'POST',
  path: '/v1/verify',
  access: { allow: [...new Set([...verifiers, ...explainers])] },
  documentation: ofVerify,
  answer: (body, arrival) => {
    const caller = callerOf(arrival);
    const input = readVerifyInput(body);
    requireOneOf(caller, input.explain ? explainers : verifiers);
    if (input.explain) return verification.explain(input, caller).then(explainedAnswer);
    const said = verification.verify(input, caller);
    return said instanceof Promise ? said.then(verdictAnswer) : verdictAnswer(said);
  },
});

/** Room for 1,000 requests with all that one usually has. */
const BATCH_BYTES = 1024 * 1024;

const batchRoute = (verification: Verification): HttpRoute => ({
  method: 'POST',
  path: '/v1/verify/batch',
  access: { allow: verifiers },
  documentation: ofBatch,
  bodyLimit: BATCH_BYTES,
  handle: async ({ body }, _, arrival) => {
    const caller = callerOf(arrival);
    const items = await verification.verifyAll(readBatch(body), caller);
    return answerOf({ items: items.map(verdictBody) }, items.at(-1));
  },
});

const gatewayToken = tokenHeader('x-keyledger-token');

/** The client's own: `Authorization` may come only once, and is cut down to its first by others. */
const presentedIn = ({ raw }: FastifyRequest, { header }: Arrival) =>
  (raw.headersDistinct['authorization'] ?? []).length > 1 ? malformed : presentHeaders(header);

/** None where a header came several times: who stands behind the gateway may go by another one than we would. */
const onlyOne = (values: readonly string[] | undefined): string => (values?.length === 1 ? (values[0] ?? '') : '');

/** Half of what is called is no endpoint. Null: nothing is said of it. */
const forwardedCall = ({ raw: { headersDistinct } }: FastifyRequest) => {
  const [methods, paths] = [headersDistinct['x-forwarded-method'], headersDistinct['x-forwarded-uri']];
  return methods === undefined && paths === undefined ? null : { method: onlyOne(methods), path: onlyOne(paths) };
};

const forwardAuthRoute = (verification: Verification): HttpRoute => ({
  method: 'ANY',
  path: '/v1/forward-auth',
  access: { allow: verifiers, token: gatewayToken, trustsGateways: true, relaysHeaders: true },
  documentation: ofForwardAuth,
  bodies: 'ignored',
  // Gateways that add the query of their client's request to the address of this route, as Envoy does.
  query: 'ignored',
  handle: async (request, reply, arrival) => {
    const asked = { ...verification.endClientOf(arrival), endpoint: forwardedCall(request), scopes: [] };
    const presented = presentedIn(request, arrival);
    const said = await verification.verify({ ...asked, minPosition: null, presented }, callerOf(arrival));
    const refusal = refusalOf(said);
    if (refusal !== undefined) throw refusal;
    void reply.headers(verdictHeaders(said));
    return answerOf({ code: said.code }, said);
  },
});

const percentDecoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
};

/** Any user name, and the token as the password, both percent-encoded (RFC 6749, 2.3.1; RFC 7617). */
const basicPassword = (authorization: string | undefined): string | undefined => {
  const [, encoded = ''] = /^Basic +(\S+) *$/i.exec(authorization ?? '') ?? [];
  const text = basicText(encoded) ?? '';
  return text.includes(':') ? percentDecoded(text.slice(text.indexOf(':') + 1)) : undefined;
};

/** How a resource server authenticates: as gateways do, by Bearer, or by Basic. */
const clientAuthentication: TokenSource = {
  read: (header) => gatewayToken.read(header) ?? basicPassword(header('authorization')) ?? bearer.read(header),
  missing: () =>
    new Problem('unauthenticated', 'Send a verifier token as Bearer token, or as the password of Basic.', [], {
      'WWW-Authenticate': 'Bearer realm="keyledger", Basic realm="keyledger"',
    }),
};

/** An endpoint by its id, or as `GET /path`. */
const endpointIn = (text: string | null) => {
  const space = text?.indexOf(' ') ?? -1;
  return text === null || space < 0 ? text : { method: text.slice(0, space), path: text.slice(space + 1) };
};

const introspectionOf = ({ facts, code }: Said): object => {
  if (code !== 'VALID' || facts === null) return { active: false };
  const { scopes, expiresAt, accountId, applicationId, credentialId, version, type, mode, environment } = facts;
  return {
    active: true,
    ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
    ...(expiresAt === null ? {} : { exp: Math.floor(Date.parse(expiresAt) / 1000) }),
    client_id: credentialId,
    sub: accountId,
    account_id: accountId,
    ...(applicationId === null ? {} : { application_id: applicationId }),
    credential_id: credentialId,
    version,
    type,
    ...(mode === null ? {} : { mode }),
    ...(environment === null ? {} : { environment }),
  };
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

const readForm = (body: Buffer): URLSearchParams => {
  try {
    const form = utf8.decode(body);
    // URLSearchParams makes something of what cannot be decoded.
    decodeURIComponent(form);
    return new URLSearchParams(form);
  } catch {
    throw new Problem('malformed-request', 'The body is not a form in percent-encoded UTF-8.');
  }
};

/** The one value of a parameter; null where it is left out (RFC 6749, 3.1: none may come twice). */
const parameter = (form: URLSearchParams, name: string): string | null => {
  const values = form.getAll(name);
  if (values.length > 1) throw new Problem('invalid-request', `${name} must be there once`);
  return values[0] ?? null;
};

const introspectionRoute = (verification: Verification): HttpRoute => ({
  method: 'POST',
  path: '/oauth2/introspect',
  access: { allow: verifiers, token: clientAuthentication, trustsGateways: true },
  documentation: ofIntrospection,
  bodies: { 'application/x-www-form-urlencoded': readForm },
  handle: async ({ body }, _, arrival) => {
    const form = body instanceof URLSearchParams ? body : new URLSearchParams();
    const token = parameter(form, 'token');
    if (token === null)
      throw new Problem('invalid-request', 'token must be there', [{ field: 'token', message: 'must be there' }]);
    const endpoint = endpointIn(parameter(form, 'endpoint'));
    const asked = { ip: parameter(form, 'ip'), endpoint, scopes: [], minPosition: null };
    const said = await verification.verify({ ...asked, presented: presentText(token) }, callerOf(arrival));
    if (said.code === 'STALE') throw refusalOf(said) ?? new Error('A stale verdict is a refusal.');
    return answerOf(introspectionOf(said), said);
  },
});

/** The doors over HTTP, straight on the server: past the pipes and guards of operations. */
export const verificationRoutes = (verification: Verification): readonly HttpRoute[] => [
  verifyRoute(verification),
  batchRoute(verification),
  forwardAuthRoute(verification),
  introspectionRoute(verification),
];
