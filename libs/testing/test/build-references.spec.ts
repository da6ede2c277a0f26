import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | { readonly types: string }>>;
  readonly nx: { readonly tags: readonly string[] };
}

interface Package {
  readonly folder: string;
  readonly files: readonly string[];
  readonly manifest: Manifest;
}

const { workspaces } = read('package.json') as { readonly workspaces: readonly string[] };
const folders = workspaces.flatMap((pattern) => {
  const parent = pattern.replace(/\/\*$/, '');
  return parent === pattern ? [pattern] : readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
});
const packages: readonly Package[] = folders.flatMap((folder) => {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return files.includes('package.json')
    ? [{ folder, files, manifest: read(`${folder}/package.json`) as Manifest }]
    : [];
});
const built = packages.filter(({ files }) => files.includes('tsconfig.build.json'));

/** The build of each package of ours that the package depends on. */
const buildsOfDependencies = ({ manifest }: Package): readonly string[] => {
  const ours = built.filter(({ manifest: { name } }) => Object.hasOwn(manifest.dependencies ?? {}, name));
  return ours.map(({ folder }) => `${folder}/tsconfig.build.json`).sort();
};

const referencesOf = (folder: string): readonly string[] => {
  const { references } = read(join(folder, 'tsconfig.build.json')) as {
    readonly references: readonly { readonly path: string }[];
  };
  return references.map(({ path }) => normalize(join(folder, path))).sort();
};

// What no reference leads to is not built: it runs as it was built before, or not at all.
describe('the build', () => {
  it.each(built)('of $folder refers to that of each package it depends on', (each) => {
    expect(referencesOf(each.folder)).toEqual(buildsOfDependencies(each));
  });

  it('refers to every app that ships, and to the client, which no app needs', () => {
    const roots = built.filter(({ folder }) => folder.startsWith('apps/') || folder === 'libs/client');
    expect(referencesOf('.')).toEqual(roots.map(({ folder }) => `${folder}/tsconfig.build.json`).sort());
  });

  it('of the all-in-one has every slice', () => {
    const slices = built.filter(({ manifest }) => manifest.nx.tags.includes('room:slice'));
    expect(slices).not.toEqual([]);
    expect(referencesOf('apps/all-in-one')).toEqual(
      expect.arrayContaining(slices.map(({ folder }) => `${folder}/tsconfig.build.json`)),
    );
  });

  it.each(packages)('of $folder has every file that it exports', ({ files, manifest }) => {
    const exported = Object.values(manifest.exports ?? {}).map((each) =>
      typeof each === 'string' ? each : each.types,
    );
    // What is published has the types of its build, which may not be there yet: they come from the source.
    const sources = exported.map((path) => normalize(path).replace(/^dist\/(.*)\.d\.ts$/, 'src/$1.ts'));
    expect(files).toEqual(expect.arrayContaining(sources));
  });
});
