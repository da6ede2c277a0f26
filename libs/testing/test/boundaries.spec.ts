import { execFileSync } from 'node:child_process';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const env = { ...process.env, NODE_OPTIONS: '', NX_DAEMON: 'false', NX_TUI: 'false' };
const run = (command: string, args: readonly string[], input = ''): string =>
  execFileSync(command, args, { cwd: root, env, input, encoding: 'utf8', maxBuffer: 2 ** 26 });

interface Room {
  /** The rooms that sources may import. A slice never imports another slice, nor an app another app. */
  readonly imports: readonly string[];
  /** Whether tests may import room `testing` as well; sources that ship never may. */
  readonly tested: boolean;
  /** Whether Nest and the decorators of classes may be used. */
  readonly nest: boolean;
}

const plain = (imports: readonly string[], tested = true): Room => ({ imports, tested, nest: false });
const served = (...imports: readonly string[]): Room => ({ imports, tested: true, nest: true });

const belowEdge = ['domain', 'contract', 'event-log', 'read-models', 'postgres', 'secrets'];

/** The rooms by their tags, stated here once more so that nobody opens a wall of eslint.config.mjs by mistake. */
const rooms: Readonly<Record<string, Room>> = {
  domain: plain([], false),
  contract: plain(['domain'], false),
  client: plain([], false),
  console: plain([], false),
  verdict: plain([], false),
  postgres: plain([]),
  'event-log': plain(['postgres']),
  'read-models': plain(['event-log', 'postgres']),
  secrets: plain(['contract', 'postgres']),
  outgoing: plain(['secrets']),
  'durable-files': plain([], false),
  'local-postgres': plain(['durable-files'], false),
  testing: plain(['local-postgres', 'domain'], false),
  example: plain([], false),
  edge: served(...belowEdge, 'durable-files'),
  slice: served('edge', 'verdict', 'outgoing', 'durable-files', ...belowEdge),
  app: served('slice', 'edge', 'local-postgres', 'durable-files', ...belowEdge),
};

interface Project {
  readonly name: string;
  readonly root: string;
  readonly room: string;
}

interface Graph {
  readonly nodes: Readonly<
    Record<string, { readonly data: { readonly root: string; readonly tags: readonly string[] } }>
  >;
}

/** Asking for them also fills the cache of the project graph, without which the rule is skipped and all would pass. */
const findProjects = (): readonly Project[] => {
  const { graph } = JSON.parse(run('npx', ['nx', 'graph', '--print'])) as { readonly graph: Graph };
  return Object.entries(graph.nodes).map(([name, { data }]) => {
    const tags = data.tags.filter((tag) => tag.startsWith('room:'));
    return { name, root: data.root, room: tags.map((tag) => tag.slice('room:'.length)).join(' and ') };
  });
};

const nest = ['@nestjs/common', '@nestjs/swagger', 'class-validator', 'class-transformer'];

/** These rooms have no name to import them by, but a program. */
const programs: Readonly<Record<string, string>> = { app: 'main', console: 'main', example: 'kafka' };

/** A file that imports everything, one import a line. */
interface Probe {
  readonly path: string;
  readonly imported: readonly string[];
  /** Those that are to be refused. */
  readonly refused: readonly string[];
}

const isRefused = (project: Project, imported: Project, directory: 'src' | 'test'): boolean => {
  const room = rooms[project.room];
  if (imported.room !== 'testing' || room?.tested !== true) return room?.imports.includes(imported.room) !== true;
  return directory === 'src' && project.root !== 'bench';
};

const probe = (project: Project, directory: 'src' | 'test', others: readonly Project[]): Probe => {
  const here = `${project.root}/${directory}`;
  const specifier = ({ name, root, room }: Project): string => {
    const program = programs[room];
    return program === undefined ? name : relative(here, `${root}/src/${program}.js`);
  };
  return {
    path: `${here}/probe.ts`,
    imported: [...others.map(specifier), ...nest],
    refused: [
      ...others.filter((other) => isRefused(project, other, directory)).map(specifier),
      ...(rooms[project.room]?.nest === true ? [] : nest),
    ],
  };
};

describe('the walls between the rooms', () => {
  const projects = findProjects();
  const probes = projects.flatMap((project) => {
    const others = projects.filter(({ name }) => name !== project.name);
    return [probe(project, 'src', others), probe(project, 'test', others)];
  });
  let refused: ReadonlyMap<string, readonly string[]>;

  beforeAll(() => {
    const sources = probes.map(({ path, imported }) => ({
      path,
      source: imported.map((each) => `import '${each}';\n`).join(''),
    }));
    const output = run('node', ['libs/testing/test/lint-boundaries.mjs'], JSON.stringify(sources));
    const results = JSON.parse(output) as readonly (readonly { readonly line: number }[])[];
    refused = new Map(
      probes.map(({ path, imported }, index) => {
        const lines = new Set(results[index]?.map(({ line }) => line));
        return [path, imported.filter((_, at) => lines.has(at + 1))];
      }),
    );
  });

  it('are stated here for each room that a project belongs to', () => {
    expect([...new Set(projects.map(({ room }) => room))].sort()).toEqual(Object.keys(rooms).sort());
  });

  it.each(probes)('refuse to $path exactly what is not allowed to it', ({ path, refused: expected }) => {
    expect(refused.get(path)).toEqual(expected);
  });
});
