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

/** All routes of the API. */
export const routesOf = (document: OpenApi): readonly Route[] =>
  Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/v1'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId, parameters = [], requestBody }]) => {
        const query = parameters.filter((parameter) => parameter.in === 'query');
        const body = requestBody?.content['application/json']?.schema;
        return {
          ...{ operationId, method: method.toUpperCase(), path },
          query: Object.fromEntries(query.map(({ name, schema }) => [name, resolved(document, schema)])),
          body: body === undefined ? undefined : resolved(document, body),
        };
      }),
    );
