import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServerCredentials } from '@grpc/grpc-js';
import { CertificateAuthority } from '../certificates.js';

/** Credentials from `ca.crt`, `node.crt` and `node.key` in `directory`, which are made there if they are missing. */
export async function nodeCredentials(directory: string): Promise<ServerCredentials> {
  const areThere = await access(join(directory, 'node.key')).then(
    () => true,
    () => false,
  );
  if (!areThere) await CertificateAuthority.make(directory).then((authority) => authority.issue('node'));
  const [authority, certificate, key] = await Promise.all(
    ['ca.crt', 'node.crt', 'node.key'].map((name) => readFile(join(directory, name))),
  );
  if (!authority || !certificate || !key) throw new Error(`No certificates in ${directory}`);
  return ServerCredentials.createSsl(authority, [{ cert_chain: certificate, private_key: key }]);
}
