import { timingSafeEqual } from 'node:crypto';
import { digestBytes, type Keyring, type Pepper } from '@keyledger/secrets';
import {
  judge,
  whenStale,
  type Entry,
  type IpBlock,
  type Match,
  type Presented,
  type Question,
  type VerdictCode,
} from '@keyledger/verdict';
import type { CredentialIndex } from './credential-index.js';
import type { PresentedCredential } from './deciding-events.js';
import type { PresentedText } from './presented.js';

/** Accounts whose credentials the caller may ask about. */
export type VisibleAccounts = readonly string[] | '*';

/** What a verdict says of the credential, beside its code. */
export interface VerifiedFacts {
  readonly accountId: string;
  readonly applicationId: string | null;
  readonly credentialId: string;
  readonly version: number;
  readonly type: string;
  readonly mode: string | null;
  readonly environment: string | null;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
}

export interface Verdict {
  readonly code: VerdictCode | 'STALE';
  /** Null where nobody may know whose it is, or whether it is anybody's. */
  readonly facts: VerifiedFacts | null;
}

interface Traced {
  readonly presented: Presented;
  /** Also where only the public part is its own. */
  readonly credential: PresentedCredential | null;
}

/** Whether what is known is fresh enough to go by, for credentials of this mode. */
export type IsFresh = (mode: string | null) => boolean;

/** One object for all verdicts: they are made one after the other, and none keeps it. */
class CurrentMatch implements Match, Entry {
  status: Entry['status'] = 'active';
  accountSuspended = false;
  expiresAtMs = Infinity;
  scopes: ReadonlySet<string> = new Set();
  allowedIps: readonly IpBlock[] | null = null;
  connected: ReadonlySet<string> | null = null;
  validUntilMs = Infinity;

  get entry(): Entry {
    return this;
  }
}

const NOTHING_CONNECTED: ReadonlySet<string> = new Set();

/** Gives verdicts from the index, without any I/O. */
export class Verifier {
  private readonly match = new CurrentMatch();
  private readonly peppers: readonly Pepper[];

  constructor(
    private readonly index: CredentialIndex,
    private readonly keyring: Keyring,
  ) {
    const { currentPepper } = keyring;
    const before = keyring.pepper(currentPepper.version - 1);
    this.peppers = before === undefined ? [currentPepper] : [currentPepper, before];
  }

  verify(presented: PresentedText, question: Question, visible: VisibleAccounts, isFresh: IsFresh): Verdict {
    if (presented.kind === 'malformed') return { code: 'MALFORMED', facts: null };
    const version = this.find(presented);
    const credential = this.credentialOf(version, visible);
    const code = credential === 0 ? 'NOT_FOUND' : judge(this.fill(credential, version), question, this.index.endpoints);
    if (code === 'NOT_FOUND') return { code: isFresh(null) ? code : 'STALE', facts: null };
    const { mode } = this.index.traitsOf(credential);
    const isKnown = isFresh(mode) && this.isReadable(credential, question);
    const said = isKnown ? code : whenStale(code);
    return { code: said, facts: said === 'STALE' ? null : this.factsOf(credential, version) };
  }

  /** As `verify` judges, for those who want to know why. They are told of a public part that is known as well. */
  presented(text: PresentedText, visible: VisibleAccounts): Traced {
    if (text.kind === 'malformed') return { presented: 'malformed', credential: null };
    const version = this.find(text);
    const credential = this.credentialOf(version, visible);
    if (credential !== 0) {
      const number = this.index.versions.numberOf(version);
      return { presented: this.fill(credential, version), credential: this.traced(credential, number) };
    }
    const named = text.kind === 'pair' && version === 0 ? this.index.findPublicPart(text.publicPart) : this.index.decoy;
    const isVisible = named !== this.index.decoy && this.isVisible(named, visible);
    return { presented: 'unknown', credential: isVisible ? this.traced(named, null) : null };
  }

  /** The credential of a version, as far as the caller may know of it; 0 for none. */
  private credentialOf(version: number, visible: VisibleAccounts): number {
    if (version === 0) return 0;
    const credential = this.index.versions.credentialOf(version);
    return this.isVisible(credential, visible) ? credential : 0;
  }

  private isVisible(credential: number, visible: VisibleAccounts): boolean {
    return visible === '*' || visible.includes(this.index.accountOf(credential).accountId);
  }

  private traced(credential: number, version: number | null): PresentedCredential {
    const { index } = this;
    const { applicationId = null, connected = null } = index.applicationOf(credential) ?? {};
    const { accountId } = index.accountOf(credential);
    return { accountId, credentialId: index.idOf(credential), applicationId, version, connected };
  }

  private isReadable(credential: number, { endpoint }: Question): boolean {
    const asksCatalogue = endpoint !== null && this.match.connected !== null;
    return !this.index.accountOf(credential).unreadable && !(asksCatalogue && this.index.catalogueUnreadable);
  }

  /** The version whose secret was presented; 0 for none. Takes the same work whether the credential is known or not. */
  private find(presented: Exclude<PresentedText, { kind: 'malformed' }>): number {
    return presented.kind === 'single'
      ? this.findSecret(presented.secret)
      : this.findPair(presented.publicPart, presented.secret);
  }

  private findSecret(secret: string): number {
    let found = 0;
    for (const pepper of this.peppers) {
      const version = this.index.versions.find(digestBytes(secret, pepper));
      if (version !== 0 && this.index.versions.pepperVersionOf(version) === pepper.version) found = version;
    }
    return found;
  }

  private findPair(publicPart: string, secret: string): number {
    const credential = this.index.findPublicPart(publicPart);
    const { versions } = this.index;
    let found = 0;
    for (let each = this.index.firstVersionOf(credential); each !== 0; each = versions.nextOf(each)) {
      const pepper = this.keyring.pepper(versions.pepperVersionOf(each));
      if (pepper !== undefined && timingSafeEqual(digestBytes(secret, pepper), versions.digestOf(each))) found = each;
    }
    return found;
  }

  private fill(credential: number, version: number): Match {
    const { index, match } = this;
    const account = index.accountOf(credential);
    const traits = index.traitsOf(credential);
    const status = index.statusOf(credential);
    match.status = status === 'announced' ? 'revoked' : status;
    match.accountSuspended = account.suspended;
    match.expiresAtMs = index.expiresAtMs(credential);
    match.scopes = traits.scopeSet;
    match.allowedIps = traits.bindsIpAllowlist ? account.allowedIps : null;
    const connected = index.applicationOf(credential)?.connected ?? NOTHING_CONNECTED;
    match.connected = traits.bindsEndpoints ? connected : null;
    match.validUntilMs = index.versions.validUntilMs(version);
    return match;
  }

  private factsOf(credential: number, version: number): VerifiedFacts {
    const { index } = this;
    const { credentialType, mode, environment, scopes } = index.traitsOf(credential);
    const expiresAtMs = index.expiresAtMs(credential);
    return {
      accountId: index.accountOf(credential).accountId,
      applicationId: index.applicationOf(credential)?.applicationId ?? null,
      credentialId: index.idOf(credential),
      version: index.versions.numberOf(version),
      type: credentialType,
      mode,
      environment,
      scopes,
      expiresAt: expiresAtMs === Infinity ? null : new Date(expiresAtMs).toISOString(),
    };
  }
}
