import type { AuditItem, Credential, IssuedCredentialReply, Page } from '@keyledger/contract';
import { HttpClient } from '../harness/http-client.js';
import type { KeyledgerProcess } from '../harness/keyledger-process.js';
import { launchServer } from '../harness/program.js';
import { readLog } from '../harness/read-log.js';
import type { OperationService } from './front-door.js';
import { healthOf, Installation, MASTER_KEY, untilReady } from './installation.js';

const PAUSED = { KEYLEDGER_READ_ONLY: 'true' };

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.create();
});

afterAll(() => installation.remove());

describe('while writes are paused', () => {
  let command: KeyledgerProcess;
  let paused: Readonly<Record<OperationService, KeyledgerProcess>>;
  let accountId: string;
  let created: IssuedCredentialReply;

  const headers = { 'idempotency-key': 'before-and-after-the-pause' };
  const create = (server: KeyledgerProcess) =>
    new HttpClient(server.httpUrl).post<IssuedCredentialReply>(
      `/v1/accounts/${accountId}/credentials`,
      { type: 'api_key', mode: 'test', description: 'the one' },
      { token: installation.token, headers },
    );

  beforeAll(async () => {
    command = await installation.start('command-service');
    accountId = await installation.newAccount(command);
    const { body } = await new HttpClient(command.httpUrl).post<IssuedCredentialReply>(
      `/v1/accounts/${accountId}/credentials`,
      { type: 'api_key', mode: 'test', description: 'from before' },
      { token: installation.token },
    );
    created = body;
    await command.stop();
    const names = ['command-service', 'listing-service', 'audit-service', 'webhook-service'] as const;
    const [one, two, three, four] = await Promise.all(names.map((name) => installation.start(name, PAUSED)));
    paused = {
      'command-service': one as KeyledgerProcess,
      'listing-service': two as KeyledgerProcess,
      'audit-service': three as KeyledgerProcess,
      'webhook-service': four as KeyledgerProcess,
    };
  });

  it('all are ready, and say that they only read', async () => {
    for (const server of Object.values(paused)) {
      const { details } = await untilReady(server);
      expect({ app: server.app, log: details['log'] }).toMatchObject({ log: { status: 'up', readOnly: true } });
    }
  });

  it('nothing is written through either door, and the lists go on', async () => {
    const before = await readLog(installation.settings);
    const refused = await create(paused['command-service']);
    expect({ status: refused.status, code: refused.body['code' as never] }).toEqual({ status: 503, code: 'read-only' });
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    const [, grpc] = installation.doorsOf(paused['command-service']);
    const rename = { accountId, name: 'Renamed' };
    expect((await grpc.call('AccountService/UpdateAccount', rename, { token: installation.token })).code).toBe(
      'read-only',
    );

    const { token } = installation;
    const path = `/v1/accounts/${accountId}/credentials?minPosition=${created.position}`;
    const listed = await new HttpClient(paused['listing-service'].httpUrl).get<Page<Credential>>(path, { token });
    expect(listed.body.items.map(({ credentialId }) => credentialId)).toEqual([created.credential.credentialId]);
    // Whoever reads the trail is noted in the log first.
    const trail = await new HttpClient(paused['audit-service'].httpUrl).get<Page<AuditItem>>(
      `/v1/accounts/${accountId}/audit`,
      { token },
    );
    expect({ status: trail.status, code: trail.body['code' as never] }).toEqual({ status: 503, code: 'read-only' });
    expect(await readLog(installation.settings)).toEqual(before);
  });

  it('what was refused is done once writes go on, under the same key', async () => {
    await command.start();
    const done = await create(command);
    expect(done.status).toBe(201);
    const again = await create(command);
    expect({ status: again.status, secret: again.body.secret }).toEqual({ status: 201, secret: done.body.secret });
    const { position } = done.body;
    const path = `/v1/accounts/${accountId}/credentials?minPosition=${position}`;
    const { token } = installation;
    const listed = await new HttpClient(paused['listing-service'].httpUrl).get<Page<Credential>>(path, { token });
    expect(listed.body.items.map(({ description }) => description).sort()).toEqual(['from before', 'the one']);
    expect((await healthOf(command)).status).toBe(200);
  });
});

describe('what is missing is said in one line', () => {
  const failure = async (name: OperationService, settings: Readonly<Record<string, string>>): Promise<string> => {
    const { code, stdout, stderr } = await launchServer(name, settings).exit;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    return stderr;
  };

  it.each(['command-service', 'listing-service', 'audit-service'] as const)('the database of the %s', async (name) => {
    const line = await failure(name, { ...installation.provider.settings, KEYLEDGER_MASTER_KEY: MASTER_KEY });
    expect(line).toMatch(/^[^\n]*KEYLEDGER_DATABASE_URL [^\n]*\n$/);
  });

  it('the master key of the command-service', async () => {
    expect(await failure('command-service', installation.settings)).toMatch(/^[^\n]*KEYLEDGER_MASTER_KEY [^\n]*\n$/);
  });

  it('where the EventStoreDB is', async () => {
    const settings = { KEYLEDGER_EVENT_LOG: 'eventstoredb', EVENTSTOREDB_URL: '' };
    const line = await failure('listing-service', { ...installation.settings, ...settings });
    expect(line).toMatch(/^[^\n]*EVENTSTOREDB_URL [^\n]*\n$/);
  });
});
