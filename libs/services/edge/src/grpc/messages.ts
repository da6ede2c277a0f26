import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { MethodDefinition, PackageDefinition } from '@grpc/proto-loader';
import protobuf from 'protobufjs';
import { Problem } from '../operation/problem.js';

/** Proto files, and the folders that their imports are relative to. */
export interface Protos {
  readonly files: readonly string[];
  readonly includeDirs: readonly string[];
}

/** Everything that they declare. */
export const loadProtos = ({ files, includeDirs }: Protos, options: protobuf.IParseOptions = {}): protobuf.Root => {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) =>
    isAbsolute(target) ? target : (includeDirs.map((dir) => join(dir, target)).find(existsSync) ?? target);
  return root.loadSync([...files], options).resolveAll() as protobuf.Root;
};

interface TimestampFields {
  /** In a decoded message a Long, which has a value of its own. */
  readonly seconds?: number | { toNumber(): number };
  readonly nanos?: number;
}

const MOST_NANOS = 999_999_999;
const TIMESTAMP = '.google.protobuf.Timestamp';

const toFields = (date: Date): TimestampFields => {
  const seconds = Math.floor(date.getTime() / 1000);
  return { seconds, nanos: (date.getTime() - seconds * 1000) * 1_000_000 };
};

const toText = ({ seconds = 0, nanos = 0 }: TimestampFields): string => {
  const second = new Date(Number(seconds) * 1000);
  const isTime = nanos >= 0 && nanos <= MOST_NANOS && !Number.isNaN(second.getTime());
  // What is no time, or beyond the calendar, becomes text that the validation of the field refuses.
  if (!isTime) return 'out of range';
  const digits = String(nanos).padStart(9, '0').replace(/0{6}$/, '');
  return second.toISOString().replace('.000Z', `.${digits}Z`);
};

/**
 * Lets handlers see ISO 8601 text for every google.protobuf.Timestamp of a request, exactly as in the JSON of the HTTP
 * door, and take a Date for it in a reply. protobufjs has this hook for well-known types; it holds for the process.
 */
export const convertTimestamps = (): void => {
  Object.assign(protobuf.wrappers, {
    [TIMESTAMP]: {
      fromObject(this: protobuf.Type, value: object) {
        return this.fromObject(value instanceof Date ? toFields(value) : value);
      },
      toObject: toText,
    },
  });
};

/** Stands in for a request message that cannot be taken, until the door refuses it. */
export class RefusedMessage {
  constructor(readonly problem: Problem) {}
}

type Decode = MethodDefinition<object, object>['requestDeserialize'];
type Encode = MethodDefinition<object, object>['responseSerialize'];

const reading =
  (decode: Decode): Decode =>
  (bytes) => {
    try {
      // Of a Buffer protobufjs takes a text that is cut short; of plain bytes it does not.
      return decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) as Buffer);
    } catch {
      const detail = 'The request cannot be decoded as the message that this RPC takes.';
      return new RefusedMessage(new Problem('malformed-request', detail));
    }
  };

/** Takes bytes as they are: the door has encoded a reply before grpc-js would, whose refusal has no details. */
const writing =
  (encode: Encode): Encode =>
  (message) =>
    Buffer.isBuffer(message) ? message : encode(message);

/** Lets the door answer what grpc-js would refuse by itself, without the details that our callers go by. */
export const adaptMessages = (definition: PackageDefinition): void => {
  for (const service of Object.values(definition)) {
    if ('format' in service) continue; // A message or an enum.
    for (const method of Object.values(service)) {
      method.requestDeserialize = reading(method.requestDeserialize);
      method.responseSerialize = writing(method.responseSerialize);
    }
  }
};

/** Makes a value of a JSON reply what a field or a message of protobuf takes. */
type Convert = (value: unknown) => unknown;

type Entries = Readonly<Record<string, unknown>>;

const isPresent = (value: unknown): boolean => value !== null && value !== undefined;

const mapOf =
  (convert: Convert): Convert =>
  (map) =>
    Object.fromEntries(
      // Protobuf has no null; in a map of texts protobufjs would write it as the word.
      Object.entries(map as Entries).flatMap(([key, value]) => (isPresent(value) ? [[key, convert(value)]] : [])),
    );

/** The messages of some protos, to be made of the JSON that the HTTP door sends. */
export class MessageForms {
  private readonly root: protobuf.Root;
  private readonly known = new Map<protobuf.Type, Convert>();

  constructor(protos: Protos) {
    this.root = loadProtos(protos);
  }

  /** Names of the RPCs of a service. Throws where no proto declares it. */
  rpcsOf(service: string): readonly string[] {
    const declared = this.root.lookup(service);
    if (!(declared instanceof protobuf.Service)) throw new Error(`No proto declares the service ${service}.`);
    return declared.methodsArray.map(({ name }) => name);
  }

  /** For replies of an RPC, by the descriptor of their message: texts become times, and what is null is left out. */
  replyOf(service: string, rpc: string): Convert {
    const type = this.root.lookupService(service).methods[rpc]?.resolvedResponseType;
    if (!type) throw new Error(`${service} has no RPC ${rpc}.`);
    return this.messageOf(type);
  }

  private messageOf(type: protobuf.Type): Convert {
    const known = this.known.get(type);
    if (known !== undefined) return known;
    const fields: [name: string, convert: Convert][] = [];
    const convert: Convert = (body) => {
      const message: Record<string, unknown> = {};
      for (const [name, convertField] of fields) {
        const value = (body as Entries)[name];
        if (isPresent(value)) message[name] = convertField(value);
      }
      return message;
    };
    // Known before its fields are: a message may hold one of its own kind.
    this.known.set(type, convert);
    fields.push(...type.fieldsArray.map((field): [string, Convert] => [field.name, this.fieldOf(field)]));
    return convert;
  }

  private fieldOf(field: protobuf.Field): Convert {
    const convert = this.valueOf(field.resolvedType);
    if (field.map) return mapOf(convert);
    return field.repeated ? (values) => (values as unknown[]).map(convert) : convert;
  }

  private valueOf(type: protobuf.Type | protobuf.Enum | null): Convert {
    if (!(type instanceof protobuf.Type)) return (value) => value;
    return type.fullName === TIMESTAMP ? (text) => new Date(text as string) : this.messageOf(type);
  }
}
