import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { status } from '@grpc/grpc-js';
import { grpcStatusOf, problemCodes, type ProblemCode } from '@keyledger/contract';
import { METRICS_TOKEN } from './harness/program.js';
import { sharedServer } from './harness/shared-server.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const pages = [
  'README.md',
  'deploy/README.md',
  'libs/client/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const fences = /^```(\w*)\n([^]*?)^```$/gm;
const withoutFences = (markdown: string): string => markdown.replace(fences, '');

/** The blocks of code in one language. */
const blocks = (markdown: string, language: string): readonly string[] =>
  [...markdown.matchAll(fences)].filter(([, tag]) => tag === language).map(([, , text = '']) => text);

/** What stands between backticks in running text. */
const terms = (markdown: string): readonly string[] =>
  [...withoutFences(markdown).matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);

/** The rows of the table whose first column has this title, without the row of titles. */
const table = (markdown: string, title: string): readonly (readonly string[])[] => {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => new RegExp(`^\\| ${title} +\\|`).test(line));
  if (start < 0) throw new Error(`There is no table "${title}".`);
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end < 0 ? undefined : end).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};

const plain = (cell = ''): string => cell.replace(/^`|`$/g, '');

/** As GitHub makes the anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

/** What `expression` is in the compiled package, which journeys do not import. */
const inPackage = async <T>(name: string, names: string, expression: string, ...args: string[]): Promise<T> => {
  const code = `import { ${names} } from '${name}'; console.log(JSON.stringify(${expression}));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code, '--', ...args], { cwd: root });
  return JSON.parse(stdout) as T;
};

const isRepositoryPath = (term: string): boolean => /^(apps|libs|docs|bench)\/[\w./-]+$/.test(term);

describe.each(pages)('%s', (page) => {
  const markdown = read(page);

  it('names files that exist', () => {
    expect(terms(markdown).filter((term) => isRepositoryPath(term) && !existsSync(join(root, term)))).toEqual([]);
  });

  it('links to pages and headings that exist', () => {
    const links = [...withoutFences(markdown).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
    const broken = links.filter(([, path = '', anchor]) => {
      const target = path === '' ? page : relative(root, join(root, dirname(page), path));
      if (!existsSync(join(root, target))) return true;
      if (anchor === undefined) return false;
      const headings = [...withoutFences(read(target)).matchAll(/^#+ (.+)$/gm)];
      return !headings.some(([, heading = '']) => anchorOf(heading) === anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...markdown.matchAll(/npm (?:run (?:--silent )?([\w:]+(?:-\w+)*)|(start|test)\b)/g)];
    expect(named.map(([, script, verb]) => script ?? verb ?? '').filter((script) => !(script in scripts))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  it('names functions and classes that are in the code', () => {
    const markdown = read('docs/architecture.md');
    const code = terms(markdown)
      .filter(isRepositoryPath)
      .filter((path) => path.endsWith('.ts'))
      .map(read)
      .join('\n');
    const names = terms(markdown).filter((term) => /^[a-z]+[A-Z]\w+$|^[A-Z][a-z]+[A-Z]\w+$/.test(term));
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(code))).toEqual([]);
  });
});

describe.each(['How to add a slice', 'How to add a command'])('docs/architecture.md, %s', (heading) => {
  const section = read('docs/architecture.md').split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const steps = section.split(/^\d+\. /m).slice(1);

  it('is a list', () => expect(steps.length).toBeGreaterThan(4));

  it.each(steps.map((step) => [step.replace(/\s+/g, ' ').trim()]))('names files that exist: %s', (step) => {
    const paths = terms(step).filter(isRepositoryPath);
    expect(paths).not.toEqual([]);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('docs/settings.md', () => {
  it('lists the settings as the program has them', async () => {
    const settings = await inPackage<{ name: string; default: string; description: string }[]>(
      '@keyledger/edge',
      'settings',
      'settings',
    );
    const rows = table(read('docs/settings.md'), 'Setting').map(([name, byDefault, description]) => ({
      name: plain(name),
      default: plain(byDefault),
      description,
    }));
    expect(rows).toEqual(
      settings.map(({ name, default: byDefault, description }) => ({ name, default: byDefault, description })),
    );
  });
});

describe('docs/operations.md', () => {
  it('lists every metric of ours, and no other', async () => {
    const visit = sharedServer();
    const { text } = await visit.http.get('/metrics', { token: METRICS_TOKEN });
    visit.close();
    const measured = [...text.matchAll(/^# TYPE (keyledger_\w+) /gm)].map(([, name = '']) => name);
    const listed = table(read('docs/operations.md'), 'Metric').flatMap(([names = '']) => terms(names));
    expect(listed.toSorted()).toEqual(measured.toSorted());
  });
});

describe('docs/errors.md', () => {
  it('lists every code, with its status at both doors', () => {
    const rows = table(read('docs/errors.md'), 'HTTP').map(([http, grpc, code]) => [plain(code), Number(http), grpc]);
    const codes = Object.keys(problemCodes) as ProblemCode[];
    expect(rows).toEqual(codes.map((code) => [code, problemCodes[code].status, status[grpcStatusOf(code)]]));
  });
});

describe('docs/token-formats.md', () => {
  const markdown = read('docs/token-formats.md');

  it('publishes the regular expressions of the code', async () => {
    const published = ['Name', 'Field'].map((title) =>
      table(markdown, title).map(([name, pattern]) => [plain(name), plain(pattern).replace('\\|', '|')]),
    );
    const names = published[0]?.map(([name]) => name).join(', ') ?? '';
    const patterns = await inPackage<object[]>(
      '@keyledger/contract/tokens',
      `${names}, tokenPatterns`,
      `[{ ${names} }, tokenPatterns].map((patterns) =>
        Object.entries(patterns).map(([name, pattern]) => [name, pattern.source]))`,
    );
    expect(published).toEqual(patterns);
    expect(published[0]).toHaveLength(4);
  });

  it('shows a search that finds secrets in a text, and nothing else', async () => {
    const [code = ''] = blocks(markdown, 'js');
    const [secret, other] = await inPackage<[string, string]>(
      '@keyledger/secrets',
      'generateToken, generateWebhookSecret',
      "[generateToken('key_live'), generateWebhookSecret()]",
    );
    const none = `x${secret} ${secret}0 ${secret.slice(0, -1)} ${other}= kcs_${'0'.repeat(49)}`;
    const text = `KEY_${secret}, "${other}" ${none}`;
    const folder = await mkdtemp(join(tmpdir(), 'keyledger-docs-'));
    try {
      // A program elsewhere, with nothing but the file that the page copies.
      const copied = /^cp (\S+) /m.exec(blocks(markdown, 'sh').join(''))?.[1] ?? '';
      await copyFile(join(root, copied), join(folder, 'tokens.js'));
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
      await writeFile(join(folder, 'search.js'), `${code};console.log(JSON.stringify(findSecrets(process.argv[2])));`);
      const { stdout } = await run(process.execPath, ['search.js', text], { cwd: folder });
      expect(JSON.parse(stdout)).toEqual([secret, other]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('shows code that tells tokens from typos as ours does', async () => {
    const [, code = ''] = blocks(markdown, 'js');
    const { isToken } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      isToken: (text: string) => boolean;
    };
    const token = await inPackage<string>('@keyledger/secrets', 'generateToken', "generateToken('key_test')");
    const typo = `${token.slice(0, -10)}${token.at(-10) === 'x' ? 'y' : 'x'}${token.slice(-9)}`;
    expect([isToken(token), isToken(typo)]).toEqual([true, false]);
  });

  it('gives examples that are well-formed', async () => {
    const examples = terms(markdown).filter((term) => /_[0-9A-Za-z+\/]{48,49}$/.test(term));
    const check = 'process.argv.slice(1).map((text) => isWellFormedToken(text) || isWellFormedWebhookSecret(text))';
    const names = 'isWellFormedToken, isWellFormedWebhookSecret';
    expect(await inPackage('@keyledger/secrets', names, check, ...examples)).toEqual([true, true]);
  });

  it('tells the parts of all built-in types', async () => {
    const parts = await inPackage<string[]>(
      '@keyledger/domain',
      'builtInTypes',
      `builtInTypes.flatMap(({ publicPart, secretPart, saltField, modes }) => [
        ...(publicPart ? [publicPart.field + ' ' + publicPart.prefix] : []),
        ...Object.values(modes ?? { any: secretPart.prefix }).map((prefix) => secretPart.field + ' ' + prefix),
        ...(saltField ? [saltField + ' whsec'] : []),
      ])`,
    );
    const told = table(markdown, 'Type').flatMap(([, field, form = '']) =>
      [...form.matchAll(/`(\w+)_`/g)].map(([, prefix]) => `${plain(field)} ${prefix}`),
    );
    expect(told).toEqual(parts);
  });
});

describe('docs/credential-types.md', () => {
  it('shows a file that loads', async () => {
    const [file = ''] = blocks(read('docs/credential-types.md'), 'json');
    const folder = await mkdtemp(join(tmpdir(), 'keyledger-docs-'));
    try {
      await writeFile(join(folder, 'partner-key.json'), file);
      const load = '[...loadCredentialTypes(process.argv[1]).keys()].at(-1)';
      const type = await inPackage('@keyledger/edge', 'loadCredentialTypes', load, folder);
      expect(type).toBe((JSON.parse(file) as { type: string }).type);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('docs/verify.md', () => {
  it('tells what binds which type, as the types have it', async () => {
    const types = await inPackage<readonly [string, ...boolean[]][]>(
      '@keyledger/domain',
      'builtInTypes',
      `builtInTypes.map(({ type, bindsIpAllowlist, bindsEndpoints, allows: { rotate }, modes, belongsToApplication }) =>
        [type, bindsIpAllowlist, bindsEndpoints, true, true, rotate, true, modes !== null, belongsToApplication])`,
    );
    const markdown = read('docs/verify.md');
    const [heads = ''] = /^\| Rule .*$/m.exec(markdown) ?? [];
    const columns = [terms(heads), ...table(markdown, 'Rule').map(([, ...cells]) => cells)];
    const said = types.map(([type, ...binds]) => [type, ...binds.map((each) => (each ? 'yes' : 'no'))]);
    expect(columns[0]?.map((_, type) => columns.map((cells) => cells[type]))).toEqual(said);
  });
});

describe('docs/adr/0010-dependencies.md', () => {
  it('lists what the program needs to run, with the licence of each', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const licences = Object.keys(dependencies).map((name) => {
      const { license } = JSON.parse(read(`node_modules/${name}/package.json`)) as { license: string };
      return [name, license];
    });
    const rows = table(read('docs/adr/0010-dependencies.md'), 'Package').map(([name, licence]) => [
      plain(name),
      licence,
    ]);
    expect(rows).toEqual(licences);
  });
});

describe('README.md', () => {
  it('shows commands that work as they are pasted', async () => {
    const [first = '', second = ''] = blocks(read('README.md'), 'sh').filter((block) => block.includes('$API/'));
    const script = first + second;
    const { httpUrl, dataDir } = sharedServer().server;
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, KEYLEDGER_DATA_DIR: dataDir };
    const commands = script.replaceAll('http://127.0.0.1:3000', httpUrl);
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', commands], { cwd: root, env });
    expect(stdout).toMatch(/"key":"key_test_\w{49}"[^]*"items":\[\{"credentialId":"cred_[^]*"description":"billing"/);
    // One answer a line, and the secret in the first of them alone.
    const shown = stdout.trimEnd().split('\n');
    expect(shown.map((line) => [Object.keys(JSON.parse(line) as object)[0], /key_test_\w{49}/.test(line)])).toEqual([
      ['credential', true],
      ['items', false],
      ['valid', false],
      ['credential', false],
      ['valid', false],
    ]);
    expect([...stdout.matchAll(/"valid":(\w+),"code":"(\w+)"/g)].map(([, valid, code]) => [valid, code])).toEqual([
      ['true', 'VALID'],
      ['false', 'REVOKED'],
    ]);
  });

  it('calls RPCs that there are', () => {
    const folder = 'libs/contract/proto/keyledger/v1';
    const protos = readdirSync(join(root, folder)).map((name) => read(`${folder}/${name}`));
    const calls = [
      ...blocks(read('README.md'), 'sh')
        .join('')
        .matchAll(/keyledger\.v1\.(\w+)\/(\w+)\n/g),
    ];
    const found = calls.map(([, service, rpc]) =>
      protos.some((text) => text.includes(`service ${service} {`) && text.includes(`rpc ${rpc}(`)),
    );
    expect(found).toEqual([true, true]);
  });
});
