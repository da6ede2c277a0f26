import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startEsdbNode } from '@keyledger/testing';
import { sharedServer } from './harness/shared-server.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const compose = read('docker-compose.yml');
const overlays = ['deploy/try.yml', 'deploy/eventstoredb.yml'].map(read);
const dockerfile = read('deploy/Dockerfile');
const example = read('deploy/.env.example');
const guide = read('deploy/README.md');

/** The text of each service of a Compose file. */
const servicesIn = (file: string): ReadonlyMap<string, string> =>
  new Map(
    [
      ...(/^services:\n([^]*?)^\w/m.exec(file)?.[1] ?? '').matchAll(/^ {2}([\w-]+):\n((?: {4}.*\n|\n| {2}#.*\n)*)/gm),
    ].map(([, name = '', text = '']) => [name, text]),
  );
const services = servicesIn(compose);

const deployables = readdirSync(join(root, 'apps')).filter((name) =>
  existsSync(join(root, `apps/${name}/src/main.ts`)),
);

const readSettingNames = async (): Promise<readonly string[]> => {
  const code =
    "import { settings } from '@keyledger/edge'; console.log(JSON.stringify(settings.map(({ name }) => name)));";
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: root });
  return JSON.parse(stdout) as string[];
};

let settingNames: readonly string[];
beforeAll(async () => {
  settingNames = await readSettingNames();
});

describe('docker-compose.yml', () => {
  it('runs every service that there is, and its stores', () => {
    const apart = deployables.filter((name) => name !== 'all-in-one');
    expect([...services.keys()].sort()).toEqual([...apart, 'gateway', 'kafka', 'postgres'].sort());
    expect([...servicesIn(overlays[1] ?? '').keys()]).toEqual(['eventstore']);
    for (const name of apart) expect(overlays[1]).toContain(`  ${name}: *log\n`);
    for (const name of apart) expect(services.get(name)).toContain(`command: [apps/${name}/dist/main.js]\n`);
  });

  it('sets nothing that is no setting', () => {
    const texts = [compose, ...overlays, example];
    const named = texts.flatMap((text) =>
      [...text.matchAll(/\b(?:KEYLEDGER|EVENTSTOREDB)_[A-Z_]+/g)].map(([name]) => name),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !settingNames.includes(name))).toEqual([]);
  });

  it('passes on every setting but those that the image or a try has', () => {
    const missing = settingNames.filter((name) => !compose.includes(` ${name}: `));
    const listening = ['KEYLEDGER_GRPC_PORT', 'KEYLEDGER_HOST', 'KEYLEDGER_HTTP_PORT'];
    const others = ['KEYLEDGER_CREDENTIAL_TYPES', 'KEYLEDGER_DATA_DIR', 'KEYLEDGER_LOCAL_ISSUER'];
    // All that is secret is in files.
    const secrets = ['KEYLEDGER_DATABASE_URL', 'KEYLEDGER_MASTER_KEY', 'KEYLEDGER_METRICS_TOKEN'];
    const files = [...secrets, 'EVENTSTOREDB_PASSWORD', 'EVENTSTOREDB_URL_FILE'];
    const tls = ['KEYLEDGER_TLS_CERT_FILE', 'KEYLEDGER_TLS_KEY_FILE', 'KEYLEDGER_TLS_CLIENT_CA_FILE'];
    const sasl = ['MECHANISM', 'USERNAME', 'PASSWORD', 'PASSWORD_FILE'].map((name) => `KAFKA_SASL_${name}`);
    const webhooks = ['ALLOW_LOOPBACK', 'PROXY', 'PROXY_FILE'].map((name) => `KEYLEDGER_WEBHOOK_${name}`);
    expect(missing.sort()).toEqual([...others, ...listening, ...files, ...tls, ...sasl, ...webhooks].sort());
  });

  it('gives the master key to those alone that open secrets or know digests', () => {
    const holders = [...services].filter(([, text]) => /^ {4}secrets: .*master-key/m.test(text)).map(([name]) => name);
    expect(holders).toEqual(['command-service', 'verification-service', 'webhook-service']);
  });

  it('holds no secret, and puts none into an environment', () => {
    for (const text of [compose, ...overlays, example]) expect(text).not.toMatch(/\w*(?:PASSWORD|KEY|TOKEN)[:=]/);
    const files = [...compose.matchAll(/^ {2}([\w-]+): \{ file: (.*) \}$/gm)].map(([, name, path]) => [name, path]);
    expect(files.length).toBeGreaterThan(3);
    for (const [name, path] of files) expect(path).toBe(`./secrets/${name}`);
  });

  it('starts nothing from an .env of an earlier version, and says what to do', () => {
    expect(compose).toMatch(/^ {2}user: \$\{SERVICE_USER:\?[^}]*deploy\/make-env\.sh upgrade/m);
    expect(compose).toMatch(/^ {2}KEYLEDGER_EVENT_LOG: \$\{KEYLEDGER_EVENT_LOG:\?/m);
  });

  it('pins the version of every image', () => {
    const images = [
      ...[...[compose, ...overlays].join('\n').matchAll(/^ +image: (.*)$/gm)].map(([, image = '']) => image),
      ...[...dockerfile.matchAll(/^ARG \w+_IMAGE=(.*)$/gm)].map(([, image = '']) => image),
    ];
    expect(images).toHaveLength(6);
    expect(images.filter((image) => !/^[a-z/]+:\d+\.\d+(\.\d+)?(-[a-z-]+)?$/.test(image))).toEqual([]);
  });

  it('publishes the gateway alone, on this machine alone', () => {
    const published = [...services].filter(([, text]) => /^ +ports:/m.test(text)).map(([name]) => name);
    expect(published).toEqual(['gateway']);
    const ports = [...(services.get('gateway') ?? '').matchAll(/^ +- '(.*:\d+)'$/gm)].map(([, port]) => port);
    expect(ports).toEqual([
      expect.stringMatching(/^127\.0\.0\.1:\S+:3000$/),
      expect.stringMatching(/^127\.0\.0\.1:\S+:50051$/),
    ]);
    expect(services.get('postgres')).toContain('networks: [stores]\n');
    expect(servicesIn(overlays[1] ?? '').get('eventstore')).toContain('networks: [stores]\n');
    for (const overlay of overlays) expect(overlay).not.toMatch(/^ +ports:/m);
    expect(compose).toContain('  stores: { internal: true }\n');
  });

  it('builds the image of all once', () => {
    expect(compose.match(/^ +build:/gm)).toHaveLength(1);
    expect(services.get('command-service')).toContain('build: { context: ., dockerfile: deploy/Dockerfile }');
  });

  it('has nothing that Compose v1 does not know', () => {
    for (const text of [compose, ...overlays])
      expect(text).not.toMatch(/^(name|version|include):|^ +(required|extends|develop):/m);
  });
});

describe('deploy/Dockerfile', () => {
  it('runs as nobody in particular, by the exec form', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER \d{4,}:\d{4,}$/m);
    expect(last).toMatch(/^ENTRYPOINT \["node"/m);
    expect(last).toMatch(/^ENV NODE_ENV=production /m);
  });

  it('installs the packages before it has any source, so that a change of sources installs nothing', async () => {
    const [, manifests = '', build = ''] = dockerfile.split(/^FROM .*$/m);
    const [, command = ''] = /^RUN (.*)$/m.exec(manifests) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'keyledger-manifests-'));
    for (const path of ['package.json', '.npmrc', 'libs/domain', 'apps/all-in-one/package.json']) {
      cpSync(join(root, path), join(folder, path), { recursive: true });
    }
    await run('sh', ['-c', command], { cwd: folder });
    const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.\w+$/.test(path));
    rmSync(folder, { recursive: true });
    expect(left.sort()).toEqual([
      ...['.npmrc', 'apps/all-in-one/package.json', 'libs/domain/package.json', 'package.json'],
    ]);
    const steps = [...build.matchAll(/^(?:COPY|RUN) (.*?)(?: \\)?$/gm)].map(([, step]) => step);
    expect(steps.slice(0, 4)).toEqual([
      ...['--from=manifests /keyledger ./', 'npm ci --ignore-scripts', '. .', 'npm run --silent build'],
    ]);
  });

  it('is given nothing but what it needs', () => {
    const [first, ...others] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    expect(others.filter((line) => /env|keyledger$|\.git/.test(line))).toEqual([]);
    for (const file of ['package.json', 'package-lock.json', '.npmrc', 'deploy/health-check.mjs']) {
      expect(others).toContain(`!${file}`);
    }
  });
});

