import type { CredentialReply } from '@keyledger/contract';
import { KafkaBroker, TopicReader } from '@keyledger/testing';
import { eventually } from './harness/eventually.js';
import { logSettings } from './harness/log-engine.js';
import { launchTool, type Program, type Settings } from './harness/program.js';
import { sharedServer } from './harness/shared-server.js';

const broker = await KafkaBroker.startIfThere('sending events once more by the command');

const visit = sharedServer();
let accountId: string;
/** Of the two events of the account. */
let positions: readonly string[];

beforeAll(async () => {
  const token = await visit.token();
  const { body } = await visit.http.post<{ readonly account: { readonly accountId: string }; position: string }>(
    '/v1/accounts',
    { name: 'Acme' },
    { token },
  );
  accountId = body.account.accountId;
  const path = `/v1/accounts/${accountId}/credentials`;
  const created = await visit.http.post<CredentialReply>(path, { type: 'api_key', mode: 'test' }, { token });
  positions = [body.position, created.body.position];
});
afterAll(async () => {
  visit.close();
  await broker?.remove();
});

/** As a person starts it beside the running server. Nobody listens on port 1. */
const republish = (args: readonly string[], settings: Settings = { KAFKA_BROKERS: '127.0.0.1:1' }): Program => {
  const home = { KEYLEDGER_DATA_DIR: visit.server.dataDir };
  return launchTool('republish', args, { ...home, ...logSettings(home), KAFKA_REPLICATION_FACTOR: '1', ...settings });
};

const elsewhere = `${'0'.repeat(32)}-${'0'.repeat(15)}1`;
const nobody = 'acct_00000000-0000-7000-8000-000000000001';

it.each([
  ['no --from', [], '--from is missing.'],
  ['an unknown flag', ['--form', 'beginning'], "Unknown option '--form'"],
  ['a position that is none', ['--from', 'yesterday'], '--from must be a position.'],
  ['a position of another log', ['--from', elsewhere], '--from is a position of another log'],
  ['an account that is not there', ['--from', 'beginning', '--account', nobody], 'There is no account'],
  ['an account that is no id', ['--from', 'beginning', '--account', 'acme'], '--account must be an account id.'],
  ['no topic', ['--from', 'beginning', '--topic', 'a b'], 'KAFKA_TOPIC must be'],
])('says what is wrong with %s', async (_, args, complaint) => {
  const { code, stdout, stderr } = await republish(args).exit;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(`Keyledger cannot republish: ${complaint}`);
});

it('says which positions are of no event, and which come in the wrong order', async () => {
  const [registered = '', created = ''] = positions;
  const none = await republish(['--from', registered.replace(/.$/, (digit) => (digit === 'f' ? 'e' : 'f'))]).exit;
  expect(none.stderr).toContain('No event of this log is at the position that --from names.');
  const wrong = await republish(['--from', created, '--to', registered]).exit;
  expect(wrong.stderr).toContain('--to comes before --from.');
});

it('needs brokers', async () => {
  const { code, stderr } = await republish(['--from', 'beginning'], {}).exit;
  expect([code, stderr]).toEqual([1, 'Keyledger cannot republish: KAFKA_BROKERS must be set\n']);
});

it('says from where to go on when it is interrupted, though npm and the terminal send the signal twice', async () => {
  const [registered = ''] = positions;
  const program = republish(['--from', registered, '--account', accountId]);
  await eventually(() => {
    const seen = program.stderr();
    return Promise.resolve(seen.includes('are asked again') ? { answer: true, seen } : { seen });
  });
  program.process.kill('SIGINT');
  program.process.kill('SIGINT');
  const { code, stdout, stderr } = await program.exit;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(`0 events were sent. To send the rest, give the same command with --from ${registered}\n`);
});

(broker === undefined ? it.skip : it)('sends what is asked for, and reports it in a line of JSON', async () => {
  const settings = { KAFKA_BROKERS: `${broker?.brokers}` };
  const [registered = '', created = ''] = positions;
  const about = ['--account', accountId, '--topic', 'again', '--to', created];
  const all = await republish(['--from', 'beginning', ...about], settings).exit;
  const zeros = registered.replace(/[0-9a-f]+$/, (place) => '0'.repeat(place.length));
  expect(JSON.parse(all.stdout)).toEqual({ events: 2, from: zeros, to: created, topic: 'again' });
  const rest = await republish(['--from', registered, ...about], settings).exit;
  expect(JSON.parse(rest.stdout)).toMatchObject({ events: 1, from: registered });
  const reader = await TopicReader.open(`${broker?.brokers}`, 'again');
  await eventually(() => {
    const seen = reader.messages.map(({ sequence }) => sequence);
    return Promise.resolve(seen.length === 3 ? { answer: true, seen } : { seen });
  });
  await reader.remove();
  expect(reader.audit()).toMatchObject({ events: 2, repeats: 1, mistakes: [] });
});
