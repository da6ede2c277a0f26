import Fastify, { type FastifyInstance } from 'fastify';
import type { HttpClient, HttpReply } from './http-client.js';

interface DocumentedResponse {
  /** Of one that several operations share. */
  readonly $ref?: string;
  readonly description?: string;
  readonly headers?: Readonly<Record<string, DocumentedHeader>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface DocumentedHeader {
  readonly $ref?: string;
  readonly required?: boolean;
}

/** One operation of an OpenAPI document, as far as tests look at it. */
export interface DocumentedOperation {
  readonly operationId: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly schema: object; readonly examples?: Readonly<Record<string, { value: object }>> }>
    >;
  };
  readonly responses: Readonly<Record<string, DocumentedResponse>>;
  readonly 'x-rpc'?: string;
  readonly 'x-roles'?: readonly string[] | string;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly object[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly responses: Readonly<Record<string, DocumentedResponse>>;
    readonly headers: Readonly<Record<string, DocumentedHeader>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

/** What the document says of how the operation of this route answers with this status. */
export const responseOf = (document: OpenApiDocument, route: string, status: number): DocumentedResponse => {
  const { $ref, ...own } = operationsIn(document).get(route)?.responses[status] ?? {};
  return document.components.responses[$ref?.replace('#/components/responses/', '') ?? ''] ?? own;
};

/** Every operation by its route, as in `GET /v1/accounts/{accountId}`. */
export const operationsIn = ({ paths }: OpenApiDocument): ReadonlyMap<string, DocumentedOperation> =>
  new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
    ),
  );

const documents = new Map<string, Promise<OpenApiDocument | undefined>>();

/** The document of a server, asked for once; undefined where it shows none. */
export const documentOf = (http: HttpClient): Promise<OpenApiDocument | undefined> => {
  const asked =
    documents.get(http.baseUrl) ??
    http.get<OpenApiDocument>('/openapi.json').then(({ status, body }) => (status === 200 ? body : undefined));
  documents.set(http.baseUrl, asked);
  return asked;
};

/** Throws if the document of the server does not say that the route may be refused so. */
export const checkRefusal = async (http: HttpClient, route: string, status: number, code: string): Promise<void> => {
  const document = await documentOf(http);
  if (document === undefined) return;
  const told = responseOf(document, route, status).description ?? '';
  if (!told.includes(`\`${code}\``)) throw new Error(`${route} is not documented to be refused with ${code}.`);
};

/** Replies may get new fields, so their schemas are open; what comes today must be one that is named. */
const closed = <T>(schemas: T): T =>
  JSON.parse(JSON.stringify(schemas), (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'properties' in value && !('additionalProperties' in value)
      ? { ...value, additionalProperties: false }
      : value,
  ) as T;

/** Servers that take exactly what a schema allows: Fastify brings a validator of JSON Schema. */
const takers = new WeakMap<object, FastifyInstance>();

const takerOf = (schema: object, { components }: OpenApiDocument): FastifyInstance => {
  const known = takers.get(schema);
  if (known !== undefined) return known;
  const exactly = { coerceTypes: false, removeAdditional: false, useDefaults: false, strict: false } as const;
  const server = Fastify({ ajv: { customOptions: exactly } });
  const body = { ...schema, components: { schemas: closed(components.schemas) } };
  server.post('/', { schema: { body } }, async () => '');
  takers.set(schema, server);
  return server;
};

/** What is wrong with the value by the schema, if anything is. */
const mistakeIn = async (value: object, schema: object, document: OpenApiDocument): Promise<string> => {
  const server = takerOf(schema, document);
  const { statusCode, payload } = await server.inject({ method: 'POST', url: '/', payload: value });
  return statusCode === 200 ? '' : payload;
};

/** The headers that are ours to promise. */
const isOurs = (name: string): boolean =>
  /^(x-|keyledger-|ratelimit|retry-after$|etag$|idempotent-|www-authenticate$)/.test(name) &&
  name !== 'x-content-type-options';

const checkHeaders = (headers: Headers, told: DocumentedResponse, { components }: OpenApiDocument): void => {
  const documented = Object.entries(told.headers ?? {}).map(([name, { $ref, ...own }]) => {
    const { required = false } = components.headers[$ref?.replace('#/components/headers/', '') ?? ''] ?? own;
    return { name: name.toLowerCase(), required };
  });
  const names = new Set(documented.map(({ name }) => name));
  const surplus = [...headers.keys()].filter((name) => isOurs(name) && !names.has(name));
  const missing = documented.filter(({ name, required }) => required && !headers.has(name)).map(({ name }) => name);
  expect({ surplus, missing }).toEqual({ surplus: [], missing: [] });
};

/** Throws if the answer of this route is not in all its parts what the document of the server says. */
export const checkAnswer = async (http: HttpClient, route: string, answer: HttpReply<object>): Promise<void> => {
  const document = await documentOf(http);
  if (document === undefined) return;
  const { status, headers, body, text } = answer;
  const told = responseOf(document, route, status);
  const mediaType = headers.get('content-type')?.split(';')[0] ?? '';
  const schema = told.content?.[mediaType]?.schema;
  if (schema === undefined) throw new Error(`${route} is not documented to answer ${status} with ${mediaType}.`);
  checkHeaders(headers, told, document);
  const mistake = await mistakeIn(body, schema, document);
  if (mistake !== '') throw new Error(`${route} answers ${status} as it is not documented: ${mistake} ${text}`);
};
