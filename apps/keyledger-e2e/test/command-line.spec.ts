import { existsSync } from 'node:fs';
import { launchServer, launchTool, runToken, type Settings } from './harness/program.js';
import { sharedServer } from './harness/shared-server.js';

const ANY_ACCOUNT = 'acct_00000000-0000-7000-8000-000000000001';

const visit = sharedServer();
const { dataDir } = visit.server;
afterAll(() => visit.close());

describe.each([
  'all-in-one',
  'command-service',
  'listing-service',
  'audit-service',
  'event-publisher',
  'webhook-service',
  'console-service',
] as const)('%s', (app) => {
  it('lists its settings when it is asked for help', async () => {
    const { code, stdout, stderr } = await launchServer(app, {}, ['--help']).exit;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('KEYLEDGER_HTTP_PORT (3000)');
  });

  it('takes no other arguments, and says so in one line', async () => {
    const { code, stdout, stderr } = await launchServer(app, {}, ['--port', '80']).exit;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Keyledger cannot start: --port is no argument: .*--help.*\n$/);
  });
});

describe('the program that makes tokens', () => {
  const run = (args: readonly string[], settings: Settings = {}) =>
    runToken(args, { KEYLEDGER_DATA_DIR: dataDir, ...settings });

  it('prints a token and nothing else', async () => {
    const { code, stdout, stderr } = await run(['--role', 'operator']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { status } = await visit.http.get('/v1/accounts', { token: stdout.trim() });
    expect(status).toBe(200);
  });

  it.each([
    ['no role', [], '--role is missing'],
    ['a role that does not exist', ['--role', 'root'], 'no role root'],
    ['a role that needs an account', ['--role', 'viewer'], 'viewer needs --account'],
    ['one of two roles that needs an account', ['--role', 'operator', '--role', 'owner'], 'owner needs --account'],
    ['an account that is no id', ['--role', 'viewer', '--account', 'acme'], 'acme is not an account id'],
    ['an account for an operator', ['--role', 'operator', '--account', ANY_ACCOUNT], 'leave --account out'],
    ['a life longer than is accepted', ['--role', 'operator', '--ttl', '25h'], '--ttl must be at most'],
    ['a time without sense', ['--role', 'operator', '--ttl', 'soon'], '--ttl must be a time'],
    ['no time at all', ['--role', 'operator', '--ttl', '0'], '--ttl must be a time'],
    ['no subject', ['--role', 'operator', '--subject', ''], '--subject must have 1 to 255 characters'],
    ['a subject that no server takes', ['--role', 'operator', '--subject', 'a\nb'], '--subject must have'],
    ['a subject that is too long', ['--role', 'operator', '--subject', 'a'.repeat(256)], '--subject must have'],
    ['an option that does not exist', ['--role', 'operator', '--admin'], "'--admin'"],
    ['an argument that is no option', ['operator'], "'operator'"],
  ])('explains itself for %s', async (_, args, complaint) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(complaint);
    expect(stderr).toContain('Usage: npm run --silent token');
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('tells how it is used', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Usage: npm run --silent token');
  });

  it('makes no key where none is, and says so in one line', async () => {
    const KEYLEDGER_DATA_DIR = `${dataDir}-typo`;
    const { code, stdout, stderr } = await run(['--role', 'operator'], { KEYLEDGER_DATA_DIR });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^There is no key of a local issuer in .*KEYLEDGER_DATA_DIR.*\n$/);
    expect(existsSync(KEYLEDGER_DATA_DIR)).toBe(false);
  });

  it.each([
    ['in production', { NODE_ENV: 'production' }],
    ['where the local issuer is off', { KEYLEDGER_LOCAL_ISSUER: 'false', KEYLEDGER_OIDC_ISSUER: 'https://id.example' }],
  ])('makes none %s', async (_, settings: Settings) => {
    const { code, stdout } = await run(['--role', 'operator'], settings);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});

describe.each([
  ['rebuild', 'npm run rebuild -- listing|audit'],
  ['log-copy', 'npm run log:copy -- --from postgres'],
  ['republish', 'npm run republish -- --from <position|beginning>'],
] as const)('the program %s', (tool, usage) => {
  const production = { NODE_ENV: 'production' };

  it.each([['--help'], ['-h']])('tells how it is used, whatever is set: %s', async (flag) => {
    const { code, stdout, stderr } = await launchTool(tool, [flag], production).exit;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: ${usage}`);
  });

  it('says so too where it is asked for what it does not know', async () => {
    const { code, stdout, stderr } = await launchTool(tool, ['--sideways'], { KEYLEDGER_DATA_DIR: dataDir }).exit;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`Usage: ${usage}`);
  });
});
