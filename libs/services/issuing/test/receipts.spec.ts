import { setTimeout as sleep } from 'node:timers/promises';
import { FollowerPositions, type LeasePolicy, type VerifierPosition } from '@keyledger/read-models';
import { FollowingVerifier, Serving } from './serving.js';

let serving: Serving;
let account: string;
let verifiers: FollowingVerifier[] = [];

beforeAll(async () => {
  serving = await Serving.open();
});
afterAll(() => serving.close());
beforeEach(async () => {
  const { body } = await serving.send('POST /v1/accounts', { name: 'Acme' });
  account = `/v1/accounts/${(body['account'] as { accountId: string }).accountId}`;
});
afterEach(async () => {
  await Promise.all(verifiers.map((verifier) => verifier.stop()));
  verifiers = [];
});

const eventually = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await sleep(5);
};

const start = async (policy?: LeasePolicy): Promise<FollowingVerifier> => {
  const verifier = new FollowingVerifier(serving.log, serving.pool, policy);
  verifiers.push(verifier);
  await eventually(() => verifier.lease.isHeld());
  return verifier;
};

const create = async (fields: object = { type: 'client_credentials', name: 'billing' }): Promise<string> => {
  const { body } = await serving.send(`POST ${account}/credentials`, fields);
  return (body['credential'] as { credentialId: string }).credentialId;
};

const verifiersOf = ({ body }: { readonly body: object }): readonly VerifierPosition[] =>
  (body as { verifiers: VerifierPosition[] }).verifiers;

/** Whether the slice has a request that waits. */
const waits = async (): Promise<boolean> => {
  const text = `select 1 from pg_stat_activity where query like '%follower_positions%reported_at > now()%' and datname =
    current_database() and pid <> pg_backend_pid()`;
  return ((await serving.pool.query(text)).rowCount ?? 0) > 0;
};

interface Write {
  readonly name: string;
  /** Makes what the write is about, and tells its route. */
  readonly route: () => Promise<string>;
  readonly rpc: string;
  readonly body?: object;
}

const onCredential = (rest: string) => async (): Promise<string> => `${account}/credentials/${await create()}${rest}`;

const writes: readonly Write[] = [
  {
    name: 'revoke',
    route: async () => `POST ${await onCredential('/revoke')()}`,
    rpc: 'CredentialService/RevokeCredential',
  },
  {
    name: 'suspend',
    route: async () => `POST ${await onCredential('/suspend')()}`,
    rpc: 'CredentialService/SuspendCredential',
  },
  {
    name: 'delete',
    route: async () => `DELETE ${await onCredential('')()}`,
    rpc: 'CredentialService/DeleteCredential',
  },
  {
    name: 'finish',
    route: async () => {
      const path = await onCredential('')();
      await serving.send(`POST ${path}/rotate`, { overlapSeconds: 60 });
      return `POST ${path}/rotation/finish`;
    },
    rpc: 'CredentialService/FinishRotation',
  },
  {
    name: 'refresh',
    route: async () => {
      await serving.send(`POST ${account}/api-access`);
      return `POST ${account}/api-access/auth-token/refresh`;
    },
    rpc: 'ApiAccessService/RefreshAuthToken',
  },
  {
    name: 'disable',
    route: async () => {
      await serving.send(`POST ${account}/api-access`);
      return `DELETE ${account}/api-access`;
    },
    rpc: 'ApiAccessService/DisableApiAccess',
  },
  {
    name: 'suspension of the account',
    route: async () => `POST ${account}/suspend`,
    rpc: 'AccountService/SuspendAccount',
  },
];

const idsIn = (route: string) => ({
  accountId: /acct_[0-9a-f-]+/.exec(route)?.[0],
  credentialId: /cred_[0-9a-f-]+/.exec(route)?.[0],
});

describe.each(writes)('$name', ({ route, rpc }) => {
  it('has a reply as ever without wait, and none of the verifiers in it', async () => {
    await start();
    const { status, body } = await serving.send(await route());
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('verifiers');
  });

  it('tells over HTTP who is past it', async () => {
    const verifier = await start();
    const reply = await serving.send(`${await route()}?wait=verifiers`);
    expect(reply.status).toBe(200);
    expect(verifiersOf(reply)).toMatchObject([{ verifierId: verifier.lease.verifierId, guaranteed: true }]);
    expect((verifiersOf(reply)[0]?.position ?? '') >= String(reply.body['position'])).toBe(true);
  });

  it('tells over gRPC who is past it', async () => {
    const verifier = await start();
    const reply = await serving.call(rpc, { ...idsIn(await route()), waitForVerifiers: true });
    expect(reply).toMatchObject({
      verifiers: [
        { verifierId: verifier.lease.verifierId, guaranteed: true, at: expect.stringMatching(/Z$/) as string },
      ],
    });
  });

  it('waits for nobody where no verifier runs', async () => {
    expect((await serving.send(`${await route()}?wait=verifiers`)).body['verifiers']).toEqual([]);
  });

  it.each(['listing', '', 'verifiers&wait=verifiers', 'true'])('takes no wait=%s, and does nothing', async (wait) => {
    const target = await route();
    const head = await serving.log.head();
    const { status, body } = await serving.send(`${target}?wait=${wait}`);
    expect([status, body['code'], body['errors']]).toEqual([
      422,
      'invalid-request',
      [{ field: 'wait', message: 'must be verifiers, or left out' }],
    ]);
    expect(await serving.log.head()).toBe(head);
  });
});

