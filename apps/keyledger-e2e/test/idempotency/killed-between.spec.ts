import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Credential, IssuedCredentialReply, Page } from '@keyledger/contract';
import { httpDoor } from '../harness/doors.js';
import { ConnectionLost, HttpClient } from '../harness/http-client.js';
import { startKeyledger, type KeyledgerProcess } from '../harness/keyledger-process.js';
import { Visit } from '../harness/shared-server.js';

const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? randomInt(2 ** 31));
const ROUNDS = 5;
const WRITERS = 24;
const ACCOUNTS = 3;
const EARLIEST_KILL_MS = 20;
const LATEST_KILL_MS = 500;

/** Mulberry32: the same moments for the same seed. */
const random = ((state: number) => (): number => {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
})(seed);

/** One keyed request and what is known of its outcome. */
interface Sent {
  readonly accountId: string;
  /** Also the description of the credential, so that a second one of the same request would show. */
  readonly key: string;
  /** The secret that a reply has shown; undefined while there was no reply. */
  secret?: string | null | undefined;
}

let server: KeyledgerProcess;
let token = '';
const accounts: string[] = [];
const sent: Sent[] = [];

beforeAll(async () => {
  server = await startKeyledger();
  const visit = new Visit(server);
  token = await visit.token();
  while (accounts.length < ACCOUNTS) accounts.push((await visit.newAccount()).accountId);
  visit.close();
});
afterAll(() => server.remove());

const create = async (request: Sent): Promise<number> => {
  const { accountId, key } = request;
  const body = { type: 'api_key', mode: 'test', description: key };
  const options = { token, headers: { 'idempotency-key': key } };
  const path = `/v1/accounts/${accountId}/credentials`;
  const reply = await new HttpClient(server.httpUrl).post<IssuedCredentialReply>(path, body, options);
  if (reply.status !== 201) return reply.status;
  const shown = reply.body.secret['key'];
  // A repeat may not show another secret than the first answer.
  expect({ key, secret: shown }).toEqual({ key, secret: request.secret ?? shown });
  request.secret = shown;
  return reply.status;
};

/** Creates one credential after the other until the server is gone. */
const writeUntilKilled = async (writer: number): Promise<void> => {
  for (;;) {
    const request: Sent = { accountId: accounts[writer % ACCOUNTS] ?? '', key: randomUUID() };
    sent.push(request);
    try {
      expect(await create(request)).toBe(201);
    } catch (error) {
      if (error instanceof ConnectionLost) return;
      throw error;
    }
  }
};

const allPages = async <T>(rpc: string, fields: Record<string, string>): Promise<readonly T[]> => {
  const door = httpDoor(new HttpClient(server.httpUrl));
  const { position } = (await door.call<{ position: string }>('PositionService/GetPosition', {}, { token })).body;
  const items: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = { ...fields, limit: 200, ...(cursor !== undefined && { cursor }) };
    const { body } = await door.call<Page<T>>(rpc, page, { token, minPosition: position });
    items.push(...body.items);
    cursor = body.nextCursor;
  }
  return items;
};

test(`kill -9 at any moment loses no secret and doubles no credential (seed ${seed})`, async () => {
  let unanswered = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = sent.length;
    const writers = Array.from({ length: WRITERS }, (_, writer) => writeUntilKilled(writer));
    await delay(EARLIEST_KILL_MS + random() * (LATEST_KILL_MS - EARLIEST_KILL_MS));
    await server.kill();
    await Promise.all(writers);
    await server.start();
    unanswered += sent.filter(({ secret }) => secret === undefined).length;
    // Answered or not: within ten minutes each key shows its secret.
    const statuses = await Promise.all(sent.slice(before).map(create));
    expect(new Set(statuses)).toEqual(new Set([201]));
  }
  expect(unanswered).toBeGreaterThan(0);
  expect(new Set(sent.map(({ secret }) => secret)).size).toBe(sent.length);
  for (const accountId of accounts) {
    const keys = sent.filter((request) => request.accountId === accountId);
    const listed = await allPages<Credential>('CredentialService/ListCredentials', { accountId });
    const masks = listed.map(({ description, maskedSecret }) => [description, maskedSecret] as const).sort();
    expect(masks).toEqual(keys.map(({ key, secret }) => [key, `key_test_…${secret?.slice(-4)}`] as const).sort());
    const created = await allPages<{ credentialId: string }>('AuditService/ListAuditEvents', {
      ...{ accountId, action: 'CredentialCreated' },
    });
    expect(created.map(({ credentialId }) => credentialId).sort()).toEqual(
      listed.map(({ credentialId }) => credentialId).sort(),
    );
  }
});
