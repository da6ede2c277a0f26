import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { CertificateAuthority } from '@keyledger/testing';
import { eventually } from './harness/eventually.js';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import { jsonLines, launchKeyledger, METRICS_TOKEN, runToken, type Settings } from './harness/program.js';

const run = promisify(execFile);
const healthCheck = fileURLToPath(new URL('../../../deploy/health-check.mjs', import.meta.url));

let folder: string;
let authority: CertificateAuthority;
let server: KeyledgerProcess;
let token: string;

const at = (name: string): string => join(folder, name);

/** Open to all networks of the machine, for callers with a certificate. */
const tlsSettings = (): Settings => ({
  KEYLEDGER_HOST: '0.0.0.0',
  KEYLEDGER_LOCAL_ISSUER: 'any-host',
  KEYLEDGER_TLS_CERT_FILE: at('doors.crt'),
  KEYLEDGER_TLS_KEY_FILE: at('doors.key'),
  KEYLEDGER_TLS_CLIENT_CA_FILE: authority.cert,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), `keyledger-e2e-${process.pid}-`));
  authority = await CertificateAuthority.make(folder);
  await authority.issue('doors');
  await authority.issue('caller', { usage: 'clientAuth' });
  server = await startKeyledger(tlsSettings());
  token = (await runToken(['--role', 'operator'], server.settings)).stdout.trim();
});

afterAll(async () => {
  await server.remove();
  await rm(folder, { recursive: true });
});

const filesOf = (name: string) => ({ cert: readFileSync(at(`${name}.crt`)), key: readFileSync(at(`${name}.key`)) });
const caller = () => ({ ca: readFileSync(authority.cert), ...filesOf('caller') });

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  /** Whom the certificate of the door was made for. */
  readonly subject: string | readonly string[] | undefined;
}

/** On a connection of its own. */
const ask = async (
  path: string,
  { bearer = token, body }: { bearer?: string; body?: object } = {},
): Promise<Answer> => {
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
  const method = body === undefined ? 'GET' : 'POST';
  const asked = request(`${server.httpUrl}${path}`, { ...caller(), method, headers, agent: false });
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const subject = (response.socket as TLSSocket).getPeerCertificate().subject.CN;
  return { status: response.statusCode, body: await text(response), subject };
};

/** The bytes of all accounts, over gRPC. */
const listAccounts = (): Promise<string> => {
  const { ca, key, cert } = caller();
  // By name: from Node 26 on grpc-js's own client cannot speak TLS to an address.
  const address = server.grpcAddress.replace('0.0.0.0', 'localhost');
  const client = new Client(address, credentials.createSsl(ca, key, cert));
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  const asIs = (bytes: Buffer): Buffer => bytes;
  const path = '/keyledger.v1.AccountService/ListAccounts';
  return new Promise<string>((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      asIs,
      asIs,
      Buffer.alloc(0),
      metadata,
      (error: ServiceError | null, reply?: Buffer) => (error === null ? resolve(String(reply)) : reject(error)),
    );
  }).finally(() => client.close());
};

