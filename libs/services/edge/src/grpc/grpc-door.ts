import { dirname } from 'node:path';
import {
  logVerbosity,
  setLogVerbosity,
  type ChannelOptions,
  type Server,
  type ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { PackageDefinition, ServiceDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { PACKAGE, protoFiles, protoRoot, statusFiles } from '@keyledger/contract/protos';
import { HealthImplementation, protoPath as healthProto } from 'grpc-health-check';
import type { Access } from '../access/access.js';
import { arrivalOf, type Admission, type Arrival } from '../access/admission.js';
import { MAX_BODY_BYTES } from '../http/json-bodies.js';
import type { RequestLog } from '../observing/request-log.js';
import type { ServedOperation } from '../operation/operation.js';
import { addHealth } from './grpc-health.js';
import { GrpcServer } from './grpc-server.js';
import type { encodeProblem } from './grpc-status.js';
import { interceptor, serviceOf, type Rpc } from './interceptor.js';
import { adaptMessages, convertTimestamps, MessageForms, type Protos } from './messages.js';
import { describable } from './reflection.js';

/** A call of any kind: `request` is there where the client sends one message, the stream where it is one. */
type GrpcCall = ServerUnaryCall<unknown, unknown> & ServerDuplexStream<unknown, unknown>;

/** The messages of a client that streams. A plain `for await` over the call would close it when they end. */
export const messagesOf = <T>(call: GrpcCall): AsyncIterable<T> =>
  call.iterator({ destroyOnReturn: false }) as AsyncIterable<T>;

/**
 * A service past Nest: of another package, with streams, or with a way of its own to authenticate. It is asked too
 * often for a line of the log about each call.
 */
export interface GrpcService {
  /** With its package, as in `envoy.service.auth.v3.Authorization`. */
  readonly name: string;
  /** Where it is declared; left out where that is among our own protos. */
  readonly protos?: Protos;
  readonly access: Access;
  /**
   * By the names of the RPCs. Resolves to the reply where there is one, else when the stream is done, which is then
   * ended. What it throws becomes the status of a problem.
   */
  readonly handlers: Readonly<Record<string, (call: GrpcCall, arrival: Arrival) => Promise<unknown>>>;
}

interface GrpcDoor {
  readonly operations: readonly ServedOperation[];
  /** Paths of RPCs that Nest would serve although nothing declares who may use them. */
  readonly strays: ReadonlySet<string>;
  readonly services: readonly GrpcService[];
  readonly admission: Admission;
  readonly requestLog: RequestLog;
  readonly health: HealthImplementation;
  /** What an error tells the caller; logs what nobody foresaw. */
  readonly toStatus: (error: unknown) => ReturnType<typeof encodeProblem>;
  /** Whether anyone may ask for the protos. */
  readonly reflects: boolean;
  /** Told once of the server of grpc-js, which is the only one that can cut calls off. */
  readonly onServer: (server: Server) => void;
  readonly credentials: ServerCredentials;
}

const protosOf = ({ services }: GrpcDoor): Protos => {
  const foreign = services.flatMap(({ protos }) => protos ?? []);
  return {
    files: [...protoFiles, ...statusFiles, healthProto, ...foreign.flatMap(({ files }) => files)],
    includeDirs: [protoRoot, dirname(healthProto), ...foreign.flatMap(({ includeDirs }) => includeDirs)],
  };
};

const operationRpcs = (operations: readonly ServedOperation[], forms: MessageForms): [string, Rpc][] =>
  operations.map(({ service, rpcName, message = (body: unknown) => body }) => {
    const convert = forms.replyOf(`${PACKAGE}.${service}`, rpcName);
    const rpc: Rpc = { access: { allow: 'anyone' }, message: (body) => convert(message(body as never)) };
    return [`/${PACKAGE}.${service}/${rpcName}`, rpc];
  });

const dockedRpcs = (services: readonly GrpcService[], forms: MessageForms): [string, Rpc][] =>
  services.flatMap(({ name, access, handlers }) => {
    const declared = forms.rpcsOf(name);
    const unknown = Object.keys(handlers).find((rpc) => !declared.includes(rpc));
    if (unknown !== undefined) throw new Error(`${name} has no RPC ${unknown}: it has ${declared.join(', ')}.`);
    return declared.map((rpc): [string, Rpc] => [`/${name}/${rpc}`, { access, isPlain: true }]);
  });

/** Every RPC by its path. Throws where two slices serve the same service: Nest would let the last one win. */
const allRpcs = ({ operations, services }: GrpcDoor, forms: MessageForms): ReadonlyMap<string, Rpc> => {
  const ofOperations = operationRpcs(operations, forms);
  const served = [...ofOperations, ...dockedRpcs(services, forms)];
  const rpcs = new Map(served);
  const twice = served.find(([path], index) => served.findIndex((other) => other[0] === path) !== index);
  if (twice !== undefined) throw new Error(`${twice[0]} is served twice: only one slice may serve it.`);
  const names = new Set(services.map(({ name }) => name));
  const mixed = ofOperations.find(([path]) => names.has(serviceOf(path)));
  if (mixed !== undefined) throw new Error(`${mixed[0]} is an operation, so its service cannot be docked as well.`);
  return rpcs;
};

/** The handlers of a service as grpc-js takes them, which differ by what is a stream. */
const implementationOf = (
  { handlers }: GrpcService,
  definition: ServiceDefinition,
  toStatus: GrpcDoor['toStatus'],
): UntypedServiceImplementation =>
  Object.fromEntries(
    Object.entries(handlers).map(([rpc, handle]) => {
      const responseStream = definition[rpc]?.responseStream === true;
      const run = async (call: ServerDuplexStream<unknown, unknown>, reply?: sendUnaryData<unknown>) => {
        try {
          const result = await handle(call as GrpcCall, arrivalOf(call.metadata));
          if (responseStream) call.end();
          else reply?.(null, result);
        } catch (error) {
          if (responseStream) call.emit('error', toStatus(error));
          else reply?.(toStatus(error));
        }
      };
      return [rpc, run];
    }),
  );

const MINUTE_MS = 60_000;

/** What one connection may take, however well its calls behave. A call that lasts longer is made anew. */
const bounds: ChannelOptions & Readonly<Record<string, number>> = {
  'grpc.max_concurrent_streams': 100,
  'grpc.max_connection_idle_ms': 5 * MINUTE_MS,
  'grpc.max_connection_age_ms': 60 * MINUTE_MS,
  'grpc.max_connection_age_grace_ms': 10 * MINUTE_MS,
  // A peer that is gone without a word holds nothing for longer.
  'grpc.keepalive_time_ms': MINUTE_MS,
  'grpc.keepalive_timeout_ms': 20_000,
};

const isService = (definition: PackageDefinition[string]): definition is ServiceDefinition => !('format' in definition);

const addServices = (server: Server, definition: PackageDefinition, { services, toStatus }: GrpcDoor): void => {
  for (const service of services) {
    const declared = definition[service.name];
    if (declared === undefined || !isService(declared)) continue; // Refused before the server was made.
    server.addService(declared, implementationOf(service, declared, toStatus));
    // Nest would serve it as well where it is of our own package.
    delete definition[service.name];
  }
};

/** The gRPC door: operations and services with reflection and health (grpc.health.v1), on `url`. */
export const grpcServer = (url: string, door: GrpcDoor): GrpcServer => {
  convertTimestamps();
  // It writes to standard error what it also throws, past our log.
  setLogVerbosity(logVerbosity.NONE);
  const { files, includeDirs } = protosOf(door);
  const rpcs = allRpcs(door, new MessageForms({ files, includeDirs }));
  return new GrpcServer({
    url,
    credentials: door.credentials,
    package: [PACKAGE],
    protoPath: [...files],
    loader: { includeDirs: [...includeDirs], longs: String, arrays: true },
    gracefulShutdown: true,
    channelOptions: {
      ...bounds,
      'grpc.max_receive_message_length': MAX_BODY_BYTES,
      // The first sees what the others send.
      interceptors: [
        door.requestLog.observeGrpc(new Set(door.services.map(({ name }) => name))),
        interceptor(door, rpcs),
      ],
    },
    onLoadPackageDefinition: (definition: PackageDefinition, server: Server) => {
      door.onServer(server);
      adaptMessages(definition);
      addHealth(door.health, server);
      if (door.reflects) new ReflectionService(describable(definition, { files, includeDirs })).addToServer(server);
      addServices(server, definition, door);
    },
  });
};
