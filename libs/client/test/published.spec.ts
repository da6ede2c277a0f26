import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('the published package', () => {
  const { name, dependencies, peerDependencies, optionalDependencies } = JSON.parse(
    readFileSync(`${root}libs/client/package.json`, 'utf8'),
  ) as Record<string, unknown>;
  let files: readonly string[];

  beforeAll(() => {
    execFileSync('node', ['node_modules/typescript7/bin/tsc', '-b', 'libs/client/tsconfig.build.json'], { cwd: root });
    const pack = ['pack', '--dry-run', '--json', '--ignore-scripts', '--workspace', 'libs/client'];
    const [packed] = JSON.parse(execFileSync('npm', pack, { cwd: root, encoding: 'utf8' })) as [
      { files: readonly { path: string }[] },
    ];
    files = packed.files.map(({ path }) => path);
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
    expect(files).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'package.json']));
    expect(files.filter((path) => !/^(package\.json|dist\/[\w-]+\.(js|d\.ts))$/.test(path))).toEqual([]);
  });
});
