import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServer, valid } from './scripted-server.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('the published package', () => {
  const { name, dependencies, peerDependencies, optionalDependencies } = JSON.parse(
    readFileSync(`${root}libs/client/package.json`, 'utf8'),
  ) as Record<string, unknown>;
  const folder = mkdtempSync(join(tmpdir(), `keyledger-client-${process.pid}-`));
  let files: readonly string[];
  let filename: string;

  afterAll(() => rmSync(folder, { recursive: true }));
  beforeAll(() => {
    execFileSync('node', ['node_modules/typescript7/bin/tsc', '-b', 'libs/client/tsconfig.build.json'], { cwd: root });
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, '--workspace', 'libs/client'];
    const [packed] = JSON.parse(execFileSync('npm', pack, { cwd: root, encoding: 'utf8' })) as [
      { filename: string; files: readonly { path: string }[] },
    ];
    files = packed.files.map(({ path }) => path);
    filename = packed.filename;
  });

  it('depends on nothing', () => {
    expect([name, dependencies, peerDependencies, optionalDependencies]).toEqual([
      '@keyledger/client',
      undefined,
      undefined,
      undefined,
    ]);
    const texts = files
      .filter((path) => /\.(js|d\.ts)$/.test(path))
      .map((path) => readFileSync(`${root}libs/client/${path}`));
    const imported = texts.flatMap((text) => [...text.toString().matchAll(/(?:from|import\()\s*'([^.][^']*)'/g)]);
    expect([...new Set(imported.map(([, specifier]) => specifier))]).toEqual(['node:crypto']);
  });

  it('has the program, its types, and nothing else', () => {
    expect(files).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'package.json', 'README.md']));
    expect(files.filter((path) => !/^(package\.json|README\.md|dist\/[\w-]+\.(js|d\.ts))$/.test(path))).toEqual([]);
  });

  it('is the file that the documentation installs, and does as its README says', async () => {
    const readme = readFileSync(`${root}libs/client/README.md`, 'utf8');
    for (const page of [readme, readFileSync(`${root}docs/verify.md`, 'utf8')])
      expect(page).toMatch(new RegExp(`^npm install \\S*/${filename}\\b`, 'm'));
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    execFileSync('npm', ['install', '--offline', '--no-audit', `./${filename}`], { cwd: folder });
    const { url, close } = await startServer(() => ({ body: valid }));
    const [, code = ''] = /^```js\n([^]*?)^```$/m.exec(readme) ?? [];
    const ask = `
      const request = { rawHeaders: ['X-Api-Key', 'key'], method: 'GET', url: '/', socket: { remoteAddress: '::1' } };
      console.log(JSON.stringify(await check(request)));`;
    writeFileSync(join(folder, 'check.mjs'), code.replace('https://keyledger.internal', url) + ask);
    const env = { PATH: process.env['PATH'], KEYLEDGER_TOKEN: 'a-token' };
    const { stdout } = await promisify(execFile)(process.execPath, ['check.mjs'], { cwd: folder, env });
    await close();
    expect(JSON.parse(stdout)).toEqual({ verdict: valid, status: 200 });
  });
});
