import { accountStream, catalogueStream, valuesOf, type Credential } from '@keyledger/domain';
import fc from 'fast-check';
import { applicationRegistered, created, DIGEST, newId, registered, second } from './account-events.js';
import { anyCourse, historyOf, type History } from './histories.js';
import { Installation, stored } from './installation.js';

const withoutDigests = (credential: Credential): Credential => ({
  ...credential,
  versions: credential.versions.map((version) => ({ ...version, digest: { value: '', pepperVersion: 0 } })),
});

const byId = (left: string, right: string): number => (left < right ? -1 : 1);

describe('the listing', () => {
  let installation: Installation;

  beforeEach(async () => {
    installation = await Installation.open();
  });

  afterEach(() => installation.close());

  const documents = async <T>(table: string, accountId: string): Promise<readonly T[]> => {
    const column = table === 'accounts' ? 'id' : 'account_id';
    const { rows } = await installation.pool.query<{ document: T }>(
      `select document from ${installation.projection.schema}.${table} where ${column} = $1 order by id`,
      [accountId],
    );
    return rows.map(({ document }) => document);
  };

  const expectFolded = async ({ accountId, state }: History): Promise<void> => {
    expect(await documents('accounts', accountId)).toEqual([state.facts]);
    const applications = [...valuesOf(state.applications)];
    applications.sort((left, right) => byId(left.applicationId, right.applicationId));
    expect(await documents('applications', accountId)).toEqual(applications);
    const endpoints = [...valuesOf(state.webhookEndpoints)];
    endpoints.sort((left, right) => byId(left.endpointId, right.endpointId));
    expect(await documents('webhook_endpoints', accountId)).toEqual(endpoints);
    const credentials = valuesOf(state.credentials).map(withoutDigests);
    credentials.sort((left, right) => byId(left.credentialId, right.credentialId));
    expect(await documents('credentials', accountId)).toEqual(credentials);
  };

  it('holds what the rules fold, however the log is cut into batches, and twice the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyCourse, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 60 }),
        async (courses, batchSize) => {
          const histories = courses.map(historyOf);
          // The accounts take turns, as they do in a log.
          for (let turn = 0; turn < 41; turn += 1) {
            for (const { accountId, events } of histories) {
              const event = events[turn];
              if (event !== undefined) await installation.toAccount(accountId, event);
            }
          }
          await installation.project(batchSize);
          for (const history of histories) await expectFolded(history);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('goes on from its rows when a batch comes again that it contains in part', async () => {
    const { accountId, events, state } = historyOf([...Array(40).keys()].map((index) => [(index * 5) % 13, index]));
    await installation.toAccount(accountId, ...events);
    const recorded = await installation.events();
    await installation.apply(recorded.slice(0, 20));
    await installation.apply(recorded.slice(10));
    await installation.apply(recorded.slice(0, 5));
    await expectFolded({ accountId, events, state });
  });

  it('keeps no digest', async () => {
    const [accountId, credentialId] = [newId('acct'), newId('cred')];
    const issued = { digest: { value: DIGEST, pepperVersion: 1 }, maskedSecret: 'kat_…wxyz' };
    await installation.toAccount(
      accountId,
      registered(accountId),
      created(credentialId),
      { type: 'CredentialRotated', credentialId, version: 2, ...issued, overlapEndsAt: second(9), at: second(2) },
      { type: 'AuthTokenRefreshed', credentialId, version: 3, ...issued, at: second(3) },
    );
    await installation.project();
    const content = JSON.stringify(await installation.content());
    expect(content).toContain('kat_…wxyz');
    expect(content).not.toContain(DIGEST);
  });

  it('folds the catalogue, and never forgets a retired endpoint', async () => {
    const [get, put] = [
      { method: 'GET', path: '/invoices' },
      { method: 'PUT', path: '/invoices/{id}' },
    ];
    await installation.toCatalogue(
      { type: 'ApiEndpointsReplaced', changes: { list: { from: null, to: get } }, at: second(1) },
      {
        type: 'ApiEndpointsReplaced',
        changes: { list: { from: get, to: null }, put: { from: null, to: put } },
        at: second(2),
      },
    );
    await installation.project(2);
    const { endpoints, streams } = await installation.content();
    expect(endpoints).toEqual(['(list,GET,/invoices,retired)', '(put,PUT,/invoices/{id},active)']);
    expect(streams).toEqual(['(green-catalogue,1)']);
  });

  it('takes no notice of other streams and other installations', async () => {
    const accountId = newId('acct');
    const event = stored(registered(accountId));
    await installation.append(accountStream('blue-', accountId), [event]);
    await installation.append(catalogueStream('blue-'), [event]);
    const read = { type: 'AuditTrailRead', accountId, filters: {}, at: second(1) } as const;
    await installation.append(`green-audit-access-${accountId}`, [stored(read)]);
    await installation.project();
    expect(Object.values(await installation.content()).flat()).toEqual([]);
  });

  it('refuses events that it cannot read', async () => {
    const accountId = newId('acct');
    await installation.toAccount(accountId, registered(accountId));
    const unknown = { ...stored(registered(accountId)), type: 'AccountTeleported' };
    await installation.append(accountStream('green-', accountId), [unknown]);
    await expect(installation.apply(await installation.events())).rejects.toThrow(/AccountTeleported/);
    expect(Object.values(await installation.content()).flat()).toEqual([]);
  });

  it('refuses to leave a gap', async () => {
    const accountId = newId('acct');
    await installation.toAccount(
      accountId,
      registered(accountId),
      applicationRegistered(newId('app')),
      created(newId('cred')),
    );
    const events = await installation.events();
    const [first, , third] = events.filter(({ streamId }) => streamId.startsWith('green-account-'));
    if (first === undefined || third === undefined) throw new Error('There are three events.');
    await expect(installation.apply([first, third])).rejects.toThrow(/are missing/);
  });
});
