import type { Type } from '@nestjs/common';
import { PARAMTYPES_METADATA, SELF_DECLARED_DEPS_METADATA } from '@nestjs/common/constants.js';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { OperationsController } from '../observing/operations.controller.js';
import { replyHeaders, tags } from '../operation/documentation.js';
import { putOnDocumentation, type Library } from '../operation/documented.js';
import type { Find, Slice } from '../process/slice.js';
import { withRoutes } from './documented-routes.js';

type Components = NonNullable<OpenAPIObject['components']>;
type Schemas = NonNullable<Components['schemas']>;
type Responses = NonNullable<Components['responses']>;

const operationsTag = { name: 'Operations', description: 'For those who run the process.' };

const about = ({ DocumentBuilder }: Library): Omit<OpenAPIObject, 'paths'> =>
  [...Object.values(tags), operationsTag]
    .reduce((builder, { name, description }) => builder.addTag(name, description), new DocumentBuilder())
    .setOpenAPIVersion('3.1.0')
    .setTitle('Keyledger')
    .setDescription('Issue, list and audit API credentials. Every refusal is application/problem+json (RFC 9457).')
    .setVersion('1')
    .addServer('/', 'Where this document is: the product in one process, or the gateway before its services.')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'Any user name, and a token as the password.' })
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-Keyledger-Token', description: 'A token alone.' }, 'gateway')
    .addSecurityRequirements('bearer')
    .build();

const refsIn = (node: unknown): readonly string[] => {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' ? [String(value).replace('#/components/schemas/', '')] : refsIn(value),
  );
};

/** The schemas that `node` refers to, and those that they refer to. */
const reachable = (node: unknown, schemas: Schemas): ReadonlySet<string> => {
  const names = new Set<string>(refsIn(node));
  for (const name of names) for (const next of refsIn(schemas[name])) names.add(next);
  return names;
};

/** Our classes for replies are named beside the resources themselves, which clients know without the suffix. */
const nameOf = (className: string): string => className.replace(/(?:Schema|(?<=Problem)Reply)$/, '');

/** Says "any JSON": the decorators give every property without alternatives a type. */
const isAnything = (key: string, value: unknown): boolean => key === 'anyOf' && JSON.stringify(value) === '[{}]';

const inOurWords = <T>(document: T): T =>
  JSON.parse(JSON.stringify(document), (key, value: unknown) => {
    if (isAnything(key, value)) return undefined;
    return key === '$ref' && typeof value === 'string' ? nameOf(value) : value;
  }) as T;

/** What `@nestjs/swagger` makes of a response; a refusal of ours says under which name it is shared. */
interface Response {
  readonly 'x-shared-as'?: string;
}

interface DocumentedOperation {
  readonly tags?: readonly string[];
  readonly requestBody?: unknown;
  readonly responses: Record<string, Response>;
}

/** Has operations that are refused alike refer to one response, and answers with those. */
const shareRefusals = (operations: readonly DocumentedOperation[]): Responses => {
  const uses = operations
    .flatMap(({ responses }) =>
      Object.entries(responses).map(([status, response]) => ({ responses, status, response })),
    )
    .flatMap(({ response: { 'x-shared-as': name, ...response }, ...place }) =>
      name === undefined ? [] : [{ ...place, response, name }],
    );
  for (const { responses, status, name } of uses) {
    responses[status] = { $ref: `#/components/responses/${name}` } as Response;
  }
  return Object.fromEntries(uses.map(({ name, response }) => [name, response])) as Responses;
};

/** What `@nestjs/swagger` has no words for. Pure, so that it can be read on its own. */
export const finished = (document: OpenAPIObject): OpenAPIObject => {
  const { paths, components, tags: known = [], ...rest } = document;
  const operations = Object.values(paths).flatMap((path) => Object.values(path) as DocumentedOperation[]);
  const used = new Set(operations.flatMap((operation) => operation.tags ?? []));
  const schemas = components?.schemas ?? {};
  const ofRequests = reachable(
    operations.map(({ requestBody }) => requestBody),
    schemas,
  );
  const closed = Object.entries(schemas).map(([name, schema]) => [
    nameOf(name),
    ofRequests.has(name) && !('additionalProperties' in schema) ? { ...schema, additionalProperties: false } : schema,
  ]);
  const responses = shareRefusals(operations);
  const headers = { ...replyHeaders, ...components?.headers };
  return inOurWords({
    ...rest,
    tags: known.filter(({ name }) => used.has(name)),
    paths,
    components: { ...components, headers, responses, schemas: Object.fromEntries(closed) as Schemas },
  });
};

/** The controller as it is declared, in need of nothing. */
const declarationOf = (controller: Type<object>): Type<object> => {
  class Declaration extends controller {}
  for (const key of [PARAMTYPES_METADATA, SELF_DECLARED_DEPS_METADATA]) Reflect.defineMetadata(key, [], Declaration);
  return Declaration;
};

/** Routes past Nest need what they find only once they are asked. */
const findNothing: Find = () => undefined as never;

/** The OpenAPI document of everything that the slices offer, made of declarations alone: nothing of them is started. */
export const openApiDocument = async (slices: readonly Slice[]): Promise<OpenAPIObject> => {
  const library = await import('@nestjs/swagger');
  putOnDocumentation(library);
  const controllers = [OperationsController, ...slices.flatMap((slice) => slice.controllers ?? [])].map(declarationOf);
  class Declarations {}
  const quiet = { preview: true, logger: false, abortOnError: false } as const;
  const app = await NestFactory.create({ module: Declarations, controllers }, new FastifyAdapter(), quiet);
  const document = library.SwaggerModule.createDocument(app, about(library), { autoTagControllers: false });
  const routes = slices.flatMap((slice) => slice.routes?.(findNothing) ?? []);
  return finished(withRoutes(document, routes));
};
