import {
  absentAccount,
  builtInTypes,
  decide,
  evolve,
  getKeyed,
  Rejection,
  statusAt,
  valuesOf,
  versionStateAt,
  type AccountCommand,
  type AccountEvent,
  type AccountState,
  type Credential,
  type NewCredential,
  type NewSecret,
  type RegisteredAccount,
} from '@keyledger/domain';
import { digestSecret, generatePublicId, generateToken, generateWebhookSecret, type Pepper } from '@keyledger/secrets';
import type { VerdictCode } from '@keyledger/verdict';
import fc from 'fast-check';
import { v7 as uuid } from 'uuid';

const types = new Map(builtInTypes.map((type) => [type.type, type]));
const ENDPOINTS = ['orders.read', 'orders.write'];

const atSecond = (seconds: number): string => new Date(Date.UTC(2031, 0, 1) + seconds * 1_000).toISOString();

/** A secret that was issued, as its holder has it. */
export interface IssuedText {
  readonly credentialId: string;
  readonly version: number;
  readonly publicPart: string | null;
  readonly secret: string;
}

/** What somebody wants, in the words of the model. */
export interface Wish {
  readonly atMs: number;
  readonly fromHome: boolean;
  readonly endpoint: string | null;
  readonly scopes: readonly string[];
}

export const HOME = '192.0.2.7';
export const AWAY = '203.0.113.9';
const HOME_BLOCK = '192.0.2.0/24';
const AWAY_BLOCK = '198.51.100.0/24';

/** Makes an account live through commands as the rules decide them, and keeps every secret that it issues. */
export class AccountCourse {
  readonly accountId = `acct_${uuid()}`;
  readonly issued: IssuedText[] = [];
  readonly events: AccountEvent[] = [];
  private state: AccountState = absentAccount;
  private seconds = 0;
  private lastToken: IssuedText | undefined;

  constructor(private readonly pepper: Pepper) {
    this.try({ type: 'RegisterAccount', accountId: this.accountId, name: 'Acme', externalId: null });
    this.try({ type: 'SetPlan', tier: 'paid', paymentMethodOnFile: true });
  }

  get account(): RegisteredAccount {
    if (this.state.phase === 'absent') throw new Error('The account has been registered.');
    return this.state;
  }

  /** The end of the course, in milliseconds since 1970. */
  get nowMs(): number {
    return Date.parse(atSecond(this.seconds));
  }

  /** Does the `kind`-th kind of thing to the `pick`-th credential, if the rules allow it. */
  step(kind: number, pick: number): void {
    this.seconds += 1 + (pick % 5);
    const credentials = valuesOf(this.account.credentials);
    const credential = credentials[pick % Math.max(1, credentials.length)];
    kinds[kind % kinds.length]?.(this, pick, credential);
  }

  try(command: AccountCommand, issued?: Omit<IssuedText, 'version'>): void {
    const at = atSecond(this.seconds);
    const context = {
      at,
      now: at,
      types,
      knownEndpointIds: new Set(ENDPOINTS),
      maxCredentials: 100,
      maxApplications: 9,
    };
    try {
      for (const event of decide(command, this.state, context)) this.happen(event, issued);
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
    }
  }

  /** Does that to the credential that was created last. */
  toLast(type: 'RevokeCredential' | 'SuspendCredential' | 'DeleteCredential'): void {
    const credentialId = this.issued.at(-1)?.credentialId ?? '';
    const rest = { reason: null, confirmation: null, acceptedPhrases: [] };
    this.try({ type, credentialId, ...rest } as AccountCommand);
  }

  newSecret(format: 'token' | 'webhook', prefix: string): { readonly text: string; readonly secret: NewSecret } {
    const text = format === 'webhook' ? generateWebhookSecret() : generateToken(prefix);
    return { text, secret: { digest: digestSecret(text, this.pepper), maskedSecret: '…' } };
  }

