import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoFiles, protoRoot } from '@keyledger/contract/protos';

/** The service for verdicts, as grpc-js takes it. */
export const verificationDefinition = (): ServiceDefinition => {
  const loaded = loadSync([...protoFiles], { includeDirs: [protoRoot], longs: String, arrays: true });
  const service = loaded['keyledger.v1.VerificationService'];
  if (service === undefined || 'format' in service) throw new Error('No proto declares the VerificationService.');
  return service;
};
