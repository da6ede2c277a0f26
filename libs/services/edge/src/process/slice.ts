import type { DynamicModule, InjectionToken, Type } from '@nestjs/common';
import type { Projection } from '@keyledger/read-models';
import type { GrpcService } from '../grpc/grpc-door.js';
import type { HttpRoute } from '../http/http-door.js';
import type { QuickOperation } from '../http/quick-lane.js';
import type { Config } from '../settings/config.js';
import type { Need } from '../settings/setting.js';
import type { Foundation } from './edge.module.js';

/** Gives a provider of the slice's module. */
export type Find = <T>(token: InjectionToken<T>) => T;

type NestModule = Type<unknown> | DynamicModule;

/** What a part of the product brings into a process. */
export interface Slice {
  /** Its operations. They belong to the module; the OpenAPI document is made of them alone. */
  readonly controllers?: readonly Type<object>[];
  readonly module: (foundation: Foundation) => NestModule | Promise<NestModule>;
  /** Settings without which it cannot run. */
  readonly needs?: readonly Need[];
  /** Whether it goes on without the log and the database, and says itself for how long. */
  readonly outlivesStores?: boolean;
  /** What can be made anew from the log by `npm run rebuild -- <name>`. */
  readonly projections?: readonly ((config: Config) => Projection)[];
  /** HTTP routes that are no operations. They are made for the OpenAPI document as well, with nothing to be found. */
  readonly routes?: (find: Find) => readonly HttpRoute[];
  /** Pages for people, which are in no document. From `/` a browser is led to the first of them. */
  readonly pages?: (find: Find) => readonly HttpRoute[];
  /** Short ways over HTTP to operations of its own that are asked so often that the way to them counts. */
  readonly quick?: (find: Find) => readonly QuickOperation[];
  /** gRPC services that are no operations: of other packages, or with streams. */
  readonly services?: (find: Find) => readonly GrpcService[];
}
