import { dirname, join } from 'node:path';
import { loadFileDescriptorSetFromBuffer, loadSync } from '@grpc/proto-loader';
import { protoFiles, protoRoot, statusFiles } from '@keyledger/contract/protos';
import { protoPath as healthProto } from 'grpc-health-check';
import descriptor, {
  type IDescriptorProto,
  type IFileDescriptorProto,
  type IFileDescriptorSet,
} from 'protobufjs/ext/descriptor/index.js';
import { describable } from '../src/grpc/reflection.js';

const { FileDescriptorProto, FileDescriptorSet } = descriptor;

const files = [...protoFiles, ...statusFiles, healthProto, join(import.meta.dirname, 'protos/toys/v1/toys.proto')];
const includeDirs = [protoRoot, dirname(healthProto), join(import.meta.dirname, 'protos')];
const [all] = Object.values(describable(loadSync(files, { includeDirs }), { files, includeDirs }));
if (all === undefined || !Array.isArray(all.fileDescriptorProtos)) throw new Error('Nothing is described.');
const described = all.fileDescriptorProtos.map((bytes): IFileDescriptorProto =>
  FileDescriptorProto.toObject(FileDescriptorProto.decode(bytes)),
);

const fileNamed = (name: string): IFileDescriptorProto | undefined => described.find((file) => file.name === name);

const messageNamed = (file: string, name: string): IDescriptorProto =>
  fileNamed(file)?.messageType?.find((message) => message.name === name) ?? {};

const namesIn = (scope: string, { name = '', nestedType = [], enumType = [] }: IDescriptorProto): readonly string[] => [
  `${scope}.${name}`,
  ...enumType.map((nested) => `${scope}.${name}.${nested.name}`),
  ...nestedType.flatMap((nested) => namesIn(`${scope}.${name}`, nested)),
];

const typesIn = ({ field = [], nestedType = [] }: IDescriptorProto): readonly string[] => [
  ...field.flatMap(({ typeName }) => typeName ?? []),
  ...nestedType.flatMap(typesIn),
];

describe('server reflection', () => {
  it('has each file under the name by which it is imported', () => {
    const ours = [...protoFiles, ...statusFiles].map((path) => path.slice(protoRoot.length + 1));
    const wellKnown = ['any', 'duration', 'field_mask', 'timestamp'].map((name) => `google/protobuf/${name}.proto`);
    const others = ['toys/v1/toys.proto', 'grpc/health/v1/health.proto'];
    expect(described.map(({ name }) => name).sort()).toEqual([...ours, ...wellKnown, ...others].sort());
    for (const { name, package: declared = '' } of described) {
      expect([name, name?.startsWith(declared.replaceAll('.', '/'))]).toEqual([name, true]);
    }
  });

  it('imports whatever a file refers to, and nothing that is not there', () => {
    const fileOf = new Map(
      described.flatMap(({ name, package: declared = '', messageType = [], enumType = [] }) => [
        ...messageType.flatMap((message) => namesIn(`.${declared}`, message)).map((type) => [type, name] as const),
        ...enumType.map((type) => [`.${declared}.${type.name}`, name] as const),
      ]),
    );
    for (const { name, dependency = [], messageType = [], service = [] } of described) {
      const methods = service.flatMap(({ method = [] }) => method);
      const types = [
        ...messageType.flatMap(typesIn),
        ...methods.flatMap(({ inputType = '', outputType = '' }) => [inputType, outputType]),
      ];
      const needed = new Set(types.map((type) => fileOf.get(type)));
      needed.delete(name);
      const expected: readonly string[] = [...needed].map(String).sort();
      const imported: readonly string[] = (dependency as readonly string[]).map(String);
      expect({ name, dependency: imported }).toEqual({ name, dependency: expected });
    }
  });

  it('says which fields are optional, as the specification has it', () => {
    const { field = [], oneofDecl = [] } = messageNamed(
      'keyledger/v1/credential_service.proto',
      'UpdateCredentialRequest',
    );
    const description = field.find(({ name }) => name === 'description');
    expect(description).toMatchObject({ jsonName: 'description', proto3Optional: true });
    expect(oneofDecl[description?.oneofIndex ?? -1]?.name).toBe('_description');
    const id = field.find(({ name }) => name === 'credential_id');
    expect(id).toMatchObject({ jsonName: 'credentialId' });
    expect(id).not.toHaveProperty('oneofIndex');
  });

  it('names maps as the specification does', () => {
    const { field, nestedType } = messageNamed('google/rpc/error_details.proto', 'ErrorInfo');
    expect(field?.[2]).toMatchObject({ name: 'metadata', typeName: '.google.rpc.ErrorInfo.MetadataEntry' });
    expect(nestedType?.[0]).toMatchObject({ name: 'MetadataEntry', options: { mapEntry: true } });
  });

  it('is understood by a reader of descriptors', () => {
    const set: IFileDescriptorSet = { file: described };
    const bytes = FileDescriptorSet.encode(FileDescriptorSet.fromObject(set)).finish();
    const read = loadFileDescriptorSetFromBuffer(Buffer.from(bytes), { keepCase: true });
    const written = loadSync(files, { includeDirs, keepCase: true });
    expect(Object.keys(read).sort()).toEqual(Object.keys(written).sort());
    const services = Object.keys(written).filter((name) => /Service$|Toys$/.test(name));
    for (const name of services) expect(Object.keys(read[name] ?? {})).toEqual(Object.keys(written[name] ?? {}));
  });
});
