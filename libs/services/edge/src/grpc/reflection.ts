import type { AnyDefinition, EnumTypeDefinition, MessageTypeDefinition, PackageDefinition } from '@grpc/proto-loader';
import descriptor, { type IDescriptorProto, type IFileDescriptorProto } from 'protobufjs/ext/descriptor/index.js';

const { FileDescriptorProto } = descriptor;

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The name that the protobuf specification gives to the message behind a map. */
const entryName = (field: string): string => `${field.charAt(0).toUpperCase()}${field.slice(1)}Entry`;

/** Fields as the proto files name them, and maps as the specification does. */
const asWritten = ({ field = [], nestedType = [], ...message }: IDescriptorProto): IDescriptorProto => {
  const entries = new Map(field.map(({ name = '', typeName }) => [typeName, entryName(name)]));
  const isEntry = ({ options }: IDescriptorProto): boolean => options?.mapEntry === true;
  const maps = new Set(nestedType.filter(isEntry).map(({ name }) => name));
  return {
    ...message,
    field: field.map(({ name = '', typeName, ...rest }) => ({
      ...rest,
      name: snakeCase(name),
      jsonName: name,
      typeName: maps.has(typeName) ? entries.get(typeName) : typeName,
    })),
    nestedType: nestedType.map((nested) =>
      isEntry(nested) ? { ...nested, name: entries.get(nested.name) } : asWritten(nested),
    ),
  };
};

const typesIn = ({ field = [], nestedType = [] }: IDescriptorProto): readonly string[] => [
  ...field.flatMap(({ typeName }) => typeName ?? []),
  ...nestedType.flatMap(typesIn),
];

const importsOf = (file: IFileDescriptorProto, files: readonly IFileDescriptorProto[]): string[] => {
  const types = (file.messageType ?? []).flatMap(typesIn);
  const isUsed = (other: IFileDescriptorProto): boolean => types.some((type) => type.startsWith(`${other.package}.`));
  return files.flatMap((other) => (other !== file && isUsed(other) ? (other.name ?? []) : []));
};

type TypeDefinition = EnumTypeDefinition | MessageTypeDefinition<object, object>;

const isType = (definition: AnyDefinition): definition is TypeDefinition =>
  Array.isArray(definition.fileDescriptorProtos);

const decode = (bytes: Buffer): IFileDescriptorProto => FileDescriptorProto.toObject(FileDescriptorProto.decode(bytes));

/**
 * The package as strict readers of server reflection take it, such as grpcurl. proto-loader makes one file of each
 * package: without imports, with fields in camel case, and with names for maps that the specification does not allow.
 */
export const describable = (definition: PackageDefinition): PackageDefinition => {
  // Every type refers to the descriptors of all files, so that one of them is enough.
  const one = Object.values(definition).find(isType);
  if (one === undefined) return definition;
  const files = one.fileDescriptorProtos.map(decode);
  const fileDescriptorProtos = files.map((file) => {
    const repaired = { ...file, dependency: importsOf(file, files), messageType: file.messageType?.map(asWritten) };
    return Buffer.from(FileDescriptorProto.encode(FileDescriptorProto.fromObject(repaired)).finish());
  });
  return { all: { ...one, fileDescriptorProtos } };
};
