import { Metadata, status } from '@grpc/grpc-js';
import { grpcStatusOf } from '@keyledger/contract';
import protobuf from 'protobufjs';
import type { Problem } from '../operation/problem.js';

/** google.rpc.Status and the two details that we send, as https://cloud.google.com/apis/design/errors defines them. */
const root = protobuf.parse(
  `syntax = "proto3"; package google.rpc;
   message Any { string type_url = 1; bytes value = 2; }
   message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
   message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
   message BadRequest { repeated FieldViolation field_violations = 1; }
   message FieldViolation { string field = 1; string description = 2; }`,
).root;

/** Trailing metadata key in which gRPC carries a google.rpc.Status. */
const STATUS_DETAILS = 'grpc-status-details-bin';

/** Whether a status says more than its code and message. */
export const hasDetails = (metadata: Partial<Metadata> | null | undefined): boolean =>
  (metadata?.get?.(STATUS_DETAILS).length ?? 0) > 0;

const encode = (type: string, fields: object): Uint8Array => {
  const messageType = root.lookupType(`google.rpc.${type}`);
  return messageType.encode(messageType.fromObject(fields)).finish();
};

const detail = (type: string, fields: object): object => ({
  typeUrl: `type.googleapis.com/google.rpc.${type}`,
  value: encode(type, fields),
});

/** grpc-js cannot send half a surrogate pair, which a message can hold that quotes what a caller has sent. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** A problem as the status of a gRPC call: code, message, ErrorInfo, and BadRequest where fields are at fault. */
export const encodeProblem = (problem: Problem): { code: status; details: string; metadata: Metadata } => {
  const code: status = grpcStatusOf(problem.code);
  const message = wellFormed(problem.detail);
  const violations = problem.errors.map((error) => ({
    field: wellFormed(error.field),
    description: wellFormed(error.message),
  }));
  const details = [
    detail('ErrorInfo', { reason: problem.code.toUpperCase().replaceAll('-', '_'), domain: 'keyledger' }),
    ...(violations.length > 0 ? [detail('BadRequest', { fieldViolations: violations })] : []),
  ];
  const metadata = new Metadata();
  metadata.set(STATUS_DETAILS, Buffer.from(encode('Status', { code, message, details })));
  return { code, details: message, metadata };
};
