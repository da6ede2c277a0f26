import { randomUUID } from 'node:crypto';
import type { Account, AccountReply, CredentialReply, Page, RegisterApplicationReply } from '@keyledger/contract';
import { newJourney, type Journey } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const REGISTER = 'AccountService/RegisterAccount';

const find = async (journey: Journey, query: object): Promise<readonly Account[]> =>
  (await journey.does<Page<Account>>('AccountService/ListAccounts', { ...query })).items;

describe.each(visit.doors)('accounts over $name', (door) => {
  test('an account starts on the free plan, active, and shows all its fields', async () => {
    const journey = await newJourney(visit, door);
    const { account, position } = await journey.does<AccountReply>(REGISTER, { name: 'Müller & Söhne' });
    expect(account).toEqual({
      accountId: expect.stringMatching(/^acct_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
      name: 'Müller & Söhne',
      externalId: null,
      plan: { tier: 'free', paymentMethodOnFile: false },
      status: 'active',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      revision: 0,
    });
    const { accountId } = account;
    const seen = await journey.does('AccountService/GetAccount', { accountId }, { minPosition: position });
    expect(seen).toEqual(account);
  });

  test('an external id is unique to the letter, leads to its account, and never changes', async () => {
    const journey = await newJourney(visit, door);
    const externalId = `Customer/${randomUUID()} ü`;
    const requests = Array.from({ length: 5 }, () =>
      journey.tries<AccountReply>(REGISTER, { name: 'Acme', externalId }),
    );
    const outcomes = await Promise.all(requests);
    expect(outcomes.map(({ code }) => code).sort()).toEqual(
      [...Array<string>(4).fill('external-id-taken'), 'OK'].sort(),
    );
    const created = outcomes.find(({ code }) => code === 'OK')?.body.account;
    expect(await find(journey, { externalId })).toEqual([created]);
    expect(await find(journey, { externalId: externalId.toUpperCase() })).toEqual([]);
    const next = await journey.does<AccountReply>(REGISTER, { name: 'Acme', externalId: `${externalId}2` });
    expect(next.account.accountId).not.toBe(created?.accountId);
  });

  test('a rename is found by the new name', async () => {
    const journey = await newJourney(visit, door);
    const name = `Acme ${randomUUID()}`;
    await journey.does('AccountService/UpdateAccount', { name });
    expect(await find(journey, { q: name.toUpperCase() })).toMatchObject([{ accountId: journey.accountId, name }]);
    expect(await find(journey, { q: journey.accountId })).toMatchObject([{ name }]);
  });

  test('while an account is suspended, only what takes access away works', async () => {
    const journey = await newJourney(visit, door);
    const make = async (fields: object): Promise<string> =>
      (await journey.does<CredentialReply>('CredentialService/CreateCredential', { ...fields })).credential
        .credentialId;
    await journey.does('ApiAccessService/EnableApiAccess');
    const application = { title: 'Portal', endpointIds: [] };
    const registered = await journey.does<RegisterApplicationReply>(
      'ApplicationService/RegisterApplication',
      application,
    );
    const { applicationId } = registered.application;
    const credentialId = await make({ type: 'client_credentials', name: 'billing-service' });
    await journey.does('CredentialService/RotateCredential', { credentialId, overlapSeconds: 600 });
    expect(await journey.does('AccountService/SuspendAccount')).toMatchObject({ account: { status: 'suspended' } });
    const overlapEndsAt = new Date(Date.now() + 900_000).toISOString();
    const refused = [
      ['AccountService/UpdateAccount', { name: 'Other' }],
      ['AccountService/SetPlan', { tier: 'paid', paymentMethodOnFile: true }],
      ['ApiAccessService/RefreshAuthToken', {}],
      ['ApiAccessService/RevealAuthToken', {}],
      ['ApiAccessService/SetIpAllowlist', { cidrs: ['10.0.0.0/8'] }],
      ['ApplicationService/RegisterApplication', application],
      ['ApplicationService/UpdateApplication', { applicationId, title: 'Other' }],
      ['ApplicationService/SetApplicationEndpoints', { applicationId, endpointIds: [] }],
      ['CredentialService/CreateCredential', { type: 'api_secret' }],
      ['CredentialService/UpdateCredential', { credentialId, description: 'x' }],
      ['CredentialService/RotateCredential', { credentialId }],
      ['CredentialService/ChangeRotation', { credentialId, overlapEndsAt }],
      ['CredentialService/ResumeCredential', { credentialId }],
    ] as const;
    for (const [rpc, fields] of refused) {
      const { code } = await journey.isRefused(rpc, fields);
      expect({ rpc, code }).toEqual({ rpc, code: 'account-suspended' });
    }
    // Reads go on, and what takes access away too.
    expect(await journey.credentials()).toHaveLength(2);
    await journey.does('AccountService/SuspendAccount');
    await journey.does('CredentialService/SuspendCredential', { credentialId });
    await journey.does('CredentialService/RevokeCredential', { credentialId });
    await journey.does('CredentialService/DeleteCredential', { credentialId });
    await journey.does('ApiAccessService/DisableApiAccess');
    expect(await journey.does('AccountService/ResumeAccount')).toMatchObject({ account: { status: 'active' } });
    await make({ type: 'api_secret' });
  });

  test('pages hold every item once, newest first, whatever comes in between', async () => {
    const journey = await newJourney(visit, door);
    const create = (): Promise<CredentialReply> =>
      journey.does<CredentialReply>('CredentialService/CreateCredential', { type: 'api_key', mode: 'test' });
    const ids: string[] = [];
    while (ids.length < 5) ids.unshift((await create()).credential.credentialId);
    const list = 'CredentialService/ListCredentials';
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<{ credentialId: string }> = await journey.does(list, { limit: 2, ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ credentialId }) => credentialId));
      cursor = page.nextCursor;
      await create();
    } while (cursor !== null);
    expect(seen).toEqual(ids);
    const { nextCursor } = await journey.does<Page<unknown>>(list, { limit: 2 });
    const elsewhere = { limit: 2, cursor: nextCursor, sort: 'createdAt' };
    expect(await journey.isRefused(list, elsewhere)).toEqual({ code: 'invalid-request', fields: ['cursor'] });
  });
});
