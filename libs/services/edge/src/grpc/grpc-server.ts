import { dirname } from 'node:path';
import { logVerbosity, setLogVerbosity, type Server } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { PACKAGE, protoFiles, protoRoot } from '@keyledger/contract';
import { Transport, type GrpcOptions } from '@nestjs/microservices';
import { HealthImplementation, protoPath as healthProto } from 'grpc-health-check';
import { grpcInterceptor } from './grpc-interceptor.js';
import type { RequestLog } from '../observing/request-log.js';
import { MAX_WIRE_BYTES, refuseInOurWords } from './request-message.js';
import { convertTimestamps } from './message-form.js';
import { describable } from './reflection.js';

/** The gRPC door: our package with reflection and health (grpc.health.v1), plain text on `url`. */
export const grpcOptions = (url: string, health: HealthImplementation, requestLog: RequestLog): GrpcOptions => {
  convertTimestamps();
  // It writes to standard error what it also throws, past our log.
  setLogVerbosity(logVerbosity.NONE);
  return {
    transport: Transport.GRPC,
    options: {
      url,
      package: [PACKAGE],
      protoPath: [...protoFiles, healthProto],
      loader: { includeDirs: [protoRoot, dirname(healthProto)], longs: String, arrays: true },
      maxReceiveMessageLength: MAX_WIRE_BYTES,
      maxMetadataSize: 16 * 1024,
      gracefulShutdown: true,
      channelOptions: { interceptors: [requestLog.observeGrpc(), grpcInterceptor] },
      onLoadPackageDefinition: (definition: PackageDefinition, server: Server) => {
        refuseInOurWords(definition);
        health.addToServer(server);
        new ReflectionService(describable(definition)).addToServer(server);
      },
    },
  };
};
