import { createHmac } from 'node:crypto';
import type {
  EnableApiAccessReply,
  IssuedCredentialReply,
  Removal,
  SignedWebhook,
  WebhookSignatureVerdict,
} from '@keyledger/contract';
import { Webhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import type { Door } from '../harness/doors.js';
import { eventually } from '../harness/eventually.js';
import { journeyAs, newJourney, type Journey } from '../harness/journey.js';
import { farFuture, ofOtherEngine } from '../harness/positions.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const SIGN = 'WebhookService/Sign';
const VERIFY = 'WebhookService/VerifySignature';
const payload = '{"id":7, "text":"é – \\u0000 ☃", "amount":1e2}\n';

interface ApiSecret {
  readonly credentialId: string;
  readonly secret: string;
}

const createSecret = async (journey: Journey): Promise<ApiSecret> => {
  const { credential, secret } = await journey.does<IssuedCredentialReply>('CredentialService/CreateCredential', {
    type: 'api_secret',
  });
  return { credentialId: credential.credentialId, secret: secret['secret'] ?? '' };
};

const rotate = async (journey: Journey, credentialId: string, overlapSeconds: number): Promise<string> => {
  const fields = { credentialId, overlapSeconds };
  const { secret } = await journey.does<IssuedCredentialReply>('CredentialService/RotateCredential', fields);
  return secret['secret'] ?? '';
};

const sign = (journey: Journey, fields: object = {}): Promise<SignedWebhook> =>
  journey.does<SignedWebhook>(SIGN, { payload, ...fields });

const verify = (journey: Journey, headers: object, body = payload): Promise<WebhookSignatureVerdict> =>
  journey.does<WebhookSignatureVerdict>(VERIFY, { headers: { ...headers }, payload: body });

const isGood = (secret: string, headers: Readonly<Record<string, string>>, body = payload): boolean => {
  const answers = [Webhook, SvixWebhook].map((Kind) => {
    try {
      new Kind(secret).verify(body, { ...headers });
      return true;
    } catch {
      return false;
    }
  });
  expect(new Set(answers).size).toBe(1);
  return answers[0] === true;
};

const theirs = (secret: string, at = new Date(), id = 'msg_theirs'): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': new Webhook(secret).sign(id, at, payload),
});

const theirSvixSignature = (secret: string, headers: Readonly<Record<string, string>>): string =>
  new SvixWebhook(secret).sign(
    headers['webhook-id'] ?? '',
    new Date(Number(headers['webhook-timestamp']) * 1000),
    payload,
  );