it('is no parameter of other writes, nor a field of a body', async () => {
  const path = `${account}/credentials/${await create()}`;
  expect((await serving.send(`POST ${path}/resume?wait=verifiers`)).status).toBe(422);
  expect((await serving.send(`POST ${path}/revoke`, { wait: 'verifiers' })).status).toBe(422);
  expect((await serving.send(`DELETE ${path}`, { wait: 'verifiers' })).status).toBe(422);
});

it('waits until a verifier that is behind is past it', async () => {
  const [verifier, path] = [await start(), await onCredential('/revoke')()];
  const goOn = verifier.pause();
  let isAnswered = false;
  const replying = serving.send(`POST ${path}?wait=verifiers`).finally(() => (isAnswered = true));
  await eventually(waits);
  expect(isAnswered).toBe(false);
  goOn();
  expect(verifiersOf(await replying)).toMatchObject([{ guaranteed: true }]);
});

it('says after its time who is not past it, and that one under policy open guarantees nothing', async () => {
  const [open, slow, path] = [await start('open'), await start(), await onCredential('/revoke')()];
  const goOn = slow.pause();
  const { status, body } = await serving.send(`POST ${path}?wait=verifiers`);
  const told = Object.fromEntries(verifiersOf({ body }).map((one) => [one.verifierId, one.guaranteed]));
  expect([status, told]).toEqual([200, { [open.lease.verifierId]: false, [slow.lease.verifierId]: false }]);
  goOn();
});

it('waits also where nothing was to be done, for what that rests on', async () => {
  const path = await onCredential('/revoke')();
  const first = await serving.send(`POST ${path}`);
  await start();
  const { body } = await serving.send(`POST ${path}?wait=verifiers`);
  expect(body['position']).toBe(first.body['position']);
  expect(verifiersOf({ body })).toMatchObject([{ guaranteed: true }]);
});

it('waits also on the repeat of a keyed request', async () => {
  await start();
  await serving.send(`POST ${account}/api-access`);
  const headers = { 'idempotency-key': 'a-key-of-this-very-test' };
  const refresh = `POST ${account}/api-access/auth-token/refresh`;
  const first = await serving.send(refresh, undefined, headers);
  const repeat = await serving.send(`${refresh}?wait=verifiers`, undefined, headers);
  expect(verifiersOf(repeat)).toMatchObject([{ guaranteed: true }]);
  expect(repeat.body).toEqual({ ...first.body, verifiers: verifiersOf(repeat) });
});

it('says that the change is stored where the database does not tell who knows of it', async () => {
  await start();
  const path = await onCredential('/revoke')();
  const lock = await serving.pool.connect();
  await lock.query('begin; lock table followers.follower_positions');
  const { status, body } = await serving.send(`POST ${path}?wait=verifiers`);
  await lock.query('rollback');
  lock.release();
  expect([status, body['code']]).toEqual([503, 'position-not-reached']);
  expect(String(body['detail'])).toContain('The change is stored');
  expect(
    await new FollowerPositions(serving.pool, serving.log, 'followers').verifiersAt(String(body['position'])),
  ).toHaveLength(1);
});

it('answers those who wait when the process stops', async () => {
  const other = await Serving.open();
  const verifier = new FollowingVerifier(other.log, other.pool);
  await eventually(() => verifier.lease.isHeld());
  const { body } = await other.send('POST /v1/accounts', { name: 'Acme' });
  const goOn = verifier.pause();
  const { accountId } = body['account'] as { accountId: string };
  const replying = other.send(`POST /v1/accounts/${accountId}/suspend?wait=verifiers`);
  await eventually(async () => {
    const text = `select 1 from event_log.events where type = 'AccountSuspended'`;
    return (await other.pool.query(text)).rowCount === 1;
  });
  const closing = other.server.close();
  expect(verifiersOf(await replying)).toMatchObject([{ guaranteed: false }]);
  await closing;
  goOn();
  await verifier.stop();
  await other.close();
});
