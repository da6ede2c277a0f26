import type { IssuedCredentialReply, PositionReply } from '@keyledger/contract';
import { TcpProxy } from '@keyledger/testing';
import { eventually } from '../harness/eventually.js';
import { HttpClient } from '../harness/http-client.js';
import type { KeyledgerProcess } from '../harness/keyledger-process.js';
import { logSettings } from '../harness/log-engine.js';
import { jsonLines, METRICS_TOKEN, type Settings } from '../harness/program.js';
import { healthOf, Installation, untilReady, type Health } from './installation.js';

interface Verdict {
  readonly valid: boolean;
  readonly code: string;
  readonly version: number | null;
  readonly position: string;
  readonly ageMs: number;
}

interface Issued {
  readonly credentialId: string;
  readonly key: string;
}

let installation: Installation;
let command: KeyledgerProcess;
let verifier: KeyledgerProcess;
let accountId: string;

beforeAll(async () => {
  installation = await Installation.create();
  command = await installation.start('command-service');
  verifier = await installation.start('verification-service');
  accountId = await installation.newAccount(command);
});

afterAll(() => installation.remove());

const post = async <T extends object>(
  path: string,
  body: object = {},
  headers: Readonly<Record<string, string>> = {},
) => {
  const options = { token: installation.token, headers };
  const { status, body: answer } = await new HttpClient(command.httpUrl).post<T>(path, body, options);
  if (status >= 300) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  return answer;
};

const credentialPath = (credentialId: string): string => `/v1/accounts/${accountId}/credentials/${credentialId}`;

const issue = async (rest: object = {}): Promise<Issued> => {
  const path = `/v1/accounts/${accountId}/credentials`;
  const reply = await post<IssuedCredentialReply>(path, { type: 'api_key', mode: 'test', ...rest });
  return { credentialId: reply.credential.credentialId, key: reply.secret['key'] ?? '' };
};

const verify = async (server: KeyledgerProcess, key: string, rest: object = {}): Promise<Verdict> => {
  const options = { token: installation.token };
  const body = { credential: key, ...rest };
  return (await new HttpClient(server.httpUrl).post<Verdict>('/v1/verify', body, options)).body;
};

const codeSeen = (server: KeyledgerProcess, key: string, code: string): Promise<Verdict> =>
  eventually(async () => {
    const verdict = await verify(server, key);
    return verdict.code === code ? { answer: verdict, seen: verdict } : { seen: verdict };
  });

it('knows of a write at the position that the write answered with', async () => {
  for (let round = 0; round < 20; round += 1) {
    const { credentialId, key } = await issue();
    const head = await post<PositionReply>(`${credentialPath(credentialId)}/suspend`);
    expect(await verify(verifier, key, { minPosition: head.position })).toMatchObject({ code: 'SUSPENDED' });
    const resumed = await post<PositionReply>(`${credentialPath(credentialId)}/resume`);
    expect(await verify(verifier, key, { minPosition: resumed.position })).toMatchObject({ code: 'VALID' });
    const revoked = await post<PositionReply>(`${credentialPath(credentialId)}/revoke`);
    const verdict = await verify(verifier, key, { minPosition: revoked.position });
    expect(verdict).toMatchObject({ valid: false, code: 'REVOKED' });
    expect(verdict.position >= revoked.position).toBe(true);
    expect(verdict.ageMs).toBeLessThan(10_000);
  }
});

it('says STALE where a position is demanded that nobody has reached', async () => {
  const { key } = await issue();
  const { position } = await codeSeen(verifier, key, 'VALID');
  const future = position.replace(/[0-9a-f]+$/, (place) => 'f'.repeat(place.length));
  expect(await verify(verifier, key, { minPosition: future })).toMatchObject({ valid: false, code: 'STALE' });
  const foreign = position.replace(/^[0-9a-f]+/, (logId) => '0'.repeat(logId.length));
  const { token } = installation;
  const client = new HttpClient(verifier.httpUrl);
  for (const [minPosition, code] of [
    [foreign, 'position-of-another-log'],
    ['nonsense', 'invalid-request'],
  ]) {
    const reply = await client.post<{ code: string }>('/v1/verify', { credential: key, minPosition }, { token });
    expect([reply.status, reply.body.code]).toEqual([422, code]);
  }
});

it('knows after kill -9 and a start what it knew before, and what has happened since', async () => {
  const [kept, revoked] = [await issue(), await issue()];
  await codeSeen(verifier, revoked.key, 'VALID');
  await verifier.kill();
  await post(`${credentialPath(revoked.credentialId)}/revoke`);
  const fresh = await issue();
  await verifier.start();
  expect(await verify(verifier, kept.key)).toMatchObject({ code: 'VALID' });
  expect(await verify(verifier, fresh.key)).toMatchObject({ code: 'VALID' });
  expect(await verify(verifier, revoked.key)).toMatchObject({ code: 'REVOKED' });
});

