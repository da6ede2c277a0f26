// Builds apps/console, unless its output was made of the same inputs.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const room = join(root, 'apps/console');
const output = join(room, 'dist');
const stamp = 'inputs.sha256';
/** What is built takes its place at once, so that a server that starts meanwhile finds one or the other. */
const unfinished = `${output}.unfinished`;

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const sources = filesIn(join(room, 'src')).filter((path) => !path.includes('/generated/'));
const settings = ['index.html', 'vite.config.mjs', 'generate-client.mjs', 'package.json'].map((name) =>
  join(room, name),
);
const shared = ['libs/contract/openapi.json', 'package-lock.json', 'tools/build-console.mjs'].map((name) =>
  join(root, name),
);

const hash = createHash('sha256');
for (const path of [...sources.sort(), ...settings, ...shared])
  hash.update(path.slice(root.length)).update(readFileSync(path));
const inputs = hash.digest('hex');

/** Undefined where the packages that only development needs are not installed. */
const findVite = () => {
  try {
    return join(dirname(createRequire(join(room, 'package.json')).resolve('vite/package.json')), 'bin/vite.js');
  } catch {
    return undefined;
  }
};

const known = join(output, stamp);
const isBuilt = existsSync(known) && readFileSync(known, 'utf8') === inputs;
const vite = isBuilt ? undefined : findVite();
if (!isBuilt && vite === undefined) {
  process.stderr.write('The console is not built: its packages are development dependencies. Run: npm ci\n');
} else if (!isBuilt) {
  const run = (...args) => execFileSync(process.execPath, args, { cwd: room, stdio: ['ignore', 'inherit', 'inherit'] });
  run('generate-client.mjs');
  run(vite, 'build', '--logLevel', 'warn', '--outDir', unfinished, '--emptyOutDir');
  for (const path of filesIn(join(unfinished, 'assets'))) {
    const bytes = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }));
  }
  writeFileSync(join(unfinished, stamp), inputs);
  rmSync(output, { recursive: true, force: true });
  renameSync(unfinished, output);
}