describe('deploy/health-check.mjs', () => {
  const check = (url: string, probe: string) => {
    const { hostname, port } = new URL(url);
    const env = { ...process.env, NODE_OPTIONS: '', KEYLEDGER_HOST: hostname, KEYLEDGER_HTTP_PORT: port };
    return run(process.execPath, [join(root, 'deploy/health-check.mjs'), probe], { env });
  };

  it.each(['live', 'ready'])('tells that a service is %s', async (probe) => {
    const { stdout } = await check(sharedServer().server.httpUrl, probe);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'ok' });
  });

  it('fails where none listens', async () => {
    await expect(check('http://127.0.0.1:1', 'live')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('live:') as string,
    });
  });
});

describe('deploy/make-env.sh', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keyledger-deploy-'));
    cpSync(join(root, 'deploy'), join(folder, 'deploy'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const make = (...args: string[]) => run('sh', [join(folder, 'deploy/make-env.sh'), ...args]);
  const made = (path = '.env'): string => readFileSync(join(folder, path), 'utf8');
  const modeOf = (path: string): number => statSync(join(folder, path)).mode & 0o777;

  it('makes fresh secrets, in files of the user that the services run as', async () => {
    await make();
    expect(Buffer.from(made('secrets/master-key'), 'base64')).toHaveLength(32);
    const [, password] = /^([0-9a-f]{48})\n$/.exec(made('secrets/postgres-password')) ?? [];
    expect(made('secrets/database-url')).toBe(`postgres://keyledger:${password}@postgres:5432/keyledger\n`);
    expect(made('secrets/metrics-token')).toMatch(/^[0-9a-f]{48}\n$/);
    const [, uid, gid] = /^SERVICE_USER=(\d+):(\d+)$/m.exec(made()) ?? [];
    for (const name of readdirSync(join(folder, 'secrets'))) {
      const { uid: owner, gid: group, mode } = statSync(join(folder, 'secrets', name));
      expect({ name, owner: `${owner}`, group: `${group}`, open: mode & 0o077 }).toEqual({
        ...{ name, owner: uid, group: gid, open: 0 },
      });
    }
    expect(uid).not.toBe('0');
    expect([modeOf('.env'), modeOf('secrets')]).toEqual([0o600, 0o700]);
  });

  it.each([
    [[], 'docker-compose.yml:deploy/eventstoredb.yml', 'eventstoredb'],
    [['try'], 'docker-compose.yml:deploy/eventstoredb.yml:deploy/try.yml', 'eventstoredb'],
    [['postgres'], 'docker-compose.yml', 'postgres'],
    [['postgres', 'try'], 'docker-compose.yml:deploy/try.yml', 'postgres'],
  ])('with %j starts the stores of that engine alone', async (args, files, engine) => {
    await make(...args);
    expect(made()).toMatch(new RegExp(`^COMPOSE_FILE=${files}$`, 'm'));
    expect(made()).toMatch(new RegExp(`^KEYLEDGER_EVENT_LOG=${engine}$`, 'm'));
  });

  it('never writes over a master key, and makes nothing of what it does not know', async () => {
    await expect(make('prostgres')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('prostgres') as string,
    });
    expect(existsSync(join(folder, '.env'))).toBe(false);
    await make();
    const before = [made(), made('secrets/master-key')];
    await expect(make('try')).rejects.toMatchObject({ code: 1 });
    await expect(make('upgrade')).rejects.toMatchObject({ code: 1 });
    expect([made(), made('secrets/master-key')]).toEqual(before);
  });

  const older = (...lines: string[]): string =>
    ['COMPOSE_PROJECT_NAME=mine', 'KEYLEDGER_MASTER_KEY=a2V5', 'POSTGRES_PASSWORD="word"', ...lines].join('\n') + '\n';

  it.each([
    ['its EventStoreDB', [], 'docker-compose.yml:deploy/eventstoredb.yml', 'eventstoredb'],
    ['PostgreSQL', ['KEYLEDGER_EVENT_LOG=postgres'], 'docker-compose.yml', 'postgres'],
    ['an EventStoreDB elsewhere', ['EVENTSTOREDB_URL=esdb://node1:2113'], 'docker-compose.yml', 'eventstoredb'],
    [
      'a try',
      ['COMPOSE_FILE=docker-compose.yml:deploy/try.yml'],
      'docker-compose.yml:deploy/eventstoredb.yml:deploy/try.yml',
      'eventstoredb',
    ],
  ])('brings an older .env up to date, with %s', async (_, lines, files, engine) => {
    const before = older(...lines, 'EVENTSTOREDB_PASSWORD=pass', 'KEYLEDGER_METRICS_TOKEN=token');
    writeFileSync(join(folder, '.env'), before);
    await make('upgrade');
    const secrets = ['master-key', 'postgres-password', 'eventstoredb-password', 'metrics-token'];
    expect(secrets.map((name) => made(`secrets/${name}`).trim())).toEqual(['a2V5', 'word', 'pass', 'token']);
    expect(made('secrets/database-url')).toBe('postgres://keyledger:word@postgres:5432/keyledger\n');
    const kept = lines.filter((line) => line.startsWith('EVENTSTOREDB_URL'));
    expect(made().trimEnd().split('\n')).toEqual([
      ...[
        `COMPOSE_FILE=${files}`,
        expect.stringMatching(/^SERVICE_USER=\d+:\d+$/) as string,
        `KEYLEDGER_EVENT_LOG=${engine}`,
      ],
      ...['EVENTSTOREDB_PASSWORD_FILE=/run/secrets/eventstoredb-password', 'COMPOSE_PROJECT_NAME=mine', ...kept],
    ]);
    expect(made('.env.before-upgrade')).toBe(before);
    expect(modeOf('.env')).toBe(0o600);
  });
});

