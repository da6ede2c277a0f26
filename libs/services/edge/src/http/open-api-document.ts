import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { replyHeaders, tags } from '../operation/documentation.js';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const operationsTag = { name: 'Operations', description: 'For those who run the process.' };

const about = [...Object.values(tags), operationsTag]
  .reduce((builder, { name, description }) => builder.addTag(name, description), new DocumentBuilder())
  .setOpenAPIVersion('3.1.0')
  .setTitle('Keyledger')
  .setDescription('Issue, list and audit API credentials. Every refusal is application/problem+json (RFC 9457).')
  .setVersion('1')
  .addServer('/', 'The host of this document.')
  .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
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

/** What `@nestjs/swagger` has no words for. Pure, so that it can be read on its own. */
export const finished = (document: OpenAPIObject): OpenAPIObject => {
  const { paths, components, tags: known = [], ...rest } = document;
  const operations = Object.values(paths).flatMap((path) => Object.values(path) as { tags?: string[] }[]);
  const used = new Set(operations.flatMap((operation) => operation.tags ?? []));
  const schemas = components?.schemas ?? {};
  const ofRequests = reachable(
    operations.map((operation) => (operation as { requestBody?: unknown }).requestBody),
    schemas,
  );
  const closed = Object.entries(schemas).map(([name, schema]) => [
    nameOf(name),
    ofRequests.has(name) ? { ...schema, additionalProperties: false } : schema,
  ]);
  return inOurWords({
    ...rest,
    tags: known.filter(({ name }) => used.has(name)),
    paths,
    components: { ...components, headers: replyHeaders, schemas: Object.fromEntries(closed) as Schemas },
  });
};

/** The OpenAPI document of everything that `app` serves. */
export const openApiDocument = (app: NestFastifyApplication): OpenAPIObject =>
  finished(SwaggerModule.createDocument(app, about, { autoTagControllers: false }));
