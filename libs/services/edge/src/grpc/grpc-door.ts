import { dirname } from 'node:path';
import {
  logVerbosity,
  Metadata,
  ServerInterceptingCall,
  setLogVerbosity,
  type Server,
  type ServerDuplexStream,
  type ServerInterceptor,
  type ServerUnaryCall,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { PackageDefinition, ServiceDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { PACKAGE, protoFiles, protoRoot } from '@keyledger/contract/protos';
import { Transport, type GrpcOptions } from '@nestjs/microservices';
import { HealthImplementation, protoPath as healthProto } from 'grpc-health-check';
import type { Access } from '../access/access.js';
import { arrivalOf, type Admission, type Arrival } from '../access/admission.js';
import { CORRELATION_HEADER, type RequestLog } from '../observing/request-log.js';
import { Answer } from '../operation/call.js';
import type { ServedOperation } from '../operation/operation.js';
import { encodeProblem } from './grpc-status.js';
import {
  convertTimestamps,
  MAX_WIRE_BYTES,
  MessageForms,
  RefusedMessage,
  refuseInOurWords,
  type Protos,
} from './messages.js';
import { describable } from './reflection.js';

/** A call of any kind: `request` is there where the client sends one message, the stream where it is one. */
type GrpcCall = ServerUnaryCall<unknown, unknown> & ServerDuplexStream<unknown, unknown>;

/** The messages of a client that streams. A plain `for await` over the call would close it when they end. */
export const messagesOf = <T>(call: GrpcCall): AsyncIterable<T> =>
  call.iterator({ destroyOnReturn: false }) as AsyncIterable<T>;

/** A service past Nest: of another package, with streams, or with a way of its own to authenticate. */
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

/** What the door knows of one RPC, by its path: `/keyledger.v1.CredentialService/CreateCredential`. */
interface Rpc {
  readonly access: Access;
  /** The message of an answer. */
  readonly message?: (body: unknown) => unknown;
}

/** Open to all, like their HTTP twins. */
const openServices: Readonly<Record<string, string>> = {
  'grpc.health.v1.Health': 'balancers ask it',
  'grpc.reflection.v1.ServerReflection': 'it is documentation',
  'grpc.reflection.v1alpha.ServerReflection': 'it is documentation',
};

const serviceOf = (path: string): string => path.slice(1, path.lastIndexOf('/'));

interface GrpcDoor {
  readonly operations: readonly ServedOperation[];
  readonly services: readonly GrpcService[];
  readonly admission: Admission;
  readonly requestLog: RequestLog;
  readonly health: HealthImplementation;
  /** What an error tells the caller; logs what nobody foresaw. */
  readonly toStatus: (error: unknown) => ReturnType<typeof encodeProblem>;
}

const protosOf = ({ services }: GrpcDoor): Protos => {
  const foreign = services.flatMap(({ protos }) => protos ?? []);
  return {
    files: [...protoFiles, healthProto, ...foreign.flatMap(({ files }) => files)],
    includeDirs: [protoRoot, dirname(healthProto), ...foreign.flatMap(({ includeDirs }) => includeDirs)],
  };
};

const operationRpcs = (operations: readonly ServedOperation[], forms: MessageForms): [string, Rpc][] =>
  operations.map(({ service, rpcName, message = (body: unknown) => body }) => {
    const convert = forms.replyOf(`${PACKAGE}.${service}`, rpcName);
    const rpc: Rpc = { access: { allow: 'anyone' }, message: (body) => convert(message(body as never)) };
    return [`/${PACKAGE}.${service}/${rpcName}`, rpc];
  });

const fromGrpc = (metadata: Metadata, peer: string): Omit<Arrival, 'principal' | 'userAgent'> => {
  const header = (name: string): string | undefined => metadata.get(name)[0]?.toString();
  return { correlationId: header(CORRELATION_HEADER) ?? '', ip: peer.replace(/:\d+$/, ''), header };
};

/** Lets calls in, refuses messages that cannot be read, and sends answers with their position in trailing metadata. */
const interceptor =
  ({ admission, toStatus }: GrpcDoor, rpcs: ReadonlyMap<string, Rpc>): ServerInterceptor =>
  ({ path }, call) => {
    const open = openServices[serviceOf(path)];
    const rpc = rpcs.get(path) ?? (open === undefined ? undefined : { access: { open } });
    let refused = false;
    const refuse = (error: unknown): void => {
      refused = true;
      call.sendStatus(toStatus(error));
    };
    let position: string | undefined;
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          // grpc-js reads nothing of a message before the metadata is passed on.
          onReceiveMetadata: (metadata, forward) => {
            admission
              .admit(metadata, path, rpc?.access, fromGrpc(metadata, call.getPeer()))
              .then(() => forward(metadata))
              .catch(refuse);
          },
          onReceiveMessage: (message, forward) => {
            if (message instanceof RefusedMessage) refuse(message.problem);
            else forward(message);
          },
          onReceiveHalfClose: (forward) => (refused ? undefined : forward()),
        }),
      sendMessage: (message: unknown, next) => {
        if (!(message instanceof Answer)) return next(message);
        position = message.position;
        next(rpc?.message?.(message.body) ?? message.body);
      },
      sendStatus: (sent, next) => {
        const metadata = sent.metadata ?? new Metadata();
        if (position !== undefined) metadata.set('keyledger-position', position);
        next({ ...sent, metadata });
      },
    });
  };

