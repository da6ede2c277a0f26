import type { MethodDefinition, PackageDefinition } from '@grpc/proto-loader';
import { MAX_BODY_BYTES } from '../http/http-server.js';
import { Problem } from '../operation/problem.js';

/** Stands in for a request message that cannot be taken, until the guard refuses it. */
export class RefusedMessage {
  constructor(readonly problem: Problem) {}
}

/** The most that grpc-js lets through to us. What is between this and our own limit, we refuse in our own words. */
export const MAX_WIRE_BYTES = 16 * MAX_BODY_BYTES;

const reading = (method: MethodDefinition<object, object>): MethodDefinition<object, object>['requestDeserialize'] => {
  const decode = method.requestDeserialize;
  return (bytes) => {
    if (bytes.length > MAX_BODY_BYTES) {
      return new RefusedMessage(new Problem('too-large', 'The request message is larger than 256 KiB.'));
    }
    try {
      // Of a Buffer protobufjs takes a text that is cut short; of plain bytes it does not.
      return decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) as Buffer);
    } catch {
      const detail = 'The request cannot be decoded as the message that this RPC takes.';
      return new RefusedMessage(new Problem('malformed-request', detail));
    }
  };
};

/** Lets our handlers answer what grpc-js would refuse by itself, without the details that our callers go by. */
export const refuseInOurWords = (definition: PackageDefinition): void => {
  for (const service of Object.values(definition)) {
    if ('format' in service) continue; // A message or an enum.
    for (const method of Object.values(service)) method.requestDeserialize = reading(method);
  }
};
