import {
  credentialsTouched,
  evolveAccountFacts,
  evolveCredential,
  evolveWebhookEndpoint,
  matchesType,
  webhookEndpointIdOf,
  type AccountEvent,
  type AccountFacts,
  type Credential,
  type CredentialVersion,
  type WebhookEndpoint,
} from '@keyledger/domain';

/** A secret of a credential that may sign, as long as no event has ended it. `validUntil` null: the current one. */
export interface SigningVersion extends Pick<CredentialVersion, 'version' | 'validUntil'> {
  /** Finds the retained secret. */
  readonly reference: string;
}

/** One account as webhooks need it. */
export interface WebhookAccount {
  readonly status: AccountFacts['status'];
  /** The credential that signs its webhooks. */
  readonly signerId: string | null;
  /** The credential whose private salt makes `mac`; null while API access is off. */
  readonly saltId: string | null;
  /** The versions of every credential that may sign, by its id, the newest last. */
  readonly signing: Readonly<Record<string, readonly SigningVersion[]>>;
  /** By their ids. */
  readonly endpoints: Readonly<Record<string, WebhookEndpoint>>;
}

const NO_FACTS: Omit<AccountFacts, 'status' | 'signerId' | 'apiAccess'> = {
  accountId: '',
  name: '',
  externalId: null,
  plan: { tier: 'free', paymentMethodOnFile: false },
  createdAt: '',
  revision: 0,
  apiAccessRevision: 0,
  ipAllowlist: [],
};

const NO_ACCESS = { maskedAuthToken: '', maskedPrivateSalt: '', enabledAt: '', authTokenRefreshedAt: null };

/** As the rules of the domain fold it, without what webhooks do not ask. */
const factsOf = ({ status, signerId, saltId }: WebhookAccount): AccountFacts => ({
  ...NO_FACTS,
  status,
  signerId,
  apiAccess: saltId === null ? null : { ...NO_ACCESS, credentialId: saltId },
});

const NO_CREDENTIAL: Omit<Credential, 'credentialId' | 'versions'> = {
  credentialType: '',
  status: 'active',
  name: null,
  description: null,
  mode: null,
  environment: null,
  applicationId: null,
  scopes: [],
  createdAt: '',
  expiresAt: null,
  publicPart: null,
  publicPartMasked: false,
  bindsIpAllowlist: false,
  bindsEndpoints: false,
  retained: true,
  maySign: true,
  webhookSigner: false,
  rotationAdviceDays: null,
  acknowledgedVersion: 0,
  revision: 0,
};

const credentialOf = (credentialId: string, versions: readonly SigningVersion[]): Credential => ({
  ...NO_CREDENTIAL,
  credentialId,
  versions: versions.map(({ version, validUntil, reference }) => ({
    version,
    validUntil,
    ended: false,
    digest: { value: reference, pepperVersion: 0 },
    maskedSecret: '',
    createdAt: '',
  })),
});

/** What an event has ended is never used again, nor is what was revoked. Undefined for what may not sign. */
const signingIn = (credential: Credential | undefined): readonly SigningVersion[] | undefined => {
  if (credential === undefined || !credential.maySign || credential.status === 'revoked') return undefined;
  const valid = credential.versions.filter(({ ended }) => !ended);
  return valid.map(({ version, validUntil, digest }) => ({ version, validUntil, reference: digest.value }));
};

/** Undefined takes it away. */
const withEntry = <T>(entries: Readonly<Record<string, T>>, key: string, value: T | undefined) => {
  const others = Object.entries(entries).filter(([each]) => each !== key);
  return Object.fromEntries(value === undefined ? others : [...others, [key, value]]);
};

type Signing = WebhookAccount['signing'];

const evolveSigning = (signing: Signing, event: AccountEvent, revision: number): Signing => {
  let next = signing;
  for (const credentialId of credentialsTouched(event)) {
    const known = next[credentialId];
    const before = known && credentialOf(credentialId, known);
    const after = evolveCredential(before, event, revision);
    const versions = after === before ? known : signingIn(after);
    if (versions === known) continue;
    next = withEntry(next, credentialId, versions);
  }
  return next;
};

type Endpoints = WebhookAccount['endpoints'];

const evolveEndpoints = (endpoints: Endpoints, event: AccountEvent, revision: number): Endpoints => {
  const endpointId = webhookEndpointIdOf(event);
  if (endpointId === undefined) return endpoints;
  const before = endpoints[endpointId];
  const after = evolveWebhookEndpoint(before, event, revision);
  return after === before ? endpoints : withEntry(endpoints, endpointId, after);
};

type Facts = Pick<WebhookAccount, 'status' | 'signerId' | 'saltId'>;

const isSameAs = (one: Facts | undefined, other: Facts): boolean =>
  one !== undefined && one.status === other.status && one.signerId === other.signerId && one.saltId === other.saltId;

/** Undefined where nothing of them changes. */
const evolveFacts = (account: WebhookAccount | undefined, event: AccountEvent, revision: number): Facts | undefined => {
  const facts = evolveAccountFacts(account && factsOf(account), event, revision);
  if (facts === undefined) return undefined;
  const { status, signerId, apiAccess } = facts;
  const after = { status, signerId, saltId: apiAccess?.credentialId ?? null };
  return isSameAs(account, after) ? undefined : after;
};

/**
 * The account after `event`, its event number `revision`; undefined before it is registered. Never throws. The very
 * same object comes back where webhooks do not care.
 */
export const evolveWebhookAccount = (
  account: WebhookAccount | undefined,
  event: AccountEvent,
  revision: number,
): WebhookAccount | undefined => {
  const facts = evolveFacts(account, event, revision);
  if (account === undefined) return facts && { ...facts, signing: {}, endpoints: {} };
  const signing = evolveSigning(account.signing, event, revision);
  const endpoints = evolveEndpoints(account.endpoints, event, revision);
  const isSame = facts === undefined && signing === account.signing && endpoints === account.endpoints;
  return isSame ? account : { ...account, ...facts, signing, endpoints };
};

/** The endpoints that ask for messages of the type, disabled ones too. */
export const endpointsAsking = ({ endpoints }: WebhookAccount, type: string): readonly WebhookEndpoint[] =>
  Object.values(endpoints).filter(({ types }) => matchesType(types, type));
