import { randomInt } from 'node:crypto';
import type { MessageReply } from '@keyledger/contract';
import fc from 'fast-check';
import { eventually } from '../harness/eventually.js';
import { ConnectionLost, HttpClient, type HttpReply } from '../harness/http-client.js';
import type { KeyledgerProcess } from '../harness/keyledger-process.js';
import { Installation } from './installation.js';
import { WebhookReceiver } from './webhook-receiver.js';

const ROUNDS = Number(process.env['KEYLEDGER_TEST_WEBHOOK_KILLS'] ?? 5);
const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? randomInt(2 ** 31));
const SENDERS = 16;
const MESSAGES_EACH = 6;
const ENDPOINTS = 4;
const ROUND_MS = 60_000;
const SETTINGS = { KEYLEDGER_WEBHOOK_ALLOW_LOOPBACK: 'true' };

let installation: Installation;
let services: readonly [KeyledgerProcess, KeyledgerProcess];
let accountId: string;
/** A quarter of the first attempts fail, so that retries are under way when a process is killed. */
const FAILING = 25;
const random = fc.sample(fc.nat(99), { seed, numRuns: 10_000 });
let drawn = 0;
const draw = (): number => random[(drawn += 1) % random.length] ?? 0;
const receivers = Array.from(
  { length: ENDPOINTS },
  () =>
    new WebhookReceiver(() => {
      if (draw() >= FAILING) return undefined;
      return draw() < 50 ? 'reset' : 'error';
    }),
);
const accepted: string[] = [];

const post = <T>(server: KeyledgerProcess, path: string, body: object, key: string): Promise<HttpReply<T>> =>
  new HttpClient(server.httpUrl).post<T>(`/v1/accounts/${accountId}${path}`, body, {
    token: installation.token,
    headers: { 'idempotency-key': key },
  });

beforeAll(async () => {
  installation = await Installation.create();
  const command = await installation.start('command-service', SETTINGS);
  services = await Promise.all([
    installation.start('webhook-service', SETTINGS),
    installation.start('webhook-service', SETTINGS),
  ]);
  accountId = await installation.newAccount(command);
  await post(command, '/credentials', { type: 'api_secret', name: 'hooks' }, 'signer-of-the-account');
  for (const [index, receiver] of receivers.entries()) {
    const endpoint = { url: await receiver.listen(), types: ['order.*'], scheme: 'standard', enabled: true };
    const { status, text } = await post(command, '/webhook-endpoints', endpoint, `endpoint-number-${index}-is-new`);
    if (status !== 201) throw new Error(text);
  }
});

afterAll(async () => {
  await installation.remove();
  await Promise.all(receivers.map((receiver) => receiver.close()));
});

/** Returns once the message is accepted, by whichever of the two. */
const send = async (key: string): Promise<void> => {
  let tries = 0;
  const messageId = await eventually(async () => {
    const server = services[(tries += 1) % 2] ?? services[0];
    const content = { type: 'order.paid', payload: { key } };
    try {
      const { status, body, text } = await post<MessageReply>(server, '/messages', content, key);
      if (status === 202) return { answer: body.messageId, seen: key };
      if (status !== 503) throw new Error(`${key}: ${status} ${text}`);
      return { seen: text };
    } catch (error) {
      if (error instanceof ConnectionLost) return { seen: 'no answer' };
      throw error;
    }
  });
  accepted.push(messageId);
};

const playRound = async (round: number, killAfter: number): Promise<void> => {
  const before = accepted.length;
  const sending = Array.from({ length: SENDERS }, async (_, sender) => {
    for (let n = 0; n < MESSAGES_EACH; n += 1) await send(`round-${round}-sender-${sender}-message-${n}`);
  });
  const killing = eventually(async () => {
    const seen = accepted.length - before;
    return Promise.resolve(seen >= killAfter ? { answer: seen, seen } : { seen });
  }).then(async () => {
    const victim = services[round % 2] ?? services[0];
    await victim.kill();
    await victim.start();
  });
  await Promise.all([...sending, killing]);
};

it(
  `brings every accepted message to every endpoint, whichever process is killed (KEYLEDGER_TEST_SEED=${seed})`,
  async () => {
    const moments = fc.sample(fc.integer({ min: 1, max: SENDERS * (MESSAGES_EACH - 1) }), { seed, numRuns: ROUNDS });
    for (const [round, killAfter] of moments.entries()) await playRound(round, killAfter);
    const missing = (): number =>
      receivers.reduce((sum, { received }) => sum + accepted.filter((id) => !received.has(id)).length, 0);
    await eventually(() => {
      const seen = missing();
      return Promise.resolve(seen === 0 ? { answer: true, seen } : { seen });
    }, 2 * ROUND_MS);
    const ids = new Set(accepted);
    expect(ids.size).toBe(accepted.length);
    expect(accepted).toHaveLength(ROUNDS * SENDERS * MESSAGES_EACH);
    // What came was accepted, and what came twice has the same id.
    const strangers = receivers.flatMap(({ received }) => [...received.keys()].filter((id) => !ids.has(id)));
    expect(strangers).toEqual([]);
    const repeats = receivers.flatMap(({ received }) => [...received.values()]).filter((times) => times > 1).length;
    console.log(
      `${ROUNDS} webhook services killed: ${accepted.length} messages to ${ENDPOINTS} endpoints, 0 lost, ` +
        `${repeats} came again with the same id (seed ${seed})`,
    );
  },
  ROUNDS * ROUND_MS + 2 * ROUND_MS,
);
