import { Metadata, status } from '@grpc/grpc-js';
import { grpcStatusOf } from '@keyledger/contract';
import { protoRoot, statusFiles } from '@keyledger/contract/protos';
import type { Problem } from '../operation/problem.js';
import { loadProtos } from './messages.js';

const root = loadProtos({ files: statusFiles, includeDirs: [protoRoot] });

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
  type_url: `type.googleapis.com/google.rpc.${type}`,
  value: encode(type, fields),
});

/** grpc-js cannot send half a surrogate pair, which a message can hold that quotes what a caller has sent. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** Of all violations together, and of one text: clients refuse trailers of more than 8 KiB and base64 adds a third. */
const MAX_VIOLATION_BYTES = 3 * 1024;
const MAX_TEXT_LENGTH = 240;

/** A text that goes through trailers whole; encoded, as in grpc-message, it may take three times its length. */
const short = (text: string): string =>
  wellFormed(text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text);

/** Names as the protos have them: `generate_keys.environment`, and of metadata `idempotency-key`. */
const protoName = (field: string): string => {
  // Comes as metadata: no message has a field for it.
  if (field === 'minPosition') return 'min-position';
  return field.includes('-') ? field.toLowerCase() : field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
};

/** The first violations that fit, and how many more there are. */
const violationsOf = ({ errors }: Problem): readonly object[] => {
  const violations: object[] = [];
  let bytes = 0;
  for (const { field, message } of errors) {
    const violation = { field: short(protoName(field)), description: short(message) };
    bytes += Buffer.byteLength(violation.field) + Buffer.byteLength(violation.description) + 8;
    if (bytes > MAX_VIOLATION_BYTES) break;
    violations.push(violation);
  }
  const more = errors.length - violations.length;
  return more === 0 ? violations : [...violations, { description: `and ${more} more` }];
};

const retryInfoOf = ({ headers }: Problem): readonly object[] => {
  const seconds = headers['Retry-After'];
  return seconds === undefined ? [] : [detail('RetryInfo', { retryDelay: { seconds: Number(seconds) } })];
};

const errorInfoOf = ({ code, facts }: Problem): object => ({
  reason: code.toUpperCase().replaceAll('-', '_'),
  domain: 'keyledger',
  metadata: Object.fromEntries(Object.entries(facts).map(([name, value]) => [protoName(name), value])),
});

/** A problem as the status of a gRPC call, with ErrorInfo, BadRequest where fields are at fault, and RetryInfo. */
export const encodeProblem = (problem: Problem): { code: status; details: string; metadata: Metadata } => {
  const code: status = grpcStatusOf(problem.code);
  const message = short(problem.detail);
  const fieldViolations = violationsOf(problem);
  const details = [
    detail('ErrorInfo', errorInfoOf(problem)),
    ...(fieldViolations.length > 0 ? [detail('BadRequest', { fieldViolations })] : []),
    ...retryInfoOf(problem),
  ];
  const metadata = new Metadata();
  metadata.set(STATUS_DETAILS, Buffer.from(encode('Status', { code, message, details })));
  return { code, details: message, metadata };
};
