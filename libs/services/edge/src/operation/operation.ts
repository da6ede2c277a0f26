import { applyDecorators, HttpCode, RequestMapping, RequestMethod, SetMetadata } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { documentation } from './operation-docs.js';
import { methodOf, OPERATION, pathOf, rpcOf, serviceOf, type OperationDefinition } from './operation-definition.js';

/** Makes a controller method serve one HTTP route and one RPC by the same rules, and documents both. */
export const Operation = (operation: OperationDefinition): MethodDecorator =>
  applyDecorators(
    SetMetadata(OPERATION, operation),
    RequestMapping({ path: pathOf(operation), method: RequestMethod[methodOf(operation)] }),
    HttpCode(operation.status ?? 200),
    ...(operation.accounts === 'all' ? [] : [GrpcMethod(serviceOf(operation), rpcOf(operation))]),
    ...documentation(operation),
  );
