import { setTimeout as delay } from 'node:timers/promises';
import type { IssuedCredentialReply } from '@keyledger/contract';
import { HttpClient } from '../harness/http-client.js';
import type { KeyledgerProcess } from '../harness/keyledger-process.js';
import { Installation } from './installation.js';

interface Receipt {
  readonly position: string;
  readonly verifiers: readonly { readonly verifierId: string; readonly guaranteed: boolean }[];
}

let installation: Installation;
let command: KeyledgerProcess;
let verifiers: readonly KeyledgerProcess[];
let path: string;

beforeAll(async () => {
  installation = await Installation.create();
  command = await installation.start('command-service');
  verifiers = [await installation.start('verification-service'), await installation.start('verification-service')];
  path = `/v1/accounts/${await installation.newAccount(command)}/credentials`;
});

afterAll(() => installation.remove());

const post = async <T extends object>(server: KeyledgerProcess, route: string, body: object): Promise<T> =>
  (await new HttpClient(server.httpUrl).post<T>(route, body, { token: installation.token })).body;

const issue = async (): Promise<{ readonly id: string; readonly key: string; readonly position: string }> => {
  const { credential, secret, position } = await post<IssuedCredentialReply>(command, path, {
    type: 'api_key',
    mode: 'test',
  });
  return { id: credential.credentialId, key: secret['key'] ?? '', position };
};

const codeAt = async (server: KeyledgerProcess, credential: string, minPosition?: string): Promise<string> =>
  (await post<{ code: string }>(server, '/v1/verify', { credential, minPosition })).code;

const revoke = (id: string): Promise<Receipt> => post(command, `${path}/${id}/revoke?wait=verifiers`, {});

it('once a revocation with a receipt is acknowledged, no verifier says valid, however busy it is', async () => {
  const stopping = new AbortController();
  const noise = verifiers.map(async (server) => {
    while (!stopping.signal.aborted) await Promise.all(Array.from({ length: 20 }, () => codeAt(server, 'nonsense')));
  });
  for (let round = 0; round < 25; round += 1) {
    const { id, key, position } = await issue();
    expect(await Promise.all(verifiers.map((each) => codeAt(each, key, position)))).toEqual(['VALID', 'VALID']);
    const receipt = await revoke(id);
    const seen = await Promise.all(verifiers.map((server) => codeAt(server, key)));
    expect({ seen, guaranteed: receipt.verifiers.map(({ guaranteed }) => guaranteed) }).toEqual({
      seen: ['REVOKED', 'REVOKED'],
      guaranteed: [true, true],
    });
  }
  stopping.abort();
  await Promise.all(noise);
});

it('one that was frozen is waited for, is named as not guaranteed, and never says valid when it wakes', async () => {
  const [awake, frozen] = verifiers as readonly [KeyledgerProcess, KeyledgerProcess];
  const { id, key, position } = await issue();
  expect(await codeAt(frozen, key, position)).toBe('VALID');
  process.kill(frozen.pid, 'SIGSTOP');
  const asked: Promise<string>[] = [];
  try {
    const receipt = await revoke(id);
    expect(receipt.verifiers.map(({ guaranteed }) => guaranteed).sort()).toEqual([false, true]);
    expect(await codeAt(awake, key)).toBe('REVOKED');
    // They lie in its socket while it sleeps, and are the first that it sees: longer than its lease lasts.
    for (let each = 0; each < 20; each += 1) asked.push(codeAt(frozen, key));
    await delay(11_000);
  } finally {
    process.kill(frozen.pid, 'SIGCONT');
  }
  for (const code of await Promise.all(asked)) expect(['STALE', 'REVOKED']).toContain(code);
});
