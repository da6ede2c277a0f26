import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import { refused, startServer, valid, type Reply, type ScriptedServer } from './scripted-server.js';

// The examples of docs/verify.md as they stand there, each a program of its own, on the client as it is published.
const root = fileURLToPath(new URL('../../../', import.meta.url));
const markdown = readFileSync(join(root, 'docs/verify.md'), 'utf8');

const exampleOf = (framework: string): string => {
  const [, language, code] =
    new RegExp(`^### ${framework}\n[^]*?^\`\`\`(\\w+)\n([^]*?)^\`\`\`$`, 'm').exec(markdown) ?? [];
  if (code === undefined) throw new Error(`There is no example for ${framework}.`);
  if (language === 'js') return code;
  const configFile = join(root, '.swcrc');
  return transformSync(code, { filename: 'example.ts', configFile, sourceMaps: false }).code;
};

const token = 'the-verifiers-token';
const unusable: Readonly<Record<string, Reply>> = {
  key_limited: { status: 429, headers: { 'retry-after': '60' }, body: { code: 'too-many-requests' } },
  key_unlucky: { status: 503, headers: { 'retry-after': '60' }, body: { code: 'log-unavailable' } },
};

/** As the contract has it, for credentials that say themselves what is true of them. */
const replyTo = (authorization: string | undefined, body: unknown): Reply => {
  if (authorization !== `Bearer ${token}`) return { status: 401, body: { code: 'unauthenticated' } };
  const { credential, sharedKey, secretKey } = body as Record<string, string | undefined>;
  if (credential === 'key_good' || (sharedKey === 'kps_good' && secretKey === 'kpk_good')) return { body: valid };
  if (credential === undefined || credential === '') return { body: refused('MALFORMED') };
  return unusable[credential] ?? { body: refused(credential.replace('key_', '')) };
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

describe.each(['Express', 'Fastify', 'Nest'])('the example for %s', (framework) => {
  let folder: string;
  let keyledger: ScriptedServer;
  let program: ChildProcess;
  let printed = '';
  let invoices: string;

  const listens = async (): Promise<boolean> => {
    if (program.exitCode !== null) throw new Error(`It ended with ${program.exitCode}.\n${printed}`);
    return fetch(invoices).then(
      (response) => response.text().then(() => true),
      () => false,
    );
  };

  beforeAll(async () => {
    execFileSync('node', ['node_modules/typescript7/bin/tsc', '-b', 'libs/client/tsconfig.build.json'], { cwd: root });
    folder = mkdtempSync(join(tmpdir(), `keyledger-example-${process.pid}-`));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'example.mjs'), exampleOf(framework));
    keyledger = await startServer(({ headers, body }) => replyTo(headers.authorization, body));
    const port = await freePort();
    const env = { PATH: process.env['PATH'], PORT: `${port}`, KEYLEDGER_URL: keyledger.url, KEYLEDGER_TOKEN: token };
    program = spawn('node', ['example.mjs'], { cwd: folder, env });
    for (const stream of [program.stdout, program.stderr])
      stream?.on('data', (text: Buffer) => (printed += text.toString()));
    invoices = `http://localhost:${port}/invoices`;
    while (!(await listens())) await new Promise((resolve) => setTimeout(resolve, 50));
  });

  afterAll(async () => {
    program.kill();
    if (program.exitCode === null && program.signalCode === null) await once(program, 'exit');
    await keyledger.close();
    rmSync(folder, { recursive: true });
  });

  it.each<[string, Record<string, string>]>([
    ['a key', { 'x-api-key': 'key_good' }],
    ['a token', { 'x-auth-token': 'key_good' }],
    ['Bearer', { authorization: 'Bearer key_good' }],
    ['a pair', { 'x-shared-key': 'kps_good', 'x-secret-key': 'kpk_good' }],
  ])('lets %s in, and knows whose it is', async (_, headers) => {
    const response = await fetch(`${invoices}?page=2`, { headers });
    expect([response.status, await response.json()]).toEqual([200, { accountId: valid.accountId }]);
    expect(keyledger.asked.at(-1)?.body).toMatchObject({
      ip: expect.stringMatching(/^(::ffff:)?127\.0\.0\.1$|^::1$/) as string,
      endpoint: { method: 'GET', path: '/invoices?page=2' },
      scopes: ['invoices:read'],
    });
  });

  it.each<[number, string, Record<string, string>]>([
    [401, 'MALFORMED', {}],
    [401, 'MALFORMED', { 'x-api-key': 'key_good', 'x-auth-token': 'key_good' }],
    [401, 'REVOKED', { 'x-api-key': 'key_REVOKED' }],
    [403, 'INSUFFICIENT_SCOPE', { 'x-api-key': 'key_INSUFFICIENT_SCOPE' }],
    [503, 'STALE', { 'x-api-key': 'key_STALE' }],
  ])('answers %d and %s to %j', async (status, code, headers) => {
    const response = await fetch(invoices, { headers });
    expect([response.status, await response.json()]).toEqual([status, { code }]);
    const [name, value] = status === 503 ? ['retry-after', '1'] : ['www-authenticate', 'Bearer'];
    expect(response.headers.get(name)).toBe(value);
  });

  it.each([
    [429, 'key_limited'],
    [503, 'key_unlucky'],
  ])('answers %d where there is no verdict for %s', async (status, key) => {
    const response = await fetch(invoices, { headers: { 'x-api-key': key } });
    expect(response.status).toBe(status);
    const text = await response.text();
    for (const secret of [key, token]) expect(text + printed).not.toContain(secret);
    if (framework !== 'Nest') expect(response.headers.get('retry-after')).toBe('60');
  });
});
