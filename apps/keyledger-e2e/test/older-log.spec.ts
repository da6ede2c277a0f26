import type { Credential, CredentialReply, IssuedCredentialReply, Page } from '@keyledger/contract';
import pg from 'pg';
import { eventually } from './harness/eventually.js';
import { Journey } from './harness/journey.js';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import { openOwnStores, type OwnStores } from './harness/own-stores.js';
import { launchTool, type Settings } from './harness/program.js';
import { readLog } from './harness/read-log.js';
import { Visit } from './harness/shared-server.js';

interface Receipt {
  readonly verifiers: readonly { readonly guaranteed: boolean }[];
}

interface Lost {
  readonly events: number;
  readonly issued: readonly object[];
  readonly validAgain: readonly object[];
}

interface Report {
  readonly logReplaced?: boolean;
  readonly lost: Lost | null;
  readonly revokedAgain?: readonly object[];
  readonly notRevoked?: readonly object[];
}

describe.each(['postgres', 'eventstoredb'])('an older log is restored on %s', (engine) => {
  let stores: OwnStores;
  let settings: Settings;
  let server: KeyledgerProcess;
  let visit: Visit;
  let journey: Journey;
  let kept: Readonly<Record<'revoked' | 'suspended' | 'deleted' | 'resumed', string>>;
  let token: string;
  let issuedSince: string;
  let lostEvents: number;

  beforeAll(async () => {
    stores = await openOwnStores(engine);
    ({ settings } = stores);
    server = await startKeyledger(settings);
    visit = new Visit(server);
  });

  afterAll(async () => {
    visit.close();
    await server.remove();
    await stores.close();
  });

  const eventCount = async (): Promise<number> => (await readLog(settings)).length;

  /** Takes the newest events out of the log, while everything runs. */
  const cutBack = async (count: number): Promise<void> => {
    if (engine === 'eventstoredb') return stores.node.cutBack(count);
    const client = new pg.Client({ connectionString: stores.database.url });
    await client.connect();
    await client.query(
      'delete from event_log.events where position > (select max(position) - $1 from event_log.events)',
      [count],
    );
    await client.end();
  };

  const create = async (name: string): Promise<string> => {
    const fields = { type: 'client_credentials', name };
    const { credential } = await journey.does<IssuedCredentialReply>('CredentialService/CreateCredential', fields);
    return credential.credentialId;
  };

  const rebuild = async (...args: readonly string[]): Promise<Report> => {
    const { code, stdout, stderr } = await launchTool('rebuild', args, settings).exit;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as Report;
  };

  it('and what was read before is refused, with the way out, while commands go on', async () => {
    journey = new Journey(visit.doors[0], await visit.token(), (await visit.newAccount()).accountId);
    const [revoked, suspended] = [await create('to-be-revoked'), await create('to-be-suspended')];
    kept = { revoked, suspended, deleted: await create('to-be-deleted'), resumed: await create('to-be-resumed') };
    const enabled = await journey.does<CredentialReply>('ApiAccessService/EnableApiAccess');
    token = enabled.credential.credentialId;
    const bystander = new Journey(visit.doors[0], await visit.token(), (await visit.newAccount()).accountId);
    const issued = await bystander.does<IssuedCredentialReply>('CredentialService/CreateCredential', {
      ...{ type: 'api_key', mode: 'test' },
    });
    const before = await eventCount();
    issuedSince = await create('issued-since');
    await journey.does('CredentialService/SuspendCredential', { credentialId: kept.suspended });
    await journey.does('CredentialService/RevokeCredential', { credentialId: kept.revoked });
    await journey.does('CredentialService/DeleteCredential', { credentialId: kept.deleted });
    await journey.does('CredentialService/SuspendCredential', { credentialId: kept.resumed });
    await journey.does('CredentialService/ResumeCredential', { credentialId: kept.resumed });
    await journey.does('CredentialService/RevokeCredential', { credentialId: issuedSince });
    await journey.does('ApiAccessService/DisableApiAccess');
    await journey.credentials();
    lostEvents = (await eventCount()) - before;
    await cutBack(lostEvents);

    // The verifier has heard of events that are not there any more, so no receipt may rest on where it stands.
    const { credentialId } = issued.credential;
    const revoke = `/v1/accounts/${bystander.accountId}/credentials/${credentialId}/revoke?wait=verifiers`;
    const options = { token: await visit.token() };
    const receipt = await visit.http.post<Receipt>(revoke, {}, options);
    expect([receipt.status, receipt.body.verifiers.filter(({ guaranteed }) => guaranteed)]).toEqual([200, []]);
    await eventually(async () => {
      const asked = { credential: issued.secret['key'] };
      const { body } = await visit.http.post<{ code: string }>('/v1/verify', asked, options);
      return body.code === 'STALE' ? { answer: body, seen: body } : { seen: body };
    });

    const path = `/v1/accounts/${journey.accountId}`;
    for (const route of [`${path}/credentials`, path, `${path}/audit`]) {
      const detail = await eventually(async () => {
        const { status, body } = await visit.http.get<{ code?: string; detail?: string }>(route, {
          token: await visit.token(),
        });
        return body.code === 'log-replaced' ? { answer: body.detail, seen: body } : { seen: { status, body } };
      });
      expect(detail).toMatch(/npm run rebuild -- (listing|audit)/);
    }
    // These are no part of the log.
    const types = await visit.http.get('/v1/credential-types', options);
    expect({ status: types.status, position: types.headers.get('keyledger-position') }).toEqual({
      status: 200,
      position: expect.stringMatching(/-[0-9a-f]{16}/) as string,
    });
    const overGrpc = new Journey(visit.doors[1], await visit.token(), journey.accountId);
    const { code } = await overGrpc.tries('CredentialService/ListCredentials');
    expect(code).toBe('log-replaced');
    await visit.newAccount();
  });

  it('and a rebuild says what is lost', async () => {
    visit.close();
    await server.stop();
    expect(await rebuild('listing')).toMatchObject({ logReplaced: true, lost: null });
    const { accountId } = journey;
    const lost = {
      events: lostEvents,
      accountsRegistered: [],
      issued: [{ accountId, credentialId: issuedSince }],
      secretsRenewed: [],
      validAgain: [
        { accountId, credentialId: kept.suspended, was: 'suspended' },
        { accountId, credentialId: kept.revoked, was: 'revoked' },
        { accountId, credentialId: kept.deleted, was: 'deleted' },
        { accountId, credentialId: token, was: 'deleted' },
      ],
      accountsActiveAgain: [],
    };
    expect(await rebuild('audit')).toMatchObject({ logReplaced: true, lost });
  });

  it('and what is valid again is revoked again, with a reason', async () => {
    const report = await rebuild('audit', '--revoke-again');
    expect(report.revokedAgain).toEqual(report.lost?.validAgain);
    expect(report.notRevoked).toEqual([]);
    // Once more does no harm; what has no API access any more is not named again.
    expect((await rebuild('audit', '--revoke-again')).notRevoked).toEqual([]);

    await server.start();
    visit = new Visit(server);
    journey = new Journey(visit.doors[0], await visit.token(), journey.accountId);
    const { items } = await eventually(async () => {
      const { status, body } = await visit.http.get<Page<Credential>>(`/v1/accounts/${journey.accountId}/credentials`, {
        token: await visit.token(),
      });
      return status === 200 ? { answer: body, seen: body } : { seen: body };
    });
    const statuses = Object.fromEntries(items.map(({ credentialId, status }) => [credentialId, status]));
    expect(statuses).toEqual({
      [kept.suspended]: 'revoked',
      [kept.revoked]: 'revoked',
      [kept.deleted]: 'revoked',
      [kept.resumed]: 'active',
    });
    const [entry] = await journey.trail({ credentialId: kept.deleted, action: 'CredentialRevoked' });
    expect(entry).toMatchObject({
      actor: { type: 'service', id: 'rebuild' },
      changes: [{ field: 'reason', to: expect.stringMatching(/deleted before an older log was restored/) as string }],
    });
  });
});

it('what the rebuild does not know is answered with the usage', async () => {
  const { code, stderr } = await launchTool('rebuild', ['listing', '--revoke-again'], {}).exit;
  expect(code).toBe(1);
  expect(stderr).toContain('npm run rebuild -- audit --revoke-again');
});
