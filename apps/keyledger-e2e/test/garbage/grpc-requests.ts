import fc from 'fast-check';
import protobuf from 'protobufjs';
import { protos } from '../harness/grpc-messages.js';
import type { Known } from './http-requests.js';
import { hostileCursor, hostileId, hostilePosition, hostileText } from './hostile-values.js';

/** A call of an RPC with bytes that may not even be its message. */
export interface RawRpc {
  readonly bytes: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Long numbers as text, which protobufjs takes for every 64-bit field. */
const int64 = fc.constantFrom('0', '1', '-1', '9007199254740993', '9223372036854775807', '-9223372036854775808');
const uint32 = fc.constantFrom(0, 1, 200, 201, 604_800, 604_801, 2 ** 31, 2 ** 32 - 1);
const anInstant = fc.integer({ min: -1, max: 400 }).map((days) => ({
  ...{ seconds: Math.floor(Date.now() / 1000) + days * 86_400, nanos: 0 },
}));

const texts = (name: string, known: Known): fc.Arbitrary<string> => {
  const ids = known.ids[name];
  const odd = name === 'cursor' ? hostileCursor : hostileText;
  if (ids !== undefined)
    return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: hostileId });
  const usual = fc.constantFrom('api_key', 'client_credentials', 'test', 'staging', 'free', 'name', 'billing-service');
  return fc.oneof({ weight: 1, arbitrary: usual }, { weight: 1, arbitrary: odd });
};

const numbers: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  ...{ uint64: int64, int64, uint32, int32: fc.constantFrom(0, -1, 999_999_999, 2 ** 31 - 1, -(2 ** 31)) },
  bool: fc.boolean(),
};

const one = (field: protobuf.Field, known: Known): fc.Arbitrary<unknown> => {
  const { resolvedType, type, name } = field.resolve();
  if (resolvedType instanceof protobuf.Type) {
    const fields = message(resolvedType, known);
    return resolvedType.name === 'Timestamp' ? fc.oneof(anInstant, fields) : fields;
  }
  return numbers[type] ?? texts(name, known);
};

/** More items than any list may have, or fewer where they are long: beyond 4 MiB gRPC itself cuts a message off. */
const tooMany = (item: unknown): unknown[] =>
  Array<unknown>(JSON.stringify(item).length > 3_000 ? 100 : 1_100).fill(item);

const value = (field: protobuf.Field, known: Known): fc.Arbitrary<unknown> => {
  if (field.map) return fc.dictionary(hostileText, one(field, known), { maxKeys: 5 });
  return field.repeated
    ? fc.oneof(
        { weight: 9, arbitrary: fc.array(one(field, known), { maxLength: 3 }) },
        { weight: 1, arbitrary: one(field, known).map(tooMany) },
      )
    : one(field, known);
};

/** The message with any subset of its fields; the account is nearly always named. */
const message = (type: protobuf.Type, known: Known): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(type.fieldsArray.map((field) => [field.name, value(field, known)])), {
    requiredKeys: type.fieldsArray.map(({ name }) => name).filter((name) => name === 'accountId'),
  });

const encoded = (type: protobuf.Type, known: Known): fc.Arbitrary<Buffer> =>
  message(type, known).map((fields) => Buffer.from(type.encode(type.fromObject(fields)).finish()));

/** Bytes of a message of which some were changed, or the end cut off. */
const damaged = (whole: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc
    .tuple(whole, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(10))
    .map(([bytes, changes, cut]) => {
      const copy = Buffer.from(bytes);
      for (const [at, byte] of changes) if (copy.length > 0) copy[at % copy.length] = byte;
      return copy.subarray(0, Math.max(0, copy.length - cut));
    });

/** gRPC metadata is printable ASCII; a client could not even send anything else. */
const printable = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  text.map((raw) => raw.replace(/[^ -~]/g, '').slice(0, 2_000));

const metadata = (known: Known): fc.Arbitrary<Record<string, string>> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: printable(hostilePosition(known.logId)).map((text) => ({ 'min-position': text })) },
    { weight: 1, arbitrary: printable(hostileText).map((text) => ({ 'idempotency-key': text })) },
    { weight: 1, arbitrary: printable(hostileText).map((text) => ({ 'x-correlation-id': text })) },
  );

/** Calls of the RPC, nearly all of them wrong somewhere. */
export const callsOf = (rpc: string, known: Known): fc.Arbitrary<RawRpc> => {
  const [service = '', name = ''] = rpc.split('/');
  const method = protos.lookupService(`keyledger.v1.${service}`).methods[name];
  const type = protos.lookupType(`keyledger.v1.${method?.requestType}`);
  const whole = encoded(type, known);
  const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  const bytes = fc.oneof({ weight: 6, arbitrary: whole }, { weight: 2, arbitrary: damaged(whole) }, random);
  return fc.record({ bytes, metadata: metadata(known) });
};
