import { applicationIdOf, credentialIdOf, type AccountEvent, type EventOf, type SecretDigest } from '@keyledger/domain';
import type { RefusalCode, RuleOutcome } from '@keyledger/verdict';

/** What the rules are about. */
export interface TracedCredential {
  readonly accountId: string;
  readonly credentialId: string;
  readonly applicationId: string | null;
}

interface Version {
  readonly digest: SecretDigest;
  /** Id of the last event that decided until when it is valid. */
  decidedBy: string;
}

interface Suspension {
  readonly suspended: boolean;
  readonly eventId: string;
}

type Issuing = EventOf<'CredentialCreated'> | EventOf<'CredentialRotated'> | EventOf<'AuthTokenRefreshed'>;

/** Which event of an account's stream decided each rule for one credential. It takes the events in their order. */
export class AccountTrace {
  private readonly decided = new Map<RefusalCode, string>();
  private readonly versions = new Map<number, Version>();
  private current = 0;
  /** The one before it, which an overlap keeps valid. */
  private previous = 0;
  private ofCredential: Suspension | undefined;
  private ofAccount: Suspension | undefined;
  private lastResumed: string | undefined;

  constructor(private readonly traced: TracedCredential) {}

  take(event: AccountEvent, eventId: string): void {
    switch (event.type) {
      case 'AccountSuspended':
      case 'AccountResumed':
        this.ofAccount = this.suspension(event.type === 'AccountSuspended', eventId);
        return;
      case 'IpAllowlistChanged':
        return this.decide('IP_NOT_ALLOWED', eventId);
      case 'ApplicationRegistered':
      case 'ApplicationEndpointsChanged':
        if (applicationIdOf(event) === this.traced.applicationId) this.decide('ENDPOINT_NOT_CONNECTED', eventId);
        return;
      default:
        if (credentialIdOf(event) === this.traced.credentialId) this.takeOfCredential(event, eventId);
    }
  }

  /** Null where no event did. `presented`: the number of the version, null where the secret is that of none. */
  eventIdOf({ rule, outcome }: RuleOutcome, presented: number | null): string | null {
    if (outcome === 'not-checked') return null;
    switch (rule) {
      case 'NOT_FOUND':
        return this.versions.get(presented ?? this.current)?.decidedBy ?? null;
      case 'SUSPENDED':
        return this.suspendedBy() ?? null;
      default:
        return this.decided.get(rule) ?? null;
    }
  }

  /** The number of the version that has this digest, an ended one included; null for none. */
  versionWith(matches: (digest: SecretDigest) => boolean): number | null {
    return [...this.versions].find(([, { digest }]) => matches(digest))?.[0] ?? null;
  }

  private takeOfCredential(event: AccountEvent, eventId: string): void {
    switch (event.type) {
      case 'CredentialCreated':
        this.decide('INSUFFICIENT_SCOPE', eventId);
        if (event.expiresAt !== null) this.decide('EXPIRED', eventId);
        return this.issue(event, eventId);
      case 'CredentialChanged':
        if (event.changes.scopes !== undefined) this.decide('INSUFFICIENT_SCOPE', eventId);
        if (event.changes.expiresAt !== undefined) this.decide('EXPIRED', eventId);
        return;
      case 'CredentialRotated':
      case 'AuthTokenRefreshed':
        return this.issue(event, eventId);
      case 'CredentialSuspended':
      case 'CredentialResumed':
        this.ofCredential = this.suspension(event.type === 'CredentialSuspended', eventId);
        return;
      case 'CredentialRevoked':
        return this.decide('REVOKED', eventId);
      case 'ApiAccessEnabled':
      case 'ApiAccessDisabled':
        return this.decide('API_DISABLED', eventId);
      default:
        this.takeOfRotation(event, eventId);
    }
  }

  private takeOfRotation(event: AccountEvent, eventId: string): void {
    switch (event.type) {
      case 'RotationExtended':
        return this.endBy(this.previous, eventId);
      case 'RotationFinished':
        return this.endBy(event.endedVersion, eventId);
      case 'RotationCancelled':
        this.endBy(event.endedVersion, eventId);
        this.endBy(event.restoredVersion, eventId);
        this.current = event.restoredVersion;
        return;
      default:
    }
  }

  private issue({ version, digest }: Issuing, eventId: string): void {
    this.endBy(this.current, eventId);
    this.versions.set(version, { digest, decidedBy: eventId });
    this.previous = this.current;
    this.current = version;
  }

  private endBy(version: number, eventId: string): void {
    const known = this.versions.get(version);
    if (known !== undefined) known.decidedBy = eventId;
  }

  private suspension(suspended: boolean, eventId: string): Suspension {
    if (!suspended) this.lastResumed = eventId;
    return { suspended, eventId };
  }

  private suspendedBy(): string | undefined {
    const holding = [this.ofCredential, this.ofAccount].find((each) => each?.suspended === true);
    return holding?.eventId ?? this.lastResumed;
  }

  private decide(rule: RefusalCode, eventId: string): void {
    this.decided.set(rule, eventId);
  }
}
