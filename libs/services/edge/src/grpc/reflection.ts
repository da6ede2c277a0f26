import { relative } from 'node:path';
import type { AnyDefinition, EnumTypeDefinition, MessageTypeDefinition, PackageDefinition } from '@grpc/proto-loader';
import protobuf from 'protobufjs';
import descriptor, {
  type IDescriptorProto,
  type IEnumDescriptorProto,
  type IFieldDescriptorProto,
  type IFileDescriptorProto,
  type IServiceDescriptorProto,
} from 'protobufjs/ext/descriptor/index.js';
import { loadProtos, type Protos } from './messages.js';

const { FieldDescriptorProto, FileDescriptorProto } = descriptor;

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).slice(1);

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The name that the protobuf specification gives to the message behind a map. */
const entryName = (field: string): string => {
  const name = camelCase(field);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}Entry`;
};

const Type = FieldDescriptorProto.lookupEnum('Type');
const Label = FieldDescriptorProto.lookupEnum('Label');

/** What a value is, as descriptors say it. */
const describeValue = (type: string, resolved: protobuf.ReflectionObject | null): IFieldDescriptorProto => {
  if (resolved === null) return { type: Type.values[`TYPE_${type.toUpperCase()}`] };
  const kind = resolved instanceof protobuf.Enum ? 'TYPE_ENUM' : 'TYPE_MESSAGE';
  return { type: Type.values[kind], typeName: resolved.fullName };
};

/** The real ones first, as the specification wants it; then one for each optional field. */
const oneofsOf = (type: protobuf.Type): readonly protobuf.OneOf[] => [
  ...type.oneofsArray.filter((oneof) => !oneof.isProto3Optional),
  ...type.oneofsArray.filter((oneof) => oneof.isProto3Optional),
];

const describeField = (field: protobuf.Field, parent: protobuf.Type): IFieldDescriptorProto => {
  const { name, id: number, type, resolvedType, map, repeated, partOf } = field;
  const entry = { type: Type.values['TYPE_MESSAGE'], typeName: `${parent.fullName}.${entryName(name)}` };
  return {
    ...{ name, number, jsonName: camelCase(name) },
    label: Label.values[map || repeated ? 'LABEL_REPEATED' : 'LABEL_OPTIONAL'],
    ...(map ? entry : describeValue(type, resolvedType)),
    ...(partOf ? { oneofIndex: oneofsOf(parent).indexOf(partOf), proto3Optional: partOf.isProto3Optional } : {}),
  };
};

const describeEntry = ({ name, type, resolvedType, keyType }: protobuf.MapField): IDescriptorProto => {
  const label = Label.values['LABEL_OPTIONAL'];
  return {
    name: entryName(name),
    field: [
      { name: 'key', number: 1, label, jsonName: 'key', ...describeValue(keyType, null) },
      { name: 'value', number: 2, label, jsonName: 'value', ...describeValue(type, resolvedType) },
    ],
    options: { mapEntry: true },
  };
};

const describeEnum = ({ name, values }: protobuf.Enum): IEnumDescriptorProto => ({
  name,
  value: Object.entries(values).map(([valueName, number]) => ({ name: valueName, number })),
});

const describeType = (type: protobuf.Type): IDescriptorProto => ({
  name: type.name,
  field: type.fieldsArray.map((field) => describeField(field, type)),
  nestedType: [
    ...type.fieldsArray.filter((field) => field instanceof protobuf.MapField).map(describeEntry),
    ...type.nestedArray.filter((nested) => nested instanceof protobuf.Type).map(describeType),
  ],
  enumType: type.nestedArray.filter((nested) => nested instanceof protobuf.Enum).map(describeEnum),
  oneofDecl: oneofsOf(type).map(({ name }) => ({ name })),
});

const describeService = ({ name, methodsArray }: protobuf.Service): IServiceDescriptorProto => ({
  name,
  method: methodsArray.map((method) => ({
    name: method.name,
    inputType: method.resolvedRequestType?.fullName,
    outputType: method.resolvedResponseType?.fullName,
    clientStreaming: method.requestStream === true,
    serverStreaming: method.responseStream === true,
  })),
});

type Declared = protobuf.Type | protobuf.Enum | protobuf.Service;

const isDeclared = (object: protobuf.ReflectionObject): object is Declared =>
  object instanceof protobuf.Type || object instanceof protobuf.Enum || object instanceof protobuf.Service;

/** What is declared in files, but not inside of another. */
const declaredIn = (namespace: protobuf.NamespaceBase): readonly Declared[] =>
  namespace.nestedArray.flatMap((object) => {
    if (isDeclared(object)) return [object];
    return object instanceof protobuf.Namespace ? declaredIn(object) : [];
  });

const packageOf = ({ parent }: Declared): string => parent?.fullName.slice(1) ?? '';

/** As imports name it. The well-known types come with protobufjs, from no file. */
const fileOf = (declared: Declared, { includeDirs }: Protos): string => {
  const { filename, name } = declared;
  if (filename === null) return `google/protobuf/${snakeCase(name)}.proto`;
  const names = includeDirs.map((dir) => relative(dir, filename)).filter((path) => !path.startsWith('..'));
  const [path = filename] = names;
  // Some packages bring a file without the folders that it is imported by, which are those of its package.
  return path.includes('/') ? path : [...packageOf(declared).split('.'), path].join('/');
};

const typesOf = (type: protobuf.Type): readonly (protobuf.Type | protobuf.Enum)[] => [
  ...type.fieldsArray.flatMap(({ resolvedType }) => resolvedType ?? []),
  ...type.nestedArray.flatMap((nested) => (nested instanceof protobuf.Type ? typesOf(nested) : [])),
];

const referredBy = (declared: Declared): readonly (protobuf.Type | protobuf.Enum)[] => {
  if (declared instanceof protobuf.Type) return typesOf(declared);
  if (declared instanceof protobuf.Enum) return [];
  return declared.methodsArray.flatMap(({ resolvedRequestType, resolvedResponseType }) => [
    ...(resolvedRequestType === null ? [] : [resolvedRequestType]),
    ...(resolvedResponseType === null ? [] : [resolvedResponseType]),
  ]);
};

const outermost = (object: protobuf.Type | protobuf.Enum): Declared =>
  object.parent instanceof protobuf.Type ? outermost(object.parent) : object;

const describeFile = (name: string, members: readonly Declared[], protos: Protos): IFileDescriptorProto => {
  const referred = members.flatMap(referredBy).map((type) => fileOf(outermost(type), protos));
  return {
    name,
    package: members[0] && packageOf(members[0]),
    dependency: [...new Set(referred)].filter((file) => file !== name).sort(),
    messageType: members.filter((member) => member instanceof protobuf.Type).map(describeType),
    enumType: members.filter((member) => member instanceof protobuf.Enum).map(describeEnum),
    service: members.filter((member) => member instanceof protobuf.Service).map(describeService),
    syntax: 'proto3',
  };
};

type TypeDefinition = EnumTypeDefinition | MessageTypeDefinition<object, object>;

const isType = (definition: AnyDefinition): definition is TypeDefinition =>
  Array.isArray(definition.fileDescriptorProtos);

/**
 * The protos as their files have them, for server reflection. proto-loader makes one file of each package: without
 * imports and optional fields, and with names in camel case and for maps that the specification does not allow.
 */
export const describable = (definition: PackageDefinition, protos: Protos): PackageDefinition => {
  // The service looks at nothing of a type but the files.
  const one = Object.values(definition).find(isType);
  if (one === undefined) return definition;
  const files = new Map<string, Declared[]>();
  for (const declared of declaredIn(loadProtos(protos, { keepCase: true }))) {
    const name = fileOf(declared, protos);
    files.set(name, [...(files.get(name) ?? []), declared]);
  }
  const fileDescriptorProtos = [...files].map(([name, members]) => {
    const file = FileDescriptorProto.fromObject(describeFile(name, members, protos));
    return Buffer.from(FileDescriptorProto.encode(file).finish());
  });
  return { all: { ...one, fileDescriptorProtos } };
};
