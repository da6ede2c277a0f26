import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { hasCode } from '@keyledger/durable-files';

const mediaTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** In the order in which they are chosen: the smallest first. */
const codings = { br: '.br', gzip: '.gz' } as const;
type Coding = keyof typeof codings;

/** A file that the build has made, with what it was compressed to. */
export interface ConsoleFile {
  readonly mediaType: string;
  readonly plain: Buffer;
  readonly compressed: readonly (readonly [coding: Coding, bytes: Buffer])[];
}

export interface BuiltConsole {
  /** Of the page, without the nonce of an answer. */
  readonly page: string;
  /** By their names below `assets/`. */
  readonly assets: ReadonlyMap<string, ConsoleFile>;
}

const readAsset = (folder: string, name: string, names: ReadonlySet<string>): ConsoleFile => ({
  mediaType: mediaTypes[extname(name)] ?? 'application/octet-stream',
  plain: readFileSync(join(folder, name)),
  compressed: Object.entries(codings)
    .filter(([, ending]) => names.has(name + ending))
    .map(([coding, ending]) => [coding as Coding, readFileSync(join(folder, name + ending))]),
});

const isCompressed = (name: string): boolean => Object.values(codings).some((ending) => name.endsWith(ending));

/** Reads the files once, so that no path of a request ever reaches the disk. Null where nothing was built. */
export const readBuiltConsole = (folder: string): BuiltConsole | null => {
  try {
    const page = readFileSync(join(folder, 'index.html'), 'utf8');
    const assetFolder = join(folder, 'assets');
    const names = new Set(readdirSync(assetFolder));
    const assets = [...names].filter((name) => !isCompressed(name));
    return { page, assets: new Map(assets.map((name) => [name, readAsset(assetFolder, name, names)])) };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
};

/** The form of the file that fits a header `Accept-Encoding`. */
export const formFor = (file: ConsoleFile, accepted = ''): { readonly coding?: Coding; readonly bytes: Buffer } => {
  const named = new Set(
    accepted
      .split(',')
      .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
      .map((part) => part.split(';')[0]?.trim().toLowerCase()),
  );
  const [coding, bytes] = file.compressed.find(([each]) => named.has(each)) ?? [];
  return coding === undefined || bytes === undefined ? { bytes: file.plain } : { coding, bytes };
};
