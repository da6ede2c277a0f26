import type { AuditItem, IssuedCredentialReply, RegisterApplicationReply } from '@keyledger/contract';
import type { Door } from '../harness/doors.js';
import type { Json } from '../harness/http-client.js';
import { newJourney, type Journey } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const CREATE = 'CredentialService/CreateCredential';

const namesOf = (items: readonly AuditItem[]): readonly string[] => items.map(({ action }) => action);

/** Several actions have a field of their own in the message, which has had one for a single action before. */
const several = ({ name }: Door, actions: readonly string[]): Json =>
  name === 'HTTP' ? { action: actions } : { actions };

const newSecret = async (journey: Journey): Promise<string> =>
  (await journey.does<IssuedCredentialReply>(CREATE, { type: 'api_secret' })).credential.credentialId;

describe.each(visit.doors)('the audit trail over $name', (door) => {
  test('tells of an application and of its key pairs, from its beginning to its end', async () => {
    const journey = await newJourney(visit, door);
    const asked = { title: 'Shop', endpointIds: [], generateKeys: { environment: 'production' } };
    const made = await journey.does<RegisterApplicationReply>('ApplicationService/RegisterApplication', asked);
    const { applicationId } = made.application;
    const credentialId = made.credential?.credentialId ?? '';
    await journey.does('ApplicationService/RegisterApplication', { title: 'Another', endpointIds: [] });
    await newSecret(journey);
    await journey.does('ApplicationService/UpdateApplication', { applicationId, title: 'Store' });
    await journey.does('CredentialService/RevokeCredential', { credentialId, reason: 'leaked' });
    await journey.does('CredentialService/DeleteCredential', { credentialId });
    await journey.does('ApplicationService/DeleteApplication', { applicationId });
    const items = await journey.trail({ applicationId });
    expect(items.map((item) => [item.action, item.applicationId, item.credentialId])).toEqual([
      ['ApplicationRegistered', applicationId, null],
      ['CredentialCreated', applicationId, credentialId],
      ['ApplicationChanged', applicationId, null],
      ['CredentialRevoked', applicationId, credentialId],
      ['CredentialDeleted', applicationId, credentialId],
      ['ApplicationDeleted', applicationId, null],
    ]);
    const others = (await journey.trail()).filter((item) => item.applicationId !== applicationId);
    expect(others).toHaveLength(4);
    expect(namesOf(await journey.trail({ applicationId, credentialId, excludeAction: ['CredentialDeleted'] }))).toEqual(
      ['CredentialCreated', 'CredentialRevoked'],
    );
  });

  test('tells of a moved webhook signer in the trails of both credentials', async () => {
    const journey = await newJourney(visit, door);
    const [first, second] = [await newSecret(journey), await newSecret(journey)];
    await journey.does('CredentialService/SetWebhookSigner', { credentialId: second });
    expect(namesOf(await journey.trail({ credentialId: first }))).toEqual([
      ...['CredentialCreated', 'WebhookSecretAssigned', 'WebhookSecretAssigned'],
    ]);
    const ofSecond = await journey.trail({ credentialId: second });
    expect(namesOf(ofSecond)).toEqual(['CredentialCreated', 'WebhookSecretAssigned']);
    expect(ofSecond[1]).toMatchObject({
      credentialId: second,
      changes: [{ field: 'webhookSigner', from: first, to: second }],
    });
  });

  test('shows who looked only to those who ask, and takes several actions', async () => {
    const journey = await newJourney(visit, door);
    await newSecret(journey);
    const all = ['AccountRegistered', 'CredentialCreated', 'WebhookSecretAssigned'];
    expect(namesOf(await journey.trail())).toEqual(all);
    expect(namesOf(await journey.trail({ excludeAction: ['CredentialCreated', 'PlanChanged'] }))).toEqual([
      ...['AccountRegistered', 'WebhookSecretAssigned'],
    ]);
    const some = ['CredentialCreated', 'AccountRegistered', 'AuditTrailRead'];
    expect(new Set(namesOf(await journey.trail(several(door, some))))).toEqual(new Set(some));
    const [look] = await journey.trail({ action: 'AuditTrailRead' });
    expect(look).toMatchObject({ accountId: journey.accountId, credentialId: null, applicationId: null });
    const left = { ...several(door, some), excludeAction: ['CredentialCreated', 'AuditTrailRead'] };
    expect(namesOf(await journey.trail(left))).toEqual(['AccountRegistered']);
    const unknown = several(door, ['CredentialCreated', 'CredentialStolen']);
    expect(await journey.isRefused('AuditService/ListAuditEvents', unknown)).toEqual({
      code: 'invalid-request',
      fields: Object.keys(several(door, [])),
    });
  });
});
