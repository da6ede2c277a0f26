/** The route of every RPC, as the documentation of the API has them. Braces hold ids; the other fields travel along. */
export const routes: Readonly<Record<string, string>> = {
  'AccountService/RegisterAccount': 'POST /v1/accounts',
  'AccountService/GetAccount': 'GET /v1/accounts/{accountId}',
  'AccountService/ListAccounts': 'GET /v1/accounts',
  'AccountService/UpdateAccount': 'PATCH /v1/accounts/{accountId}',
  'AccountService/SuspendAccount': 'POST /v1/accounts/{accountId}/suspend',
  'AccountService/ResumeAccount': 'POST /v1/accounts/{accountId}/resume',
  'AccountService/SetPlan': 'PUT /v1/accounts/{accountId}/plan',
  'ApiAccessService/EnableApiAccess': 'POST /v1/accounts/{accountId}/api-access',
  'ApiAccessService/GetApiAccess': 'GET /v1/accounts/{accountId}/api-access',
  'ApiAccessService/DisableApiAccess': 'DELETE /v1/accounts/{accountId}/api-access',
  'ApiAccessService/RefreshAuthToken': 'POST /v1/accounts/{accountId}/api-access/auth-token/refresh',
  'ApiAccessService/RevealAuthToken': 'POST /v1/accounts/{accountId}/api-access/auth-token/reveal',
  'ApiAccessService/SetIpAllowlist': 'PUT /v1/accounts/{accountId}/ip-allowlist',
  'CatalogueService/GetApiEndpoints': 'GET /v1/api-endpoints',
  'CatalogueService/ReplaceApiEndpoints': 'PUT /v1/api-endpoints',
  'CatalogueService/ListCredentialTypes': 'GET /v1/credential-types',
  'ApplicationService/RegisterApplication': 'POST /v1/accounts/{accountId}/applications',
  'ApplicationService/GetApplication': 'GET /v1/accounts/{accountId}/applications/{applicationId}',
  'ApplicationService/ListApplications': 'GET /v1/accounts/{accountId}/applications',
  'ApplicationService/UpdateApplication': 'PATCH /v1/accounts/{accountId}/applications/{applicationId}',
  'ApplicationService/SetApplicationEndpoints': 'PUT /v1/accounts/{accountId}/applications/{applicationId}/endpoints',
  'ApplicationService/DeleteApplication': 'DELETE /v1/accounts/{accountId}/applications/{applicationId}',
  'CredentialService/CreateCredential': 'POST /v1/accounts/{accountId}/credentials',
  'CredentialService/GetCredential': 'GET /v1/accounts/{accountId}/credentials/{credentialId}',
  'CredentialService/ListCredentials': 'GET /v1/accounts/{accountId}/credentials',
  'CredentialService/GetCredentialUsage': 'GET /v1/accounts/{accountId}/credentials/{credentialId}/usage',
  'CredentialService/UpdateCredential': 'PATCH /v1/accounts/{accountId}/credentials/{credentialId}',
  'CredentialService/AcknowledgeSecret': 'POST /v1/accounts/{accountId}/credentials/{credentialId}/acknowledge',
  'CredentialService/SuspendCredential': 'POST /v1/accounts/{accountId}/credentials/{credentialId}/suspend',
  'CredentialService/ResumeCredential': 'POST /v1/accounts/{accountId}/credentials/{credentialId}/resume',
  'CredentialService/RevokeCredential': 'POST /v1/accounts/{accountId}/credentials/{credentialId}/revoke',
  'CredentialService/RotateCredential': 'POST /v1/accounts/{accountId}/credentials/{credentialId}/rotate',
  'CredentialService/ChangeRotation': 'PATCH /v1/accounts/{accountId}/credentials/{credentialId}/rotation',
  'CredentialService/FinishRotation': 'POST /v1/accounts/{accountId}/credentials/{credentialId}/rotation/finish',
  'CredentialService/CancelRotation': 'DELETE /v1/accounts/{accountId}/credentials/{credentialId}/rotation',
  'CredentialService/GetRemoval': 'GET /v1/accounts/{accountId}/credentials/{credentialId}/removal',
  'CredentialService/DeleteCredential': 'DELETE /v1/accounts/{accountId}/credentials/{credentialId}',
  'CredentialService/SetWebhookSigner': 'PUT /v1/accounts/{accountId}/webhook-signer',
  'AuditService/ListAuditEvents': 'GET /v1/accounts/{accountId}/audit',
  'WebhookService/Sign': 'POST /v1/accounts/{accountId}/webhooks/sign',
  'WebhookService/VerifySignature': 'POST /v1/accounts/{accountId}/webhooks/verify',
  'PositionService/GetPosition': 'GET /v1/position',
  'PositionService/GetReceipt': 'GET /v1/positions/{position}',
};

/** The feed, which is no operation. */
export const feedRoute = 'GET /v1/events';

const anyMethod = ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE'];

/** The doors to verdicts, which are no operations: with all methods that OpenAPI knows where any will do. */
export const verificationRoutes: readonly string[] = [
  ...['POST /v1/verify', 'POST /v1/verify/batch', 'POST /oauth2/introspect'],
  ...anyMethod.map((method) => `${method} /v1/forward-auth`),
];