describe('one that hears nothing of the log', () => {
  let proxy: TcpProxy;
  let deaf: KeyledgerProcess;
  let open: KeyledgerProcess;

  beforeAll(async () => {
    // Log and database alike are behind the proxy, as for a machine that is cut off.
    const direct: Settings = { ...installation.settings, ...logSettings(installation.settings) };
    const isOnPostgres = direct['EVENTSTOREDB_URL'] === undefined;
    const cut = isOnPostgres ? 'KEYLEDGER_DATABASE_URL' : 'EVENTSTOREDB_URL';
    proxy = await TcpProxy.before(direct[cut] ?? '');
    const settings = { [cut]: proxy.url, KEYLEDGER_VERIFIER_MAX_AGE: '1s' };
    deaf = await installation.start('verification-service', settings);
    open = await installation.start('verification-service', { ...settings, KEYLEDGER_VERIFIER_OPEN_FOR: 'test' });
  });

  afterAll(() => proxy.close());

  afterEach(() => {
    proxy.behaviour = 'open';
  });

  const untilUnready = (): Promise<Health> =>
    eventually(async () => {
      const { status, body } = await healthOf(deaf);
      return status === 503 ? { answer: body, seen: body } : { seen: body };
    });

  it('is ready for three seconds more, whatever the stores do meanwhile', async () => {
    await untilReady(deaf);
    proxy.behaviour = 'refusing';
    proxy.cut();
    const { details } = await untilUnready();
    expect(Object.keys(details)).toEqual(['verifier']);
    expect(details['verifier']?.['ageMs']).toBeGreaterThanOrEqual(3_000);
    await eventually(async () => {
      const told = jsonLines(deaf.output.stdout).filter(({ msg }) => msg === 'A part is down');
      const seen = told.map(({ part }) => part);
      return ['log', 'verifier'].every((part) => seen.includes(part)) ? { answer: true, seen } : { seen };
    });
    proxy.behaviour = 'open';
    await untilReady(deaf);
  });

  it('goes by nothing but what is final, and recovers by itself', async () => {
    const [valid, revoked, suspended] = [await issue(), await issue(), await issue()];
    await post(`${credentialPath(revoked.credentialId)}/revoke`);
    await post(`${credentialPath(suspended.credentialId)}/suspend`);
    for (const server of [deaf, open]) {
      await codeSeen(server, suspended.key, 'SUSPENDED');
      await codeSeen(server, revoked.key, 'REVOKED');
    }
    proxy.behaviour = 'frozen';
    await codeSeen(deaf, valid.key, 'STALE');
    expect(await verify(deaf, revoked.key)).toMatchObject({ code: 'REVOKED' });
    expect(await verify(deaf, suspended.key)).toMatchObject({ code: 'STALE' });
    expect(await verify(deaf, 'nonsense')).toMatchObject({ code: 'MALFORMED' });
    // Told so for keys of this mode, the other one goes by what it knows, and makes no secret of it.
    await eventually(async () => {
      expect(await verify(open, valid.key)).toMatchObject({ code: 'VALID' });
      const { stdout } = open.output;
      return stdout.includes('Verdicts are given by policy') ? { answer: true, seen: stdout } : { seen: stdout };
    });
    const { text } = await new HttpClient(open.httpUrl).get('/metrics', { token: METRICS_TOKEN });
    expect(Number(/^keyledger_verdicts_by_policy_total (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
    await post(`${credentialPath(valid.credentialId)}/revoke`);
    expect((await untilUnready()).status).toBe('error');
    proxy.behaviour = 'open';
    proxy.cut();
    await untilReady(deaf);
    expect(await verify(deaf, valid.key)).toMatchObject({ code: 'REVOKED' });
    await codeSeen(open, valid.key, 'REVOKED');
    await eventually(async () => {
      await verify(open, valid.key);
      const { stdout } = open.output;
      return stdout.includes('and not by policy') ? { answer: true, seen: stdout } : { seen: stdout };
    });
    // Once each. The first was written before it had doors. On a busy machine it may hear nothing once more.
    const lines = open.output.stdout.split('\n').filter((line) => /OPEN_FOR|by policy/.test(line));
    const levels = lines.map((line) => (JSON.parse(line) as { level: string }).level);
    expect(levels.join(' ')).toMatch(/^warn( warn info)+( warn)?$/);
    expect(deaf.output.stdout).not.toContain('by policy');
  });
});
