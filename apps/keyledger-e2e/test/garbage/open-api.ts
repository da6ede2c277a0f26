/** The parts of an OpenAPI document that say what requests look like. */
export interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  /** Two where null is a value, too. */
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly example?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Schema;
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** What a client needs to know to call a route, and we to call it wrongly. */
export interface Route {
  readonly operationId: string;
  readonly method: string;
  /** Braces hold the names of ids. */
  readonly path: string;
  readonly query: Readonly<Record<string, Schema>>;
  /** Names of the headers that are of this route alone. */
  readonly headers: readonly string[];
  /** True where `Authorization` is somebody else's, and the caller shows its own token beside it. */
  readonly ofGateways: boolean;
  readonly mediaType: string;
  /** Undefined where the route takes no body. */
  readonly body: Schema | undefined;
}

const resolvedProperties = (
  document: OpenApi,
  properties: Readonly<Record<string, Schema>>,
): Record<string, Schema> => {
  const all: Record<string, Schema> = {};
  for (const [name, schema] of Object.entries(properties)) all[name] = resolved(document, schema);
  return all;
};

/** The schema with its references followed, as deep as `properties` and `items` go, and without null. */
const resolved = (document: OpenApi, schema: Schema): Schema => {
  const { $ref, anyOf = [], ...own } = schema;
  const named = document.components.schemas[$ref?.replace('#/components/schemas/', '') ?? ''];
  const parts = anyOf.filter(({ type }) => type !== 'null').map((part) => resolved(document, part));
  const { properties, items, type, ...rest }: Schema = Object.assign({}, named, ...parts, own) as Schema;
  return {
    ...rest,
    type: [type].flat().find((one) => one !== 'null'),
    ...(properties === undefined ? {} : { properties: resolvedProperties(document, properties) }),
    ...(items === undefined ? {} : { items: resolved(document, items) }),
  };
};

/** That any route may have. */
const COMMON = ['X-Correlation-Id', 'Idempotency-Key', 'If-Match'];

const isOfGateways = (security: readonly Readonly<Record<string, unknown>>[]): boolean =>
  security.some((way) => 'gateway' in way) && !security.some((way) => 'bearer' in way);

const routeOf = (document: OpenApi, method: string, path: string, operation: DocumentedOperation): Route => {
  const { operationId, parameters = [], security = [], requestBody } = operation;
  const query = parameters.filter((parameter) => parameter.in === 'query');
  const headers = parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name);
  const [mediaType = 'application/json', content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  return {
    ...{ operationId, method: method.toUpperCase(), path, mediaType, ofGateways: isOfGateways(security) },
    query: Object.fromEntries(query.map(({ name, schema }) => [name, resolved(document, schema)])),
    headers: headers.filter((name) => !COMMON.includes(name)),
    body: content === undefined ? undefined : resolved(document, content.schema),
  };
};

/** All routes of the API. */
export const routesOf = (document: OpenApi): readonly Route[] =>
  Object.entries(document.paths)
    .filter(([path]) => /^\/(v1|oauth2)\//.test(path))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => routeOf(document, method, path, operation)),
    );