describe('deploy/README.md', () => {
  it('names every setting', () => {
    const named = new Set([...guide.matchAll(/`((?:KEYLEDGER|EVENTSTOREDB|KAFKA)_[A-Z_]+)/g)].map(([, name]) => name));
    expect(settingNames.filter((name) => !named.has(name))).toEqual([]);
  });

  it('shows calls that add a grant on $all to those that are there', async () => {
    const [, script = ''] = /^```js\n([^]*?)^```$/m.exec(guide) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'keyledger-deploy-'));
    const node = await startEsdbNode({ host: 'localhost', tls: { dir: folder }, password: 'administration' });
    const grant = (GRANTEE: string) => {
      const env = {
        ...process.env,
        NODE_OPTIONS: '',
        EVENTSTOREDB_URL: node.url,
        ADMIN_PASSWORD: 'administration',
        GRANTEE,
      };
      return run(process.execPath, ['--input-type=module', '-e', script], { cwd: root, env });
    };
    try {
      await grant('keyledger');
      await grant('reports');
      await grant('keyledger');
      const metadata = node.store
        .stream('$$$all')
        .map(({ data }) => JSON.parse(Buffer.from(data).toString()) as unknown);
      expect(metadata.at(-1)).toEqual({ $acl: { $r: ['$admins', 'keyledger', 'reports'] } });
    } finally {
      await node.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
