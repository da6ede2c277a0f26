import type { HttpClient } from './http-client.js';

interface DocumentedResponse {
  /** Of one that several operations share. */
  readonly $ref?: string;
  readonly description?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
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