it('is spoken by both doors, and the greeting says so', async () => {
  expect(server.httpUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect(server.output.stdout).toMatch(/^ {2}TLS {7}at both doors, for callers with a certificate$/m);
  expect(server.output.stderr).toBe('');
  const [line] = jsonLines(server.output.stdout).filter(({ msg }) => msg === 'The doors speak TLS');
  expect(line).toMatchObject({
    level: 'info',
    subject: 'CN=doors',
    names: expect.stringContaining('DNS:localhost') as string,
  });
  expect(Date.parse(String(line?.['validUntil']))).toBeGreaterThan(Date.now());

  const { status, body } = await ask('/v1/accounts', { body: { name: 'Acme' } });
  expect(status).toBe(201);
  const [accountId = 'none'] = /acct_[\w-]+/.exec(body) ?? [];
  expect(
    await eventually(async () => {
      const seen = await listAccounts();
      return seen.includes(accountId) ? { answer: true, seen } : { seen };
    }),
  ).toBe(true);
  expect((await ask('/metrics', { bearer: METRICS_TOKEN })).body).toContain('keyledger_requests_total');
});

it('is spoken by the health check, which shows the certificate of the service itself', async () => {
  const env = { ...process.env, ...tlsSettings(), NODE_OPTIONS: '', KEYLEDGER_HTTP_PORT: new URL(server.httpUrl).port };
  const { stdout } = await run(process.execPath, [healthCheck, 'live'], { env });
  expect(JSON.parse(stdout)).toMatchObject({ status: 'ok' });
  const foreign = await CertificateAuthority.make(at('foreign')).then((other) => other.issue('stranger'));
  const strange = { KEYLEDGER_TLS_CERT_FILE: foreign.cert, KEYLEDGER_TLS_KEY_FILE: foreign.key };
  await expect(run(process.execPath, [healthCheck, 'live'], { env: { ...env, ...strange } })).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^live: .*KEYLEDGER_TLS_CLIENT_CA_FILE must fit/) as string,
  });
});

it('goes on with its certificate while another one is half there, and takes that when it is whole', async () => {
  const { cert, key } = await authority.issue('renewed');
  const replace = async (name: string, by: string): Promise<void> => {
    await copyFile(by, at(`${name}.new`));
    await rename(at(`${name}.new`), at(name));
  };
  const warnings = () => jsonLines(server.output.stdout).filter(({ level }) => level === 'warn');
  await replace('doors.key', key);
  await eventually(async () => ({ ...(warnings().length > 0 ? { answer: true } : {}), seen: server.output.stdout }));
  expect(warnings()).toEqual([
    expect.objectContaining({
      msg: 'The files of TLS cannot be used: the doors keep the certificate they have',
      reason: expect.stringMatching(/^KEYLEDGER_TLS_KEY_FILE must name the key of/) as string,
    }),
  ]);
  expect(await ask('/health/live')).toMatchObject({ status: 200, subject: 'doors' });
  await replace('doors.crt', cert);
  await eventually(async () => {
    const seen = await ask('/health/live');
    return seen.subject === 'renewed' ? { answer: seen, seen } : { seen };
  });
  expect(await listAccounts()).toContain('Acme');
  expect(warnings()).toHaveLength(1);
});

describe('does not start', () => {
  const failToStart = async (settings: Settings): Promise<string> => {
    const dataDir = at('never-made');
    const { code, stderr } = await launchKeyledger({ KEYLEDGER_DATA_DIR: dataDir, ...settings }).exit;
    expect(code).toBe(1);
    await expect(stat(dataDir)).rejects.toMatchObject({ code: 'ENOENT' });
    return stderr;
  };

  it('where others can reach it, without TLS', async () => {
    const line = await failToStart({ KEYLEDGER_HOST: '0.0.0.0', KEYLEDGER_LOCAL_ISSUER: 'any-host' });
    expect(line).toMatch(
      /^Keyledger cannot start: KEYLEDGER_HOST must not .*KEYLEDGER_TLS_CERT_FILE.*_PLAINTEXT=true.*\n$/,
    );
  });

  it('with a certificate that has ended', async () => {
    const { cert, key } = await authority.issue('ended', { days: -1 });
    const line = await failToStart({ ...tlsSettings(), KEYLEDGER_TLS_CERT_FILE: cert, KEYLEDGER_TLS_KEY_FILE: key });
    expect(line).toMatch(/^Keyledger cannot start: KEYLEDGER_TLS_CERT_FILE must name .*: it ended .*\n$/);
  });

  it('with a key that is no key, which it does not show', async () => {
    await writeFile(at('bad.key'), (await readFile(at('caller.key'), 'utf8')).replace('BEGIN', 'START'), {
      mode: 0o600,
    });
    const line = await failToStart({ ...tlsSettings(), KEYLEDGER_TLS_KEY_FILE: at('bad.key') });
    expect(line).toMatch(/^Keyledger cannot start: KEYLEDGER_TLS_KEY_FILE must name a file with a private key.*\n$/);
  });
});
