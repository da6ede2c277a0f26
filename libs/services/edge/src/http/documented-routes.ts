import type { OpenAPIObject } from '@nestjs/swagger';
import { anyOther, correlationId, headersOf, refusal, rolesInWords, tags } from '../operation/documentation.js';
import { refusalsOfRoute } from '../operation/refusals.js';
import type { HttpRoute } from './http-door.js';
import type { OpenApi, RouteDocumentation } from './route-documentation.js';

/** A route, taken apart for the document. */
interface Documented {
  readonly route: HttpRoute;
  readonly documentation: RouteDocumentation;
}

/** All that OpenAPI knows. */
const anyMethod = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

const methodsOf = ({ method }: HttpRoute): readonly string[] =>
  method === 'ANY' ? anyMethod : [method].flat().map((one) => one.toLowerCase());

const bodiesOf = (route: HttpRoute) => ('bodies' in route ? route.bodies : undefined);

const schemaRef = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` } });

const requestBody = ({ route, documentation: { body } }: Documented): OpenApi => {
  if (body === undefined) return {};
  const mediaTypes = Object.keys(bodiesOf(route) ?? { 'application/json': true });
  const content = { ...schemaRef(body.schema), examples: { accepted: { value: body.example } } };
  return { requestBody: { required: true, content: Object.fromEntries(mediaTypes.map((type) => [type, content])) } };
};

const optionalTexts = (place: 'query' | 'header', described: Readonly<Record<string, string>>): readonly OpenApi[] =>
  Object.entries(described).map(([name, description]) => ({
    ...{ name, in: place, required: false, description, schema: { type: 'string' } },
  }));

const parametersOf = ({ headers = {}, query = {} }: RouteDocumentation): readonly OpenApi[] => [
  ...optionalTexts('query', query),
  ...optionalTexts('header', headers),
  { in: 'header', ...correlationId },
];

const responsesOf = ({ route, documentation }: Documented): OpenApi => {
  const { operationId, reply, mediaType = 'application/json', replyHeaders, refuses = [] } = documentation;
  const refusals = [...refusalsOfRoute(bodiesOf(route) !== 'ignored', refuses)].map(([code, codes]) => {
    const headers = replyHeaders[code];
    const own = headers === undefined ? undefined : { of: operationId, headers };
    const { status, ...response } = refusal(code, codes, own);
    return [status, response] as const;
  });
  const done = {
    description: 'Done.',
    headers: { ...headersOf(['X-Correlation-Id']), ...replyHeaders[200] },
    content: { [mediaType]: schemaRef(reply) },
  };
  return { 200: done, ...Object.fromEntries(refusals), default: anyOther };
};

const access = ({ route, documentation: { security } }: Documented) => {
  if ('open' in route.access) return { roles: 'anyone' as const, security: [] };
  const { allow, trustsGateways = false } = route.access;
  const ways = security?.map((name) => ({ [name]: [] }));
  return { roles: allow, security: ways && [...ways, ...(trustsGateways ? [{}] : [])] };
};

const operationOf = (documented: Documented): OpenApi => {
  const { service, rpcName, summary, description } = documented.documentation;
  const { roles, security } = access(documented);
  const rpc = rpcName === undefined ? undefined : `keyledger.v1.${service}/${rpcName}`;
  const parts = [
    `Roles: ${rolesInWords(roles)}.`,
    description,
    ...(rpc === undefined ? [] : [`Over gRPC: \`${rpc}\`.`]),
  ];
  return {
    description: parts.join('\n\n'),
    ...(security === undefined ? {} : { security }),
    parameters: parametersOf(documented.documentation),
    ...requestBody(documented),
    responses: responsesOf(documented),
    summary,
    tags: [tags[service]?.name ?? service],
    'x-roles': roles,
    ...(rpc === undefined ? {} : { 'x-rpc': rpc }),
  };
};

const pathItem = (documented: Documented): OpenApi => {
  const { operationId } = documented.documentation;
  const methods = methodsOf(documented.route);
  const idOf = (method: string): string =>
    method === methods[0] ? operationId : `${operationId}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
  return Object.fromEntries(
    methods.map((method) => [method, { operationId: idOf(method), ...operationOf(documented) }]),
  );
};

const documentedOf = (route: HttpRoute): Documented => {
  const { documentation, method, path } = route;
  if (documentation !== undefined) return { route, documentation };
  throw new Error(`Nothing tells callers of ${String(method)} ${path}: add a documentation to the route.`);
};

/** Adds the routes to the document. Throws for a route that has no documentation. */
export const withRoutes = (document: OpenAPIObject, routes: readonly HttpRoute[]): OpenAPIObject => {
  const all = routes.map(documentedOf);
  const added = Object.fromEntries(all.map((one) => [one.route.path, pathItem(one)]));
  const named = (kind: keyof RouteDocumentation['components']): OpenApi =>
    Object.fromEntries(all.flatMap(({ documentation }) => Object.entries(documentation.components[kind])));
  const { paths, components = {} } = document;
  const schemas = { ...components.schemas, ...named('schemas') };
  const headers = { ...components.headers, ...named('headers') };
  return {
    ...document,
    paths: { ...paths, ...added },
    components: { ...components, schemas, headers },
  } as OpenAPIObject;
};
