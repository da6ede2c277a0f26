import type { Json } from '../harness/http-client.js';
import { verificationRoutes } from '../harness/routes.js';

/**
 * Who may do what, written down from the rules and not from the program: one entry for each operation. Every operation
 * that a server offers must be here, and every entry must be offered.
 */
export interface Expectation {
  /** Any one of these roles suffices; `anyone` who is authenticated. */
  readonly allow: readonly string[] | 'anyone';
  /**
   * The outcome for a caller who may. Writes to a resource send a revision that nothing has, so they end with
   * `revision-mismatch` right after the resource was found: they can be tried any number of times.
   */
  readonly passes: 'OK' | 'revision-mismatch' | 'credential-still-valid';
  /** What travels beside the ids of the path. */
  readonly body?: Json;
}

const operator = ['operator'];
const owner = ['operator', 'owner'];
const keyManager = ['operator', 'owner', 'key-manager'];
const reader = ['operator', 'owner', 'key-manager', 'viewer', 'auditor'];
const auditReader = ['operator', 'owner', 'auditor'];
const senders = ['operator', 'owner', 'sender'];
const messageReader = [...reader, 'sender'];
const verifiers = ['operator', 'verifier'];

const read = (allow: Expectation['allow']): Expectation => ({ allow, passes: 'OK' });
const create = (allow: Expectation['allow'], body: Json): Expectation => ({ allow, passes: 'OK', body });
const write = (allow: Expectation['allow'], body: Json = {}): Expectation => ({
  allow,
  passes: 'revision-mismatch',
  body,
});

/** By RPC; the routes of the HTTP door are named after the same RPCs. */
export const expectations: Readonly<Record<string, Expectation>> = {
  'AccountService/RegisterAccount': create(operator, { name: 'Registered by the matrix' }),
  'AccountService/GetAccount': read(reader),
  'AccountService/ListAccounts': read(reader),
  'AccountService/UpdateAccount': write(owner, { name: 'Renamed' }),
  'AccountService/SuspendAccount': write(operator),
  'AccountService/ResumeAccount': write(operator),
  'AccountService/SetPlan': write(operator, { tier: 'paid', paymentMethodOnFile: true }),

  'ApiAccessService/EnableApiAccess': write(keyManager),
  'ApiAccessService/GetApiAccess': read(reader),
  'ApiAccessService/DisableApiAccess': write(keyManager),
  'ApiAccessService/RefreshAuthToken': write(keyManager),
  'ApiAccessService/RevealAuthToken': write(owner),
  'ApiAccessService/SetIpAllowlist': write(keyManager, { cidrs: ['192.0.2.0/24'] }),

  'CatalogueService/GetApiEndpoints': read('anyone'),
  'CatalogueService/ReplaceApiEndpoints': write(operator, { endpoints: [] }),
  'CatalogueService/ListCredentialTypes': read('anyone'),

  'ApplicationService/RegisterApplication': create(keyManager, { title: 'Another one', endpointIds: [] }),
  'ApplicationService/GetApplication': read(reader),
  'ApplicationService/ListApplications': read(reader),
  'ApplicationService/UpdateApplication': write(keyManager, { title: 'Renamed' }),
  'ApplicationService/SetApplicationEndpoints': write(keyManager, { endpointIds: [] }),
  'ApplicationService/DeleteApplication': write(keyManager),

  'CredentialService/CreateCredential': create(keyManager, { type: 'api_key', mode: 'test' }),
  'CredentialService/GetCredential': read(reader),
  'CredentialService/ListCredentials': read(reader),
  'CredentialService/GetCredentialUsage': read(reader),
  'CredentialService/UpdateCredential': write(keyManager, { description: 'Another one' }),
  'CredentialService/AcknowledgeSecret': write(keyManager),
  'CredentialService/SuspendCredential': write(keyManager),
  'CredentialService/ResumeCredential': write(keyManager),
  'CredentialService/RevokeCredential': write(keyManager, { reason: 'The matrix wants it' }),
  'CredentialService/RotateCredential': write(keyManager, { overlapSeconds: 60 }),
  'CredentialService/ChangeRotation': write(keyManager, { overlapEndsAt: '2100-01-01T00:00:00Z' }),
  'CredentialService/FinishRotation': write(keyManager),
  'CredentialService/CancelRotation': write(keyManager),
  // The phrase is given only to those who may delete, and the key pair of the matrix has to be revoked first.
  'CredentialService/GetRemoval': { allow: keyManager, passes: 'credential-still-valid' },
  'CredentialService/DeleteCredential': write(keyManager),
  'CredentialService/SetWebhookSigner': write(keyManager),

  'AuditService/ListAuditEvents': read(auditReader),
  'WebhookService/Sign': create(senders, { payload: '{}' }),
  'WebhookService/VerifySignature': create(senders, { headers: { 'webhook-id': 'msg_1' }, payload: '{}' }),
  'WebhookService/RegisterEndpoint': create(owner, { url: 'https://hooks.example.com/', scheme: 'standard' }),
  'WebhookService/GetEndpoint': read(reader),
  'WebhookService/ListEndpoints': read(reader),
  'WebhookService/UpdateEndpoint': write(owner, { description: 'Another one' }),
  'WebhookService/DeleteEndpoint': write(owner),
  'WebhookService/TestEndpoint': read(owner),
  'WebhookService/RecoverEndpoint': create(owner, { since: '2031-05-20T12:00:00Z' }),
  'WebhookService/GetEndpointStatistics': read(reader),
  'WebhookService/SendMessage': create(senders, { type: 'order.paid', payload: '{}' }),
  'WebhookService/GetMessage': read(messageReader),
  'WebhookService/ListMessages': read(messageReader),
  'WebhookService/ListAttempts': read(messageReader),
  'WebhookService/ResendMessage': read(senders),

  'PositionService/GetPosition': read('anyone'),
  'PositionService/GetReceipt': read(reader),
};

/** The doors of verification, which hold for all accounts of the token: what is asked there, and who may ask it. */
export const verdictExpectations: readonly (readonly [route: string, body: string, roles: readonly string[]])[] =
  verificationRoutes.flatMap((route) => {
    if (route === 'POST /v1/verify/batch') return [[route, '{"items":[]}', verifiers]];
    if (route === 'POST /oauth2/introspect') return [[route, 'token=x', verifiers]];
    if (route !== 'POST /v1/verify') return [[route, '', verifiers]];
    return [
      [route, '{}', verifiers],
      [route, '{"explain":true}', auditReader],
    ];
  });