const macBy = (salt: string, headers: Readonly<Record<string, string>>): string =>
  createHmac('sha256', Buffer.from(salt.slice('whsec_'.length), 'base64'))
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${payload}`)
    .digest('hex');

const signatureCount = ({ headers }: SignedWebhook): number => (headers['webhook-signature'] ?? '').split(' ').length;

/** In seconds from now. */
const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * 1000);

const refused = (reason: string) => ({ valid: false, version: null, credentialId: null, scheme: null, reason });

describe.each(visit.doors)('webhooks are signed, over $name', (door) => {
  test('so that the packages standardwebhooks and svix take them', async () => {
    const journey = await newJourney(visit, door);
    const { secret } = await createSecret(journey);
    const { headers, position } = await sign(journey);
    expect(Object.keys(headers).sort()).toEqual(['webhook-id', 'webhook-signature', 'webhook-timestamp']);
    expect(headers['webhook-id']).toMatch(/^msg_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}$/);
    expect(headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
    expect(position).toMatch(/^[0-9a-z]+-[0-9a-f]+$/);
    expect(isGood(secret, headers)).toBe(true);
    expect(isGood(secret, headers, payload.trim())).toBe(false);
    const { headers: ofNothing } = await sign(journey, { payload: '' });
    expect(await verify(journey, ofNothing, '')).toMatchObject({ valid: true });
  });

  test('with the id and the time that the caller gives', async () => {
    const journey = await newJourney(visit, door);
    const { secret } = await createSecret(journey);
    const timestamp = Math.floor(Date.now() / 1000) - 60;
    const { headers } = await sign(journey, { messageId: 'order-7/paid', timestamp });
    expect(headers).toMatchObject({ 'webhook-id': 'order-7/paid', 'webhook-timestamp': String(timestamp) });
    expect(isGood(secret, headers)).toBe(true);
    for (const wrong of [{ messageId: 'a.b' }, { messageId: '' }, { messageId: 'ä' }, { timestamp: -1 }]) {
      const [field = ''] = Object.keys(wrong);
      expect(await journey.isRefused(SIGN, { payload, ...wrong })).toEqual({
        code: 'invalid-request',
        fields: [field],
      });
    }
    expect(await journey.isRefused(SIGN, {})).toEqual({ code: 'invalid-request', fields: ['payload'] });
  });

  test('and what those packages sign is known as good', async () => {
    const journey = await newJourney(visit, door);
    const { credentialId, secret } = await createSecret(journey);
    const good = { valid: true, version: 1, credentialId, scheme: 'v1', reason: null };
    const headers = theirs(secret);
    expect(await verify(journey, headers)).toMatchObject(good);
    expect(
      await verify(journey, { ...headers, 'webhook-signature': theirSvixSignature(secret, headers) }),
    ).toMatchObject(good);
    const shouted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    expect(await verify(journey, { ...shouted, 'Content-Type': 'ä/ß' })).toMatchObject(good);
    const several = `v1a,AAAA v2,BBBB v1,${Buffer.alloc(32).toString('base64')} ${headers['webhook-signature']}`;
    expect(await verify(journey, { ...headers, 'webhook-signature': several })).toMatchObject(good);
    expect(await verify(journey, theirs(secret, inSeconds(-290)))).toMatchObject(good);
    expect(await verify(journey, theirs(secret, inSeconds(290)))).toMatchObject(good);
  });

  test('and what is not good is told with the reason', async () => {
    const journey = await newJourney(visit, door);
    const { secret } = await createSecret(journey);
    const headers = theirs(secret);
    for (const name of Object.keys(headers)) {
      const others = Object.entries(headers).filter(([each]) => each !== name);
      expect(await verify(journey, Object.fromEntries(others))).toMatchObject(refused('missing-header'));
    }
    expect(await verify(journey, {})).toMatchObject(refused('missing-header'));
    expect(await verify(journey, headers, `${payload} `)).toMatchObject(refused('no-matching-signature'));
    expect(await verify(journey, theirs('whsec_AAAA'))).toMatchObject(refused('no-matching-signature'));
    expect(await verify(journey, theirs(secret, inSeconds(-310)))).toMatchObject(refused('timestamp-too-old'));
    expect(await verify(journey, theirs(secret, inSeconds(310)))).toMatchObject(refused('timestamp-too-new'));
  });

  test('and headers that are none of Standard Webhooks are no mistake of the caller', async () => {
    const journey = await newJourney(visit, door);
    const { secret } = await createSecret(journey);
    const headers = theirs(secret);
    const signature = headers['webhook-signature']?.slice('v1,'.length) ?? '';
    const now = headers['webhook-timestamp'] ?? '';
    const bad: readonly (readonly [name: string, value: string, reason: string])[] = [
      ...[`v1,${signature.toLowerCase()}`, `v1,${signature.slice(0, -1)}`, 'v1,', `v1,${signature}=`].map(
        (value) => ['webhook-signature', value, 'no-matching-signature'] as const,
      ),
      ...[`v1a,${signature}`, `V1,${signature}`, signature, '', ',', 'v1'].map(
        (value) => ['webhook-signature', value, 'no-known-scheme'] as const,
      ),
      ...[`v1,${signature}é`, `v1,${signature} v1,☃`].map(
        (value) => ['webhook-signature', value, 'malformed-header'] as const,
      ),
      ...['msg_ü', 'msg.1', '', ' msg_theirs'].map((value) => ['webhook-id', value, 'malformed-header'] as const),
      ...['soon', `0${now}`, `${now}.0`, `-${now}`, `${now}000000000`, ' ', '１７'].map(
        (value) => ['webhook-timestamp', value, 'malformed-header'] as const,
      ),
      // The same once more, in another case.
      ['Webhook-Id', 'msg_theirs', 'malformed-header'],
    ];
    for (const [name, value, reason] of bad) {
      expect(await verify(journey, { ...headers, [name]: value })).toMatchObject(refused(reason));
    }
  });

  test('with both secrets while a rotation overlaps, and with one once it is finished', async () => {
    const journey = await newJourney(visit, door);
    const { credentialId, secret: old } = await createSecret(journey);
    const next = await rotate(journey, credentialId, 3600);
    const both = await sign(journey);
    expect(signatureCount(both)).toBe(2);
    expect([old, next].map((secret) => isGood(secret, both.headers))).toEqual([true, true]);
    // The current one comes first, for receivers that look at one only.
    const [first = ''] = (both.headers['webhook-signature'] ?? '').split(' ');
    expect(isGood(next, { ...both.headers, 'webhook-signature': first })).toBe(true);
    expect(await verify(journey, theirs(old))).toMatchObject({ valid: true, version: 1, credentialId });
    expect(await verify(journey, theirs(next))).toMatchObject({ valid: true, version: 2, credentialId });
    await journey.does('CredentialService/FinishRotation', { credentialId });
    const after = await sign(journey);
    expect(signatureCount(after)).toBe(1);
    expect([old, next].map((secret) => isGood(secret, after.headers))).toEqual([false, true]);
    expect(await verify(journey, theirs(old))).toMatchObject(refused('no-matching-signature'));
  });

  test('with the old secret again where a rotation is cancelled', async () => {
    const journey = await newJourney(visit, door);
    const { credentialId, secret: old } = await createSecret(journey);
    const next = await rotate(journey, credentialId, 3600);
    await sign(journey);
    await journey.does('CredentialService/CancelRotation', { credentialId });
    const { headers } = await sign(journey);
    expect([old, next].map((secret) => isGood(secret, headers))).toEqual([true, false]);
    const third = await rotate(journey, credentialId, 0);
    const last = await sign(journey);
    expect([old, next, third].map((secret) => isGood(secret, last.headers))).toEqual([false, false, true]);
    expect(await verify(journey, theirs(third))).toMatchObject({ valid: true, version: 3 });
  });

  test('with the old secret no more once its overlap is over', async () => {
    const journey = await newJourney(visit, door);
    const { credentialId, secret: old } = await createSecret(journey);
    const next = await rotate(journey, credentialId, 2);
    expect(signatureCount(await sign(journey))).toBe(2);
    const last = await eventually(async () => {
      const signed = await sign(journey);
      return signatureCount(signed) === 1 ? { answer: signed, seen: 1 } : { seen: signatureCount(signed) };
    });
    expect([old, next].map((secret) => isGood(secret, last.headers))).toEqual([false, true]);
  });

  test('by the credential that has the role, from the moment it is moved', async () => {
    const journey = await newJourney(visit, door);
    const one = await createSecret(journey);
    const other = await createSecret(journey);
    expect(isGood(one.secret, (await sign(journey)).headers)).toBe(true);
    await journey.does('CredentialService/SetWebhookSigner', { credentialId: other.credentialId });
    const { headers } = await sign(journey);
    expect([one.secret, other.secret].map((secret) => isGood(secret, headers))).toEqual([false, true]);
    expect(await verify(journey, theirs(one.secret))).toMatchObject(refused('no-matching-signature'));
    const removed = { credentialId: one.credentialId };
    const { phrase } = await journey.does<Removal>('CredentialService/GetRemoval', removed);
    await journey.does('CredentialService/DeleteCredential', { ...removed, confirmation: phrase ?? '' });
    expect(isGood(other.secret, (await sign(journey)).headers)).toBe(true);
  });

  test('and by the private salt as well while API access is on', async () => {
    const journey = await newJourney(visit, door);
    const { privateSalt } = await journey.does<EnableApiAccessReply>('ApiAccessService/EnableApiAccess');
    const unsigned = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)) };
    const mac = macBy(privateSalt ?? '', unsigned);
    expect(await verify(journey, { ...unsigned, mac })).toMatchObject({ valid: true, version: null, scheme: 'mac' });
    expect(await verify(journey, { ...unsigned, mac: mac.toUpperCase() })).toMatchObject(
      refused('no-matching-signature'),
    );
    expect(await journey.isRefused(SIGN, { payload })).toMatchObject({ code: 'no-webhook-signer' });
    const { secret } = await createSecret(journey);
    const { headers } = await sign(journey);
    expect(headers['mac']).toBe(macBy(privateSalt ?? '', headers));
    expect(isGood(secret, headers)).toBe(true);
    await journey.does('ApiAccessService/DisableApiAccess');
    expect(Object.keys((await sign(journey)).headers)).not.toContain('mac');
    expect(await verify(journey, { ...unsigned, mac })).toMatchObject(refused('no-matching-signature'));
  });

  test('not without a signer, and not while the account is suspended', async () => {
    const journey = await newJourney(visit, door);
    const refusals = () =>
      Promise.all([
        journey.isRefused(SIGN, { payload }),
        journey.isRefused(VERIFY, { headers: theirs('whsec_AAAA'), payload }),
      ]);
    for (const { code } of await refusals()) expect(code).toBe('no-webhook-signer');
    const { secret } = await createSecret(journey);
    await journey.does('AccountService/SuspendAccount');
    for (const { code } of await refusals()) expect(code).toBe('account-suspended');
    await journey.does('AccountService/ResumeAccount');
    expect(isGood(secret, (await sign(journey)).headers)).toBe(true);
  });

  test('for senders, who may do nothing else', async () => {
    const journey = await newJourney(visit, door);
    const { secret } = await createSecret(journey);
    const sender = await journeyAs(visit, journey, 'sender');
    const { headers } = await sign(sender);
    expect(isGood(secret, headers)).toBe(true);
    expect(await verify(sender, headers)).toMatchObject({ valid: true });
    for (const rpc of [
      'AccountService/GetAccount',
      'CredentialService/ListCredentials',
      'ApiAccessService/GetApiAccess',
    ]) {
      expect(await sender.isRefused(rpc)).toMatchObject({ code: 'forbidden' });
    }
    for (const role of ['key-manager', 'viewer', 'auditor', 'verifier']) {
      const other = await journeyAs(visit, journey, role);
      expect(await other.isRefused(SIGN, { payload })).toMatchObject({ code: 'forbidden' });
    }
  });

  test('as of a position that the caller demands', async () => {
    const journey = await newJourney(visit, door);
    const { position } = await journey.does<IssuedCredentialReply>('CredentialService/CreateCredential', {
      type: 'api_secret',
    });
    const signed = await journey.does<SignedWebhook>(SIGN, { payload }, { minPosition: position });
    expect(signed.position >= position).toBe(true);
    const late = { minPosition: farFuture(position) };
    expect(await journey.isRefused(SIGN, { payload }, late)).toMatchObject({ code: 'position-not-reached' });
    const strange = { minPosition: ofOtherEngine(position) };
    expect(await journey.isRefused(VERIFY, { headers: {}, payload }, strange)).toMatchObject({
      code: 'invalid-request',
    });
  });
});

const [http] = visit.doors as readonly [Door, ...Door[]];

test('a position may be demanded in the query as well', async () => {
  const journey = await newJourney(visit, http);
  await createSecret(journey);
  const token = await visit.token();
  const path = `/v1/accounts/${journey.accountId}/webhooks/sign`;
  const { body } = await visit.http.post<SignedWebhook>(path, { payload }, { token });
  const again = await visit.http.post<SignedWebhook>(`${path}?minPosition=${body.position}`, { payload }, { token });
  expect(again.status).toBe(200);
  expect(again.headers.get('keyledger-position')).toBe(again.body.position);
  expect(again.headers.get('cache-control')).toBe('no-store');
  const late = await visit.http.post(`${path}?minPosition=${farFuture(body.position)}`, { payload }, { token });
  expect({ status: late.status, retryAfter: late.headers.get('retry-after') }).toEqual({
    status: 503,
    retryAfter: '1',
  });
});

test('every signature made while the signer is rotated and moved is good by a secret valid then', async () => {
  const journey = await newJourney(visit, http);
  const two = [await createSecret(journey), await createSecret(journey)] as const;
  const current = new Map(two.map(({ credentialId, secret }) => [credentialId, secret]));
  /** What is valid after each write that was acknowledged. */
  const epochs: (readonly string[])[] = [[two[0].secret]];
  const state = { isWriting: false, isDone: false };
  const signed: { readonly from: number; readonly to: number; readonly headers: SignedWebhook['headers'] }[] = [];
  const signAgain = async (): Promise<void> => {
    while (!state.isDone) {
      const from = epochs.length - 1;
      const { headers } = await sign(journey);
      // While a write is under way either side of it may be true.
      signed.push({ from, to: epochs.length - 1 + (state.isWriting ? 1 : 0), headers });
    }
  };
  const write = async (change: () => Promise<readonly string[]>): Promise<void> => {
    state.isWriting = true;
    epochs.push(await change());
    state.isWriting = false;
  };
  const moveTo = async (credentialId: string): Promise<readonly string[]> => {
    await journey.does('CredentialService/SetWebhookSigner', { credentialId });
    return [current.get(credentialId) ?? ''];
  };
  const replace = async (credentialId: string, overlapSeconds: number): Promise<readonly string[]> => {
    const old = current.get(credentialId) ?? '';
    const secret = await rotate(journey, credentialId, overlapSeconds);
    current.set(credentialId, secret);
    return overlapSeconds === 0 ? [secret] : [old, secret];
  };
  const finish = async (credentialId: string): Promise<readonly string[]> => {
    await journey.does('CredentialService/FinishRotation', { credentialId });
    return [current.get(credentialId) ?? ''];
  };
  const signing = Promise.all(Array.from({ length: 8 }, signAgain));
  for (let round = 0; round < 5; round += 1) {
    for (const { credentialId } of two) {
      await write(() => moveTo(credentialId));
      await write(() => replace(credentialId, 0));
      await write(() => replace(credentialId, 600));
      await write(() => finish(credentialId));
    }
  }
  state.isDone = true;
  await signing;
  const bad = signed.filter(({ from, to, headers }) => {
    const valid = new Set(epochs.slice(from, to + 1).flat());
    return ![...valid].some((secret) => isGood(secret, headers));
  });
  expect(bad).toEqual([]);
  expect(signed.length).toBeGreaterThan(epochs.length);
});
