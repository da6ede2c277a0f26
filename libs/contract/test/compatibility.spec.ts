import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const contract = join(root, 'libs/contract');
const released = join(contract, 'released.binpb');

/** What buf has to say; nothing where it is content. */
const buf = (...args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const options = { cwd: root, env: { ...process.env, BUF_CACHE_DIR: join(tmpdir(), 'keyledger-buf') } };
    execFile(join(root, 'node_modules/.bin/buf'), args, options, (error, stdout, stderr) =>
      resolve(`${stdout}${stderr}${error === null || stdout !== '' ? '' : error.message}`),
    );
  });

it('follows the style of buf but for the exceptions in buf.yaml, which say why', async () => {
  expect(await buf('lint', contract)).toBe('');
});

it('breaks no client of the last release', async () => {
  expect(await buf('breaking', contract, '--against', released)).toBe('');
});

it.each([
  ['a field is renumbered', 'account_service.proto', /string name = 1;/, 'string name = 9;'],
  ['an RPC is gone', 'account_service.proto', /^ {2}rpc SetPlan\(.*\n/m, ''],
  ['the type of a field is another', 'audit_service.proto', /uint32 limit/, 'string limit'],
])('notices when %s', async (_, file, before, after) => {
  const copy = await mkdtemp(join(tmpdir(), `keyledger-contract-${process.pid}-`));
  try {
    await cp(join(contract, 'buf.yaml'), join(copy, 'buf.yaml'));
    await cp(join(contract, 'proto'), join(copy, 'proto'), { recursive: true });
    const path = join(copy, 'proto/keyledger/v1', file);
    const text = await readFile(path, 'utf8');
    expect(text).toMatch(before);
    await writeFile(path, text.replace(before, after));
    expect(await buf('breaking', copy, '--against', released)).toContain(file);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});
