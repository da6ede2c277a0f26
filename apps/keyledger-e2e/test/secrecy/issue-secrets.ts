import { randomUUID } from 'node:crypto';
import type { Door } from '../harness/doors.js';
import type { Json } from '../harness/http-client.js';
import type { Canaries } from './canaries.js';

/** What replies show under these names, and nowhere else, is secret. */
const secretFields = new Set(['clientSecret', 'authToken', 'privateSalt', 'key', 'secretKey', 'secret']);

const note = (canaries: Canaries, body: Json): void => {
  const shown = { ...body, ...(typeof body['secret'] === 'object' ? body['secret'] : {}) };
  for (const [name, value] of Object.entries(shown)) {
    if (secretFields.has(name) && typeof value === 'string') canaries.add(value);
  }
};

/** Uses every way in which an account gets a secret, through one door. Ends with some of them deleted. */
export class SecretIssuer {
  constructor(
    private readonly door: Door,
    private readonly canaries: Canaries,
    private readonly token: string,
    private readonly accountId: string,
  ) {}

  async issueAll(): Promise<void> {
    await this.apiAccess();
    for (let n = 0; n < 5; n += 1) await this.rotated({ type: 'client_credentials', name: `service-${n}` });
    for (let n = 0; n < 2; n += 1) await this.rotated({ type: 'api_key', mode: 'test' });
    await this.applicationKeys();
    await this.rotated({ type: 'api_secret' });
    const unused = await this.rotated({ type: 'api_secret' });
    const { phrase } = await this.run('GetRemoval', { credentialId: unused });
    await this.run('DeleteCredential', { credentialId: unused, confirmation: phrase });
  }

  private async apiAccess(): Promise<void> {
    await this.run('EnableApiAccess');
    await this.run('RefreshAuthToken');
    await this.run('RevealAuthToken');
  }

  /** A credential, its second version beside the first, and what can happen to it afterwards. */
  private async rotated(fields: Json): Promise<string> {
    const { credential } = await this.run('CreateCredential', fields);
    const { credentialId } = credential as { credentialId: string };
    await this.run('RotateCredential', { credentialId, overlapSeconds: 3600 });
    await this.run('AcknowledgeSecret', { credentialId });
    return credentialId;
  }

  private async applicationKeys(): Promise<void> {
    const { application, credential } = await this.run('RegisterApplication', {
      ...{ title: 'Portal', endpointIds: [], generateKeys: { environment: 'production' } },
    });
    const { applicationId } = application as { applicationId: string };
    const { credentialId } = credential as { credentialId: string };
    await this.run('CreateCredential', { type: 'app_key_pair', environment: 'staging', applicationId });
    await this.run('RevokeCredential', { credentialId, reason: 'No longer needed' });
    await this.run('DeleteCredential', { credentialId });
  }

  private async run(name: string, fields: Json = {}): Promise<Json> {
    const idempotencyKey = `canary-${randomUUID()}`;
    this.canaries.add(idempotencyKey);
    const rpc = `${serviceOf(name)}/${name}`;
    const message = { accountId: this.accountId, ...fields };
    const { code, body } = await this.door.call(rpc, message, { token: this.token, idempotencyKey });
    if (code !== 'OK') throw new Error(`${rpc} over ${this.door.name}: ${code}`);
    note(this.canaries, body);
    return body;
  }
}

const serviceOf = (name: string): string => {
  if (name === 'RegisterApplication') return 'ApplicationService';
  return /ApiAccess|AuthToken/.test(name) ? 'ApiAccessService' : 'CredentialService';
};
