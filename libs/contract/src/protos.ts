import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The protobuf package of all services. */
export const PACKAGE = 'keyledger.v1';

/** Directory that imports inside the protos are relative to. It lies beside `src` as well as beside `dist`. */
export const protoRoot = fileURLToPath(new URL('../proto', import.meta.url));

/** google.rpc.Status and the details of a refusal, in `grpc-status-details-bin`. */
export const statusFiles: readonly string[] = ['status.proto', 'error_details.proto'].map((name) =>
  join(protoRoot, 'google', 'rpc', name),
);

const folder = join(protoRoot, 'keyledger', 'v1');

/** Absolute paths of all protos of the package. Load them with `protoRoot` as the include directory. */
export const protoFiles: readonly string[] = readdirSync(folder).map((name) => join(folder, name));
