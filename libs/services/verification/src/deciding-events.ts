import { accountStream, catalogueStream, isAccountEvent, readEvent, toId, type Endpoint } from '@keyledger/domain';
import type { EventLog, Position, RecordedEvent } from '@keyledger/event-log';
import type { SecretDigest } from '@keyledger/secrets';
import { EndpointTable, type Question, type RuleOutcome } from '@keyledger/verdict';
import { AccountTrace, type TracedCredential } from './account-trace.js';

/** So long the reading for one answer may take, others before it included. */
const DEADLINE_MS = 5_000;

export interface ExplainedRule extends RuleOutcome {
  /** The event that decided it; null where none did, or where reading the log for it would take too long. */
  readonly eventId: string | null;
}

/** The credential that was presented, as far as the one who asks may know of it. */
export interface PresentedCredential extends TracedCredential {
  /** Null where the public part is its own, and the secret that of no valid version. */
  readonly version: number | null;
  readonly connected: ReadonlySet<string> | null;
}

interface Explanation {
  readonly rules: readonly RuleOutcome[];
  readonly credential: PresentedCredential | null;
  readonly endpoint: Question['endpoint'];
  /** What is told is what the verdict knew: nothing later. */
  readonly position: Position | null;
  readonly isDigest: (digest: SecretDigest) => boolean;
}

/** Of any credential of the account. */
const ofAccount: ReadonlySet<string> = new Set(['AccountSuspended', 'AccountResumed', 'IpAllowlistChanged']);

const undecided = (rules: readonly RuleOutcome[]): readonly ExplainedRule[] =>
  rules.map((rule) => ({ ...rule, eventId: null }));

interface RetiredEndpoint extends Endpoint {
  readonly endpointId: string;
  readonly eventId: string;
}

const byWhatRetired = (retired: readonly RetiredEndpoint[], endpoint: Question['endpoint']): string | null => {
  if (endpoint === null) return null;
  const isCall = typeof endpoint !== 'string';
  const id = isCall ? new EndpointTable(retired).find(endpoint.method, endpoint.path) : endpoint;
  return retired.find(({ endpointId }) => endpointId === id)?.eventId ?? null;
};

/** Finds the events that decided a verdict, in the streams of the log. One reading at a time: verdicts go first. */
export class DecidingEvents {
  private reading: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly log: EventLog,
    private readonly streamPrefix: string,
  ) {}

  /** Rejects with LogUnavailable if the log does not answer. */
  of(explanation: Explanation): Promise<readonly ExplainedRule[]> {
    const { credential, rules } = explanation;
    if (credential === null) return Promise.resolve(undecided(rules));
    const untilMs = performance.now() + DEADLINE_MS;
    const found = this.reading.then(() => this.find(explanation, credential, untilMs));
    this.reading = found.catch(() => undefined);
    return found;
  }

  private async find(
    { rules, endpoint, position, isDigest }: Explanation,
    credential: PresentedCredential,
    untilMs: number,
  ): Promise<readonly ExplainedRule[]> {
    const trace = new AccountTrace(credential);
    const stream = accountStream(this.streamPrefix, credential.accountId);
    const names = [credential.credentialId, credential.applicationId ?? credential.credentialId];
    const concerns = ({ type, data }: RecordedEvent): boolean =>
      ofAccount.has(type) || names.some((name) => Buffer.from(data).includes(name));
    const isWhole = await this.read(stream, position, untilMs, (recorded) => {
      if (!concerns(recorded)) return;
      const { event } = readEvent(recorded);
      if (isAccountEvent(event)) trace.take(event, toId('eventId', recorded.id));
    });
    if (!isWhole) return undecided(rules);
    const version = credential.version ?? trace.versionWith(isDigest);
    const isRefused = ({ rule, outcome }: RuleOutcome): boolean =>
      rule === 'ENDPOINT_NOT_CONNECTED' && outcome === 'failed';
    const retired = rules.some(isRefused) ? await this.retired(credential.connected, position, untilMs) : [];
    const retiredBy = byWhatRetired(retired, endpoint);
    return rules.map((each) => ({
      ...each,
      eventId: (isRefused(each) ? retiredBy : null) ?? trace.eventIdOf(each, version),
    }));
  }

  /** The endpoints that the catalogue has retired, of those that are connected. */
  private async retired(
    connected: ReadonlySet<string> | null,
    position: Position | null,
    untilMs: number,
  ): Promise<readonly RetiredEndpoint[]> {
    const retired = new Map<string, RetiredEndpoint>();
    await this.read(catalogueStream(this.streamPrefix), position, untilMs, (recorded) => {
      const { event } = readEvent(recorded);
      if (event.type !== 'ApiEndpointsReplaced') return;
      for (const [endpointId, { from, to }] of Object.entries(event.changes)) {
        retired.delete(endpointId);
        if (to !== null || from === null || connected?.has(endpointId) !== true) continue;
        retired.set(endpointId, { ...from, endpointId, eventId: toId('eventId', recorded.id) });
      }
    });
    return [...retired.values()];
  }

  /** False if the time is over, or an event cannot be read, before all are taken that the verdict knew. */
  private async read(
    stream: string,
    position: Position | null,
    untilMs: number,
    take: (event: RecordedEvent) => void,
  ): Promise<boolean> {
    if (position === null || performance.now() > untilMs) return false;
    for await (const page of this.log.readStream(stream, 0)) {
      for (const recorded of page) {
        if (recorded.position > position) return true;
        try {
          take(recorded);
        } catch {
          return false; // The verdict is STALE for the same reason.
        }
      }
      if (performance.now() > untilMs) return false;
    }
    return true;
  }
}
