import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditItem, AuthTokenReply, Credential, Page } from '@keyledger/contract';
import { provideEventStore, type ProvidedEventStore } from '@keyledger/testing';
import { eventually } from './harness/eventually.js';
import { Journey } from './harness/journey.js';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import { launchTool, type Exit, type Settings } from './harness/program.js';
import { Visit } from './harness/shared-server.js';

type EngineName = 'postgres' | 'eventstoredb';

interface CopyReport {
  readonly found: number;
  readonly copied: number;
  readonly equal: boolean;
  readonly difference: string | null;
  readonly mayTakeOver: boolean;
}

let store: ProvidedEventStore;
let settings: Settings & { readonly KEYLEDGER_DATA_DIR: string };
let server: KeyledgerProcess;

beforeAll(async () => {
  store = await provideEventStore();
  settings = {
    KEYLEDGER_DATA_DIR: await mkdtemp(join(tmpdir(), `keyledger-e2e-${process.pid}-`)),
    KEYLEDGER_STREAM_PREFIX: `t${randomBytes(8).toString('hex')}-`,
    EVENTSTOREDB_URL: store.url,
    ...(store.username === undefined ? {} : { EVENTSTOREDB_USERNAME: store.username }),
    ...(store.password === undefined ? {} : { EVENTSTOREDB_PASSWORD: store.password }),
  };
});

afterAll(async () => {
  await server.remove();
  await store.stop();
});

const startOn = async (engine: EngineName, readOnly = false): Promise<void> => {
  server = await startKeyledger({
    ...settings,
    KEYLEDGER_EVENT_LOG: engine,
    KEYLEDGER_READ_ONLY: String(readOnly),
  });
};

const copy = (from: EngineName, to: EngineName, readOnly: boolean): Promise<Exit> =>
  launchTool('log-copy', ['--from', from, '--to', to], { ...settings, KEYLEDGER_READ_ONLY: String(readOnly) }).exit;

/** The report of a copy that must succeed. */
const copied = async (from: EngineName, to: EngineName, readOnly: boolean): Promise<CopyReport> => {
  const { code, stdout, stderr } = await copy(from, to, readOnly);
  if (code !== 0) throw new Error(`The copy ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as CopyReport;
};

const rebuild = async (engine: EngineName): Promise<void> => {
  for (const name of ['listing', 'audit', 'verification', 'webhook_accounts']) {
    const { code, stderr } = await launchTool('rebuild', [name], { ...settings, KEYLEDGER_EVENT_LOG: engine }).exit;
    if (code !== 0) throw new Error(`The rebuild of ${name} ended with ${code}: ${stderr}`);
  }
};

const untilReady = (visit: Visit): Promise<true> =>
  eventually(async () => {
    const { status, body } = await visit.http.get('/health/ready');
    return status === 200 ? { answer: true, seen: body } : { seen: body };
  });

/** Does something with the server that runs, as an operator. */
const visiting = async <T>(work: (visit: Visit) => Promise<T>): Promise<T> => {
  const visit = new Visit(server);
  try {
    await untilReady(visit);
    return await work(visit);
  } finally {
    visit.close();
  }
};

const credentialsOf = (visit: Visit, accountId: string, token: string): Promise<readonly Credential[]> =>
  visit.http.get<Page<Credential>>(`/v1/accounts/${accountId}/credentials`, { token }).then(({ body }) => body.items);

const newCredential = async (visit: Visit, accountId: string): Promise<number> => {
  const body = { type: 'api_key', mode: 'test', description: 'Copied' };
  const token = await visit.token();
  return (await visit.http.post(`/v1/accounts/${accountId}/credentials`, body, { token })).status;
};

describe('moving the log to EventStoreDB and back, as the guide says', () => {
  let accountId: string;
  let authToken: string | null;
  let before: readonly Credential[];
  let events: number;

  it('copies while everything runs', async () => {
    await startOn('postgres');
    await visiting(async (visit) => {
      ({ accountId } = await visit.newAccount());
      const journey = new Journey(visit.doors[0], await visit.token(), accountId);
      ({ authToken } = await journey.does<AuthTokenReply>('ApiAccessService/EnableApiAccess'));
      expect(await newCredential(visit, accountId)).toBe(201);
    });
    const report = await copied('postgres', 'eventstoredb', false);
    expect(report).toMatchObject({ found: 0, equal: true, mayTakeOver: false });
    events = report.copied;
  });

  it('copies the rest while writers are paused', async () => {
    await visiting((visit) => newCredential(visit, accountId));
    await server.stop();
    await startOn('postgres', true);
    await visiting(async (visit) => {
      expect(await newCredential(visit, accountId)).toBe(503);
      before = await credentialsOf(visit, accountId, await visit.token());
    });
    const report = await copied('postgres', 'eventstoredb', true);
    expect(report).toMatchObject({ found: events, copied: 1, equal: true, mayTakeOver: true });
    await server.stop();
  });

  it('shows the same on the new engine, and goes on there', async () => {
    await rebuild('eventstoredb');
    await startOn('eventstoredb');
    await visiting(async (visit) => {
      const token = await visit.token();
      expect(await credentialsOf(visit, accountId, token)).toEqual(before);
      const revealed = await visit.http.post<AuthTokenReply>(
        `/v1/accounts/${accountId}/api-access/auth-token/reveal`,
        {},
        { token },
      );
      expect(revealed.body.authToken).toBe(authToken);
      expect(await newCredential(visit, accountId)).toBe(201);
    });
    await server.stop();
  });

  it('goes back with what has come since', async () => {
    // The copy works on the embedded database of a server that does not run as well.
    const report = await copied('eventstoredb', 'postgres', true);
    // The revelation and the creation are new.
    expect(report).toMatchObject({ found: events + 1, copied: 2, equal: true, mayTakeOver: true });
    await rebuild('postgres');
    await startOn('postgres');
    await visiting(async (visit) => {
      const token = await visit.token();
      const [newest, ...others] = await credentialsOf(visit, accountId, token);
      expect(before.map(({ credentialId }) => credentialId)).not.toContain(newest?.credentialId);
      expect(others.map(({ credentialId }) => credentialId)).toEqual(before.map(({ credentialId }) => credentialId));
      const { body } = await visit.http.get<Page<AuditItem>>(`/v1/accounts/${accountId}/audit`, { token });
      expect(body.items.length).toBeGreaterThanOrEqual(4);
      expect(await newCredential(visit, accountId)).toBe(201);
    });
  });

  it('refuses to copy an older log over one that has gone on', async () => {
    const { code, stdout, stderr } = await copy('eventstoredb', 'postgres', true);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Keyledger cannot copy the log: The target is not a copy of the source/m);
  });
});

describe('arguments of the copy', () => {
  it.each([[['--from', 'postgres', '--to', 'postgres']], [['--from', 'postgres', '--to', 'eventstoredb', '--now']]])(
    '%j are answered with the usage',
    async (args) => {
      const { code, stdout, stderr } = await launchTool('log-copy', args, settings).exit;
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('Usage: npm run log:copy -- --from postgres --to eventstoredb');
    },
  );

  it('are not enough without the address of EventStoreDB', async () => {
    const { KEYLEDGER_DATA_DIR } = settings;
    const args = ['--from', 'postgres', '--to', 'eventstoredb'];
    const { code, stderr } = await launchTool('log-copy', args, { KEYLEDGER_DATA_DIR }).exit;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Keyledger cannot copy the log: EVENTSTOREDB_URL must be set, to an esdb/);
  });
});
