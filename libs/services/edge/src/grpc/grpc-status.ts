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

type Names = Readonly<Record<string, string>>;

/** Callers choose what fields are called, so it may be a name that every object inherits something under. */
const nameIn = (names: Names, field: string): string | undefined =>
  Object.hasOwn(names, field) ? names[field] : undefined;

/** What is no field of the same name over gRPC: metadata, and the field for the header of HTTP. */
const namesOverGrpc: Names = {
  minPosition: 'min-position',
  'Idempotency-Key': 'idempotency-key',
  'If-Match': 'revision',
};

/** Names as the protos have them: `generate_keys.environment`, and of metadata `idempotency-key`. */
const protoName = (field: string): string =>
  nameIn(namesOverGrpc, field) ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What callers have named is in quotes, or part of something longer than a name of a field. */
const FIELD_OR_QUOTED = /"[^"]*"|(?<![\w…/.-])(?:Idempotency-Key|If-Match|[a-z]+(?:[A-Z][a-z]+)+)(?![\w…/-])/g;

/** A text that names fields, as callers of gRPC know them. */
const inProtoNames = (text: string): string =>
  text.replace(FIELD_OR_QUOTED, (found) => (found.startsWith('"') ? found : protoName(found)));

type Said = Pick<Problem, 'detail' | 'errors'>;

/** The problem as a caller has to read it who knows some fields by other names than their inputs have. */
const renamed = ({ detail, errors }: Problem, names: Names): Said =>
  errors.reduce<Said>(
    (said, { field, message }) => {
      const known = { field: protoName(nameIn(names, field) ?? field), message: inProtoNames(message) };
      // As the detail has it, which is made of them.
      const detail = said.detail.replace(`${field} ${message}`, () => `${known.field} ${known.message}`);
      return { detail, errors: [...said.errors, known] };
    },
    { detail, errors: [] },
  );

/** The first violations that fit, and how many more there are. */
const violationsOf = ({ errors }: Said): readonly object[] => {
  const violations: object[] = [];
  let bytes = 0;
  for (const { field, message } of errors) {
    const violation = { field: short(field), description: short(message) };
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

/**
 * A problem as the status of a gRPC call, with ErrorInfo, BadRequest where fields are at fault, and RetryInfo. `names`:
 * what the caller's message calls fields, where it calls them otherwise than their inputs.
 */
export const encodeProblem = (
  problem: Problem,
  names: Names = {},
): { code: status; details: string; metadata: Metadata } => {
  const code: status = grpcStatusOf(problem.code);
  const said = renamed(problem, names);
  const message = short(inProtoNames(said.detail));
  const fieldViolations = violationsOf(said);
  const details = [
    detail('ErrorInfo', errorInfoOf(problem)),
    ...(fieldViolations.length > 0 ? [detail('BadRequest', { fieldViolations })] : []),
    ...retryInfoOf(problem),
  ];
  const metadata = new Metadata();
  metadata.set(STATUS_DETAILS, Buffer.from(encode('Status', { code, message, details })));
  return { code, details: message, metadata };
};
