import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ServerCredentials } from '@grpc/grpc-js';

const run = promisify(execFile);

/** Credentials from `ca.crt`, `node.crt` and `node.key` in `directory`, which are made there if they are missing. */
export async function nodeCredentials(directory: string): Promise<ServerCredentials> {
  if (!(await isThere(join(directory, 'node.key')))) await makeCertificates(directory);
  const [authority, certificate, key] = await Promise.all(
    ['ca.crt', 'node.crt', 'node.key'].map((name) => readFile(join(directory, name))),
  );
  if (!authority || !certificate || !key) throw new Error(`No certificates in ${directory}`);
  return ServerCredentials.createSsl(authority, [{ cert_chain: certificate, private_key: key }]);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** An authority of its own, and a certificate of this machine's names and addresses signed by it. */
async function makeCertificates(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const file = (name: string): string => join(directory, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = ['req', '-x509', ...key, '-days', '30', '-subj', '/CN=Test authority'];
  await openssl([...authority, '-keyout', file('ca.key'), '-out', file('ca.crt')]);
  await openssl(['req', ...key, '-subj', '/CN=localhost', '-keyout', file('node.key'), '-out', file('node.csr')]);
  await writeFile(file('node.ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\n');
  const signing = ['x509', '-req', '-days', '30', '-in', file('node.csr'), '-extfile', file('node.ext')];
  const signer = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial'];
  await openssl([...signing, ...signer, '-out', file('node.crt')]);
}

async function openssl(args: readonly string[]): Promise<void> {
  await run('openssl', args);
}
