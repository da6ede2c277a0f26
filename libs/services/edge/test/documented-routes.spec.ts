import 'reflect-metadata';
import { Module } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { openApiDocument, type HttpRoute, type RouteDocumentation, type Slice } from '../src/index.js';

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;

class Toys {}
Module({})(Toys);

const sliceWith = (...routes: readonly HttpRoute[]): Slice => ({ module: () => Toys, routes: () => routes });

const documentation: RouteDocumentation = {
  operationId: 'TryToy',
  service: 'VerificationService',
  summary: 'Try a toy',
  description: 'It may break.',
  security: ['gateway'],
  headers: { 'X-Toy': 'Which one.' },
  reply: 'Toy',
  replyHeaders: { 403: { 'X-Broken': { schema: { type: 'string' } } } },
  refuses: ['position-not-reached'],
  components: {
    schemas: { ToyInput: { type: 'object' }, Toy: { type: 'object' } },
    headers: { 'X-Broken': { schema: { type: 'string' } } },
  },
};

const route: HttpRoute = {
  method: ['POST', 'PUT'],
  path: '/v1/toys',
  access: { allow: ['verifier'], trustsGateways: true },
  bodies: { 'text/plain': String },
  handle: async () => ({}),
};

/** The operations at the path, by their methods, and what they refer to. */
const documented = async (changed: Partial<RouteDocumentation>, more: Partial<HttpRoute> = {}) => {
  const whole = { ...route, ...more, documentation: { ...documentation, ...changed } } as HttpRoute;
  const { paths, components = {} } = await openApiDocument([sliceWith(whole)]);
  return { operations: Object.entries(paths['/v1/toys'] ?? {}) as [string, OperationObject][], components };
};

it('tells of a route past Nest what the route does, and what its documentation says', async () => {
  const { operations, components } = await documented({ body: { schema: 'ToyInput', example: { name: 'top' } } });
  expect(operations.map(([method, { operationId }]) => [method, operationId])).toEqual([
    ['post', 'TryToy'],
    ['put', 'TryToyPut'],
  ]);
  const statuses = ['200', '400', '401', '403', '413', '415', '422', '429', '500', '503', 'default'];
  for (const [, operation] of operations) {
    expect(operation).toMatchObject({
      description: 'Roles: verifier.\n\nIt may break.',
      security: [{ gateway: [] }, {}],
      parameters: [{ name: 'X-Toy' }, { name: 'X-Correlation-Id' }],
      requestBody: { content: { 'text/plain': { schema: { $ref: '#/components/schemas/ToyInput' } } } },
      responses: { 403: { $ref: '#/components/responses/TryToyForbidden' } },
      tags: ['Verification'],
      'x-roles': ['verifier'],
    });
    expect(Object.keys(operation.responses)).toEqual(statuses);
  }
  expect(components).toMatchObject({
    responses: { TryToyForbidden: { headers: { 'X-Broken': {} } } },
    schemas: { ToyInput: { additionalProperties: false }, Toy: { type: 'object' } },
  });
});

it('names all methods of OpenAPI for a route for any, and refuses no body where it is ignored', async () => {
  const { operations } = await documented({}, { method: 'ANY', bodies: 'ignored' });
  const methods = operations.map(([method]) => method);
  expect(methods.sort()).toEqual(['delete', 'get', 'head', 'options', 'patch', 'post', 'put', 'trace']);
  expect(operations.filter(([, { operationId }]) => operationId === 'TryToy')).toHaveLength(1);
  expect(operations.filter(([, { responses }]) => '415' in responses)).toEqual([]);
});

it('is not made while a route has no documentation', async () => {
  await expect(openApiDocument([sliceWith(route)])).rejects.toThrow('/v1/toys: add a documentation');
});
