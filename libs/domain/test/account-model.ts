import type { AccountCommand, RejectionCode } from '../src/index.js';

interface ModelCredential {
  readonly type: string;
  readonly name: string | null;
  readonly expires: boolean;
  status: 'active' | 'suspended' | 'revoked';
}

interface ModelEndpoint {
  scheme: 'standard' | 'mac';
  enabled: boolean;
}

/** The rules in other words: who exists, who signs, who is sent to, and whether there is a token and its allow-list. */
export interface AccountModel {
  readonly credentials: Map<string, ModelCredential>;
  readonly endpoints: Map<string, ModelEndpoint>;
  signer: string | null;
  token: string | null;
  cidrs: readonly string[];
}

export const emptyModel = (): AccountModel => ({
  credentials: new Map(),
  endpoints: new Map(),
  signer: null,
  token: null,
  cidrs: [],
});

type Outcome = RejectionCode | 'changed' | 'unchanged';
type CommandOn<T> = Extract<AccountCommand, { type: T }>;

const create = (model: AccountModel, { credentialId, credentialType, ...asked }: CommandOn<'CreateCredential'>) => {
  const sameType = [...model.credentials.values()].filter(({ type }) => type === credentialType);
  if (asked.name !== null && sameType.some(({ name }) => name === asked.name)) return 'name-taken';
  if (credentialType === 'api_secret' && sameType.length === 3) return 'limit-reached';
  const expires = asked.expiresAt !== null;
  model.credentials.set(credentialId, { type: credentialType, name: asked.name, expires, status: 'active' });
  if (credentialType === 'api_secret' && !expires) model.signer ??= credentialId;
  return 'changed';
};

const enable = (model: AccountModel, id: string): Outcome => {
  if (model.token !== null) return 'api-access-already-enabled';
  model.credentials.set(id, { type: 'account_token', name: null, expires: false, status: 'active' });
  model.token = id;
  return 'changed';
};

const disable = (model: AccountModel): Outcome => {
  if (model.token === null) return 'unchanged';
  model.credentials.delete(model.token);
  model.token = null;
  model.cidrs = [];
  return 'changed';
};

const list = (model: AccountModel, cidrs: readonly string[]): Outcome => {
  if (model.token === null) return 'api-access-disabled';
  if (model.cidrs.join() === cidrs.join()) return 'unchanged';
  model.cidrs = cidrs;
  return 'changed';
};

const become = (model: AccountModel, id: string, status: ModelCredential['status']): Outcome => {
  const credential = model.credentials.get(id);
  if (credential === undefined) return 'not-found';
  if (status === 'revoked' && credential.type === 'account_token') return 'not-supported-by-type';
  if (credential.status === status) return 'unchanged';
  if (credential.status === 'revoked') return 'credential-revoked';
  if (status !== 'active' && model.signer === id) return 'webhook-signer-in-use';
  credential.status = status;
  return 'changed';
};

const remove = (model: AccountModel, id: string, phraseTyped: boolean): Outcome => {
  const credential = model.credentials.get(id);
  if (credential === undefined) return 'not-found';
  if (credential.type === 'account_token') return 'not-supported-by-type';
  if (model.signer === id) return 'webhook-signer-in-use';
  if (credential.type === 'api_key' && credential.status !== 'revoked') return 'credential-still-valid';
  if (credential.type === 'api_secret' && !phraseTyped) return 'confirmation-mismatch';
  model.credentials.delete(id);
  return 'changed';
};

const sign = (model: AccountModel, id: string): Outcome => {
  const credential = model.credentials.get(id);
  if (credential === undefined) return 'not-found';
  if (model.signer === id) return 'unchanged';
  const may = credential.type === 'api_secret' && credential.status === 'active' && !credential.expires;
  if (may) model.signer = id;
  return may ? 'changed' : 'may-not-sign';
};

const lacksSecret = (model: AccountModel, scheme: ModelEndpoint['scheme']): RejectionCode | undefined => {
  if (scheme === 'mac') return model.token === null ? 'api-access-disabled' : undefined;
  return model.signer === null ? 'no-webhook-signer' : undefined;
};

const listen = (model: AccountModel, command: CommandOn<'RegisterWebhookEndpoint'>): Outcome => {
  const { endpointId, scheme, enabled } = command;
  const lack = model.endpoints.size === 50 ? 'limit-reached' : lacksSecret(model, scheme);
  if (lack === undefined) model.endpoints.set(endpointId, { scheme, enabled });
  return lack ?? 'changed';
};

const turn = (model: AccountModel, endpointId: string, wanted: Partial<ModelEndpoint>): Outcome => {
  const endpoint = model.endpoints.get(endpointId);
  if (endpoint === undefined) return 'not-found';
  const after = { ...endpoint, ...wanted };
  const needsSecret = after.scheme !== endpoint.scheme || (after.enabled && !endpoint.enabled);
  const lack = needsSecret ? lacksSecret(model, after.scheme) : undefined;
  if (lack !== undefined) return lack;
  model.endpoints.set(endpointId, after);
  return after.scheme === endpoint.scheme && after.enabled === endpoint.enabled ? 'unchanged' : 'changed';
};

/** What must come of `command`; the model moves on with it. Knows only the commands of the test that uses it. */
export const stepModel = (model: AccountModel, command: AccountCommand): Outcome => {
  switch (command.type) {
    case 'CreateCredential':
      return create(model, command);
    case 'EnableApiAccess':
      return enable(model, command.credentialId);
    case 'DisableApiAccess':
      return disable(model);
    case 'SetIpAllowlist':
      return list(model, command.cidrs);
    case 'SuspendCredential':
      return become(model, command.credentialId, 'suspended');
    case 'ResumeCredential':
      return become(model, command.credentialId, 'active');
    case 'RevokeCredential':
      return become(model, command.credentialId, 'revoked');
    case 'DeleteCredential':
      return remove(model, command.credentialId, command.confirmation === 'phrase');
    case 'SetWebhookSigner':
      return sign(model, command.credentialId);
    case 'RegisterWebhookEndpoint':
      return listen(model, command);
    case 'UpdateWebhookEndpoint': {
      const { scheme, enabled } = command;
      return turn(model, command.endpointId, { ...(scheme && { scheme }), ...(enabled !== undefined && { enabled }) });
    }
    case 'DisableWebhookEndpoint':
      return turn(model, command.endpointId, { enabled: false });
    case 'DeleteWebhookEndpoint':
      return model.endpoints.delete(command.endpointId) ? 'changed' : 'not-found';
    default:
      throw new Error(`The model does not know ${command.type}`);
  }
};