/** The handlers of a service as grpc-js takes them, which differ by what is a stream. */
const implementationOf = (
  { name, handlers }: GrpcService,
  definition: ServiceDefinition,
  toStatus: GrpcDoor['toStatus'],
): UntypedServiceImplementation =>
  Object.fromEntries(
    Object.entries(handlers).map(([rpc, handle]) => {
      const { responseStream } = definition[rpc] ?? {};
      if (responseStream === undefined) throw new Error(`${name} has no RPC ${rpc}.`);
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

const isService = (definition: PackageDefinition[string]): definition is ServiceDefinition => !('format' in definition);

const addServices = (server: Server, definition: PackageDefinition, { services, toStatus }: GrpcDoor): void => {
  for (const service of services) {
    const declared = definition[service.name];
    if (declared === undefined || !isService(declared)) throw new Error(`No proto declares ${service.name}.`);
    server.addService(declared, implementationOf(service, declared, toStatus));
    // Nest would serve it as well where it is of our own package.
    delete definition[service.name];
  }
};

/** The gRPC door: operations and services with reflection and health (grpc.health.v1), plain text on `url`. */
export const grpcOptions = (url: string, door: GrpcDoor): GrpcOptions => {
  convertTimestamps();
  // It writes to standard error what it also throws, past our log.
  setLogVerbosity(logVerbosity.NONE);
  const { files, includeDirs } = protosOf(door);
  const own = operationRpcs(door.operations, new MessageForms({ files, includeDirs }));
  const docked = door.services.flatMap(({ name, access, handlers }) =>
    Object.keys(handlers).map((rpc): [string, Rpc] => [`/${name}/${rpc}`, { access }]),
  );
  return {
    transport: Transport.GRPC,
    options: {
      url,
      package: [PACKAGE],
      protoPath: [...files],
      loader: { includeDirs: [...includeDirs], longs: String, arrays: true },
      maxReceiveMessageLength: MAX_WIRE_BYTES,
      maxMetadataSize: 16 * 1024,
      gracefulShutdown: true,
      // The first sees what the others send.
      channelOptions: {
        interceptors: [door.requestLog.observeGrpc(), interceptor(door, new Map([...own, ...docked]))],
      },
      onLoadPackageDefinition: (definition: PackageDefinition, server: Server) => {
        refuseInOurWords(definition);
        door.health.addToServer(server);
        new ReflectionService(describable(definition)).addToServer(server);
        addServices(server, definition, door);
      },
    },
  };
};