  create(typeName: string, pick: number, applicationId: string | null): void {
    const type = types.get(typeName);
    if (type === undefined) throw new Error(`There is no type ${typeName}.`);
    const { text, secret } = this.newSecret(type.secretPart.format, type.secretPart.prefix);
    const command: NewCredential = {
      credentialId: `cred_${uuid()}`,
      credentialType: typeName,
      name: type.name.required ? `backend-${pick % 3}` : null,
      description: null,
      mode: type.modes === null ? null : 'live',
      environment: type.belongsToApplication ? 'production' : null,
      applicationId,
      scopes: pick % 2 === 0 ? ['read'] : [],
      expiresAt: pick % 4 === 0 ? atSecond(this.seconds + 40) : null,
      publicPart: type.publicPart === null ? null : generatePublicId(type.publicPart.prefix),
      secret,
    };
    const { credentialId, publicPart } = command;
    this.try({ type: 'CreateCredential', ...command }, { credentialId, publicPart, secret: text });
  }

  /** Registers an application with a key pair. */
  register(endpointIds: readonly string[]): void {
    const applicationId = `app_${uuid()}`;
    const named = { title: 'Shop', description: null, keyPair: null };
    this.try({ type: 'RegisterApplication', applicationId, endpointIds, ...named });
    this.create('app_key_pair', 1, applicationId);
  }

  rotate({ credentialId, credentialType, publicPart }: Credential, overlapSeconds: number): void {
    const part = types.get(credentialType)?.secretPart;
    if (part === undefined) return;
    const { text, secret } = this.newSecret(part.format, part.prefix);
    const issued = { credentialId, publicPart, secret: text };
    if (credentialType === 'account_token') this.try({ type: 'RefreshAuthToken', secret }, issued);
    else this.try({ type: 'RotateCredential', credentialId, overlapSeconds, secret }, issued);
  }

  enable(): void {
    const { text, secret } = this.newSecret('token', 'kat');
    const credentialId = `cred_${uuid()}`;
    const command = { type: 'EnableApiAccess', credentialId, secret, maskedPrivateSalt: '…' } as const;
    this.try(command, { credentialId, publicPart: null, secret: text });
  }

  /** What the contract says of an issued secret, from the state as the rules fold it. */
  expected(issued: IssuedText, wish: Wish): VerdictCode {
    const { facts, credentials } = this.account;
    if (facts.apiAccess === null && issued === this.lastToken) return 'API_DISABLED';
    const credential = getKeyed(credentials, issued.credentialId);
    const version = credential?.versions.find((each) => each.version === issued.version);
    const at = new Date(wish.atMs).toISOString();
    if (credential === undefined || version === undefined) return 'NOT_FOUND';
    if (versionStateAt(version, at) === 'ended') return 'NOT_FOUND';
    return this.expectedOf(credential, at, wish);
  }

  private expectedOf(credential: Credential, at: string, wish: Wish): VerdictCode {
    const sentences: readonly (readonly [VerdictCode, boolean])[] = [
      ['REVOKED', credential.status === 'revoked'],
      ['SUSPENDED', credential.status === 'suspended' || this.account.facts.status === 'suspended'],
      ['EXPIRED', statusAt(credential, at) === 'expired'],
      ['IP_NOT_ALLOWED', credential.bindsIpAllowlist && !this.lets(wish)],
      ['ENDPOINT_NOT_CONNECTED', credential.bindsEndpoints && !this.connects(credential, wish)],
      ['INSUFFICIENT_SCOPE', wish.scopes.some((scope) => !credential.scopes.includes(scope))],
    ];
    return sentences.find(([, holds]) => holds)?.[0] ?? 'VALID';
  }

  private lets({ fromHome }: Wish): boolean {
    const { ipAllowlist } = this.account.facts;
    return ipAllowlist.length === 0 || (fromHome && ipAllowlist.includes(HOME_BLOCK));
  }

  private connects({ applicationId }: Credential, { endpoint }: Wish): boolean {
    const application = getKeyed(this.account.applications, applicationId ?? '');
    return endpoint === null || application?.endpointIds.includes(endpoint) === true;
  }

  private happen(event: AccountEvent, issued: Omit<IssuedText, 'version'> | undefined): void {
    this.state = evolve(this.state, event);
    this.events.push(event);
    if (issued === undefined || !('digest' in event)) return;
    const text = { ...issued, version: event.version };
    this.issued.push(text);
    const isToken = this.account.facts.apiAccess?.credentialId === event.credentialId;
    if (isToken) this.lastToken = text;
  }
}

