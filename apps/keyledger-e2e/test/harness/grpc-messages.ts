import { join } from 'node:path';
import { protoFiles, protoRoot } from '@keyledger/contract/protos';
import protobuf from 'protobufjs';
import type { Json } from './http-client.js';

/** The published protos, read as any client of ours would read them. */
export const protos = new protobuf.Root();
const findWellKnown = protos.resolvePath.bind(protos);
protos.resolvePath = (origin, target) =>
  target.startsWith('keyledger/') ? join(protoRoot, target) : findWellKnown(origin, target);
protos.loadSync([...protoFiles]).resolveAll();

/** google.rpc.Status and its details, as https://cloud.google.com/apis/design/errors defines them. */
export const statusProtos = protobuf.parse(
  `syntax = "proto3"; package google.rpc;
   message Any { string type_url = 1; bytes value = 2; }
   message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
   message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
   message BadRequest { repeated FieldViolation field_violations = 1; }
   message FieldViolation { string field = 1; string description = 2; }
   message RetryInfo { Duration retry_delay = 1; }
   message Duration { int64 seconds = 1; int32 nanos = 2; }`,
).root;

const TIMESTAMP = '.google.protobuf.Timestamp';

const messageTypeOf = (field: protobuf.Field): protobuf.Type | null =>
  field.resolvedType instanceof protobuf.Type && !(field instanceof protobuf.MapField) ? field.resolvedType : null;

const toTimestamp = (text: string): object => {
  const milliseconds = Date.parse(text);
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanos: (milliseconds - seconds * 1000) * 1_000_000 };
};

const toWire = (type: protobuf.Type | null, value: unknown): unknown => {
  if (type === null) return value;
  if (type.fullName !== TIMESTAMP) return wireFields(type, value as Json);
  return typeof value === 'string' ? toTimestamp(value) : value;
};

/** Null and undefined mean absent. Throws for a field that the message does not have: that is a mistake of the test. */
const wireFields = (type: protobuf.Type, json: Json): Json => {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json)) {
    const field = type.fields[name];
    if (field === undefined) throw new Error(`${type.fullName} has no field ${name}.`);
    if (value === null || value === undefined) continue;
    const messageType = messageTypeOf(field.resolve());
    fields[name] = Array.isArray(value) ? value.map((item) => toWire(messageType, item)) : toWire(messageType, value);
  }
  return fields;
};

/** JSON as an HTTP client would send it, as bytes of the message. */
export const encodeMessage = (type: protobuf.Type, json: Json): Buffer =>
  Buffer.from(type.encode(type.fromObject(wireFields(type, json))).finish());

/** JSON leaves these out where they do not apply; every other absent field is null there. */
const leftOut = new Set(['secretUnavailable', 'credential', 'secret', 'endpointCount']);
/** Values of any kind, which travel as JSON texts. */
const jsonTexts = new Set(['from', 'to']);

const timeText = ({ seconds = 0, nanos = 0 }: { seconds?: number; nanos?: number }): string =>
  new Date(seconds * 1000 + nanos / 1_000_000).toISOString();

const fromWire = (type: protobuf.Type | null, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item) => fromWire(type, item));
  if (type === null) return value;
  return type.fullName === TIMESTAMP ? timeText(value as object) : jsonFields(type, value as Json);
};

/** `verifiers` is there only where the caller waited; no list and an empty one are the same on the wire. */
const isLeftOut = (name: string, value: unknown): boolean =>
  value === undefined ? leftOut.has(name) : name === 'verifiers' && Array.isArray(value) && value.length === 0;

const fieldValue = (field: protobuf.Field, value: unknown): unknown => {
  if (isLeftOut(field.name, value)) return undefined;
  if (value === undefined) return null;
  if (field instanceof protobuf.MapField) return Object.keys(value as object).length === 0 ? undefined : value;
  if (field.parent?.name === 'FieldChange' && jsonTexts.has(field.name)) return JSON.parse(value as string) as unknown;
  return fromWire(messageTypeOf(field), value);
};

const jsonFields = (type: protobuf.Type, fields: Json): Json => {
  const json = type.fieldsArray.map((field) => [field.name, fieldValue(field.resolve(), fields[field.name])] as const);
  return Object.fromEntries(json.filter(([, value]) => value !== undefined));
};

/** A reply as the JSON that the HTTP route of the same name answers with. */
export const decodeMessage = (type: protobuf.Type, bytes: Uint8Array): Json =>
  jsonFields(type, type.toObject(type.decode(bytes), { longs: Number, defaults: true }));
