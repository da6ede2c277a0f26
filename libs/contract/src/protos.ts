import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The protobuf package of all services. */
export const PACKAGE = 'keyledger.v1';

/** Directory that imports inside the protos are relative to. It lies beside `src` as well as beside `dist`. */
export const protoRoot = fileURLToPath(new URL('../proto', import.meta.url));

const fileNames = [
  'resources.proto',
  'account_service.proto',
  'api_access_service.proto',
  'catalogue_service.proto',
  'application_service.proto',
  'credential_service.proto',
  'audit_service.proto',
  'position_service.proto',
];

/** Absolute paths of all protos of the package. Load them with `protoRoot` as the include directory. */
export const protoFiles: readonly string[] = fileNames.map((name) => join(protoRoot, 'keyledger', 'v1', name));