type Kind = (course: AccountCourse, pick: number, credential: Credential | undefined) => void;

const onCredential =
  (make: (credentialId: string, pick: number) => AccountCommand): Kind =>
  (course, pick, credential) => {
    if (credential !== undefined) course.try(make(credential.credentialId, pick));
  };

const onApplication =
  (act: (course: AccountCourse, applicationId: string, pick: number) => void): Kind =>
  (course, pick) => {
    const applications = valuesOf(course.account.applications);
    const application = applications[pick % Math.max(1, applications.length)];
    if (application !== undefined) act(course, application.applicationId, pick);
  };

const endpointsOf = (pick: number): readonly string[] => ENDPOINTS.filter((_, index) => (pick & (1 << index)) !== 0);

const kinds: readonly Kind[] = [
  (course, pick) => course.create('client_credentials', pick, null),
  (course, pick) => course.create('api_key', pick, null),
  (course, pick) => course.create('api_secret', pick, null),
  onApplication((course, applicationId, pick) => course.create('app_key_pair', pick, applicationId)),
  (course) => course.enable(),
  (course) => course.try({ type: 'DisableApiAccess' }),
  (course, pick, credential) => credential && course.rotate(credential, (pick % 3) * 20),
  onCredential((credentialId) => ({ type: 'FinishRotation', credentialId })),
  onCredential((credentialId) => ({ type: 'CancelRotation', credentialId })),
  (course, pick, credential) =>
    credential &&
    course.try({
      type: 'ChangeRotation',
      credentialId: credential.credentialId,
      overlapEndsAt: new Date(course.nowMs + (pick + 1) * 3_000).toISOString(),
    }),
  onCredential((credentialId) => ({ type: 'SuspendCredential', credentialId })),
  onCredential((credentialId) => ({ type: 'ResumeCredential', credentialId })),
  onCredential((credentialId) => ({ type: 'RevokeCredential', credentialId, reason: null })),
  onCredential((credentialId) => ({
    type: 'DeleteCredential',
    credentialId,
    confirmation: 'phrase',
    acceptedPhrases: ['phrase'],
  })),
  onCredential((credentialId, pick) => ({
    type: 'UpdateCredential',
    credentialId,
    scopes: pick % 2 === 0 ? [] : ['read', 'write'],
  })),
  onCredential((credentialId) => ({ type: 'AcknowledgeSecret', credentialId })),
  onCredential((credentialId) => ({ type: 'SetWebhookSigner', credentialId })),
  (course, pick) => course.try({ type: pick % 4 === 0 ? 'SuspendAccount' : 'ResumeAccount' }),
  (course, pick) => course.try({ type: 'SetIpAllowlist', cidrs: [[], [HOME_BLOCK], [AWAY_BLOCK]][pick % 3] ?? [] }),
  (course, pick) =>
    course.try({
      type: 'RegisterApplication',
      applicationId: `app_${uuid()}`,
      title: 'Shop',
      description: null,
      endpointIds: endpointsOf(pick),
      keyPair: null,
    }),
  onApplication((course, applicationId, pick) =>
    course.try({ type: 'SetApplicationEndpoints', applicationId, endpointIds: endpointsOf(pick) }),
  ),
  onApplication((course, applicationId) => course.try({ type: 'DeleteApplication', applicationId })),
];

const steps = (kind: fc.Arbitrary<number>, minLength: number) =>
  fc.array(fc.tuple(kind, fc.nat(20)), { minLength, maxLength: 60 });

/** Where each of the few kinds that depend on one another stands in the list. */
const ACCESS = [4, 5, 6, 18];
const ROTATION = [1, 6, 6, 7, 8, 9];

/** What is tried on one account, as numbers for `AccountCourse.step`: anything, or much of what belongs together. */
export const anySteps = fc.oneof(
  steps(fc.nat(kinds.length - 1), 20),
  steps(fc.constantFrom(...ACCESS), 5),
  steps(fc.constantFrom(...ROTATION), 5),
);
