import {
  endClientBehind,
  forbidden,
  invalid,
  JoinedLines,
  Problem,
  visibleAccounts,
  type AcknowledgedWrites,
  type Arrival,
  type Config,
  type Limits,
  type Principal,
  type Role,
} from '@keyledger/edge';
import { isPositionOf, parsePosition, type EventLog, type Position } from '@keyledger/event-log';
import { verifyDigest, type Keyring, type SecretDigest } from '@keyledger/secrets';
import { explain, type Question } from '@keyledger/verdict';
import { Logger, type OnModuleDestroy } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { DecidingEvents, type ExplainedRule } from './deciding-events.js';
import type { IndexFollower } from './index-follower.js';
import type { PresentedText } from './presented.js';
import type { Usage } from './usage.js';
import { Verifier, type IsFresh, type Verdict, type VerifiedFacts, type VisibleAccounts } from './verifier.js';

const DEMANDED_WAIT_MS = 2_000;
const OWN_WRITES_WAIT_MS = 500;
export const MOST_AT_ONCE = 1_000;
/** So many verdicts are made before others get their turn. */
const AT_ONCE = 50;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const verifiers: readonly Role[] = ['operator', 'verifier'];
/** Who may ask why. */
export const explainers: readonly Role[] = ['operator', 'owner', 'auditor'];

/** A request for a verdict, whichever door it came through. */
export interface Asked extends Omit<Question, 'nowMs'> {
  /** False where `ip` may be that of the gateway, for nobody has told the client's: what it fails at is not counted. */
  readonly isForwarded?: boolean;
  readonly presented: PresentedText;
  readonly minPosition: string | null;
  /** The field that it was sent in, where that is not called `minPosition`. */
  readonly minPositionField?: string;
}

/** A verdict, and how much of the log it is made of. */
export interface Said extends Verdict {
  readonly position: Position | null;
  readonly ageMs: number | null;
}

export interface Explained extends Said {
  readonly rules: readonly ExplainedRule[];
}

interface Parts {
  readonly config: Config;
  readonly log: EventLog;
  readonly follower: IndexFollower;
  readonly keyring: Keyring;
  readonly acknowledged: AcknowledgedWrites;
  readonly limits: Limits;
  readonly usage: Pick<Usage, 'count'>;
  readonly registry: Registry;
}

/** Visible accounts of principals, which stay the same objects as long as their tokens are known. */
const visible = new WeakMap<Principal, VisibleAccounts>();

const visibleTo = (principal: Principal): VisibleAccounts => {
  const known = visible.get(principal) ?? visibleAccounts(principal, verifiers);
  visible.set(principal, known);
  return known;
};

/** Whose failures are counted. */
const clientOf = ({ ip, isForwarded = true }: Asked): string | null => (isForwarded ? ip : null);

/** The one way to a verdict, behind every door. */
export class Verification implements OnModuleDestroy {
  private verifier: Verifier | undefined;
  private readonly verdicts: Counter<'code'>;
  private readonly deciding: DecidingEvents;
  private readonly endClient: ReturnType<typeof endClientBehind>;
  private readonly logger = new Logger('verifier');
  private readonly staleLines = new JoinedLines();

  constructor(private readonly parts: Parts) {
    const { registry, config, log } = parts;
    this.endClient = endClientBehind(config.trustedProxies);
    this.deciding = new DecidingEvents(log, config.streamPrefix);
    this.verdicts = new Counter({
      name: 'keyledger_verdicts_total',
      help: 'Verdicts by their code.',
      labelNames: ['code'],
      registers: [registry],
    });
    new Gauge({
      name: 'keyledger_verifier_open_policy',
      help: '1 if credentials of some mode are judged by what is known however old it is, else 0.',
      registers: [registry],
    }).set(config.verifierOpenFor.length > 0 ? 1 : 0);
  }

  /** Whose request a gateway has passed on. */
  endClientOf({ peer, header }: Arrival): Pick<Asked, 'ip' | 'isForwarded'> {
    return this.endClient(peer, header);
  }

  /**
   * The verdict for the caller: at once, where nothing has to be waited for. Throws `too-many-requests`,
   * `invalid-request`, `position-of-another-log`.
   */
  verify(asked: Asked, principal: Principal): Said | Promise<Said> {
    this.parts.limits.requireFewRefusals(clientOf(asked));
    const said = this.say(asked, visibleTo(principal));
    return said instanceof Promise ? said.then((each) => this.counted(asked, each)) : this.counted(asked, said);
  }

  /** As `verify` for each, in their order. Others get their turn in between. Throws for more than 1,000. */
  async verifyAll(asked: readonly Asked[], principal: Principal): Promise<readonly Said[]> {
    if (asked.length > MOST_AT_ONCE) throw invalid('items', `must be at most ${MOST_AT_ONCE}`);
    const said: Said[] = [];
    for (let from = 0; from < asked.length; from += AT_ONCE) {
      const some = asked.slice(from, from + AT_ONCE).map(async (each) => this.verify(each, principal));
      said.push(...(await Promise.all(some)));
      await nextTurn();
    }
    return said;
  }

  onModuleDestroy(): void {
    this.staleLines.end();
  }

  private counted(asked: Asked, said: Said): Said {
    this.verdicts.inc({ code: said.code });
    if (said.code === 'STALE' && asked.minPosition === null) this.noteStale(said);
    if (said.facts !== null) this.parts.usage.count(said.facts, said.code);
    if (said.code !== 'VALID' && said.code !== 'STALE') this.parts.limits.countRefusal(clientOf(asked));
    return said;
  }

  /** As many as there are requests, while it lasts. */
  private noteStale({ ageMs }: Said): void {
    this.staleLines.note('STALE', (more) => {
      const heard = ageMs === null ? 'The log was never heard to its end.' : `The log was heard ${ageMs} ms ago.`;
      this.logger.warn(more === 0 ? `A verdict is STALE. ${heard}` : `${more} more verdicts were STALE.`);
    });
  }

  /** Every rule with its outcome, and the event that decided it; nothing is counted. */
  async explain(asked: Asked, principal: Principal): Promise<Explained> {
    const accounts = visibleAccounts(principal, explainers);
    const said = await this.say(asked, accounts);
    const { follower, keyring } = this.parts;
    const { index } = follower;
    if (index === undefined) return { ...said, rules: [] };
    const { presented: text, endpoint } = asked;
    const { presented, credential } = this.verifierOf(index).presented(text, accounts);
    const outcomes = explain(presented, { ...asked, nowMs: Date.now() }, index.endpoints);
    const isDigest = (digest: SecretDigest): boolean => {
      const pepper = keyring.pepper(digest.pepperVersion);
      return text.kind === 'pair' && pepper !== undefined && verifyDigest(text.secret, pepper, digest);
    };
    const { position } = said;
    return { ...said, rules: await this.deciding.of({ rules: outcomes, credential, endpoint, position, isDigest }) };
  }

  private say(asked: Asked, accounts: VisibleAccounts): Said | Promise<Said> {
    const { minPosition, minPositionField } = asked;
    if (minPosition === null) return this.sayNow(asked, accounts, true);
    return this.reach(minPosition, minPositionField).then((reached) => this.sayNow(asked, accounts, reached));
  }

  private sayNow(asked: Asked, accounts: VisibleAccounts, reached: boolean): Said | Promise<Said> {
    const said = this.judge(asked, accounts, reached);
    const own = this.ownWrites(said);
    if (own === null) return said;
    // What this process has acknowledged is never forgotten by its own verdicts.
    return this.parts.follower
      .waitFor(own, OWN_WRITES_WAIT_MS)
      .then((isKnown) => this.judge(asked, accounts, reached && isKnown));
  }

  private verifierOf(index: NonNullable<IndexFollower['index']>): Verifier {
    return (this.verifier ??= new Verifier(index, this.parts.keyring));
  }

  private judge(asked: Asked, accounts: VisibleAccounts, reached: boolean): Said {
    const { follower } = this.parts;
    const age = follower.ageMs();
    const ageMs = Number.isFinite(age) ? Math.round(age) : null;
    const { index, position } = follower;
    if (index === undefined) {
      const code = asked.presented.kind === 'malformed' ? 'MALFORMED' : 'STALE';
      return { code, facts: null, position, ageMs };
    }
    const isFresh: IsFresh = (mode) => reached && this.isFresh(age, mode);
    const question = { nowMs: Date.now(), ip: asked.ip, endpoint: asked.endpoint, scopes: asked.scopes };
    const { code, facts } = this.verifierOf(index).verify(asked.presented, question, accounts, isFresh);
    return { code, facts, position, ageMs };
  }

  private isFresh(ageMs: number, mode: string | null): boolean {
    const { verifierMaxAge, verifierOpenFor } = this.parts.config;
    if (ageMs <= verifierMaxAge * 1000 && this.parts.follower.holdsLease()) return true;
    return verifierOpenFor.some((kind) => kind === (mode ?? 'none'));
  }

  /** What this process has acknowledged to writers, and the verdict does not know of yet; null for nothing. */
  private ownWrites({ code, facts, position }: Said): Position | null {
    if (code === 'MALFORMED' || code === 'STALE') return null;
    const own = this.parts.acknowledged.latest(facts?.accountId ?? null);
    return own === undefined || (position !== null && own <= position) ? null : own;
  }

  /** Waits for the position that a caller demands. */
  private async reach(minPosition: string, field = 'minPosition'): Promise<boolean> {
    const parsed = parsePosition(minPosition);
    if (parsed === null) throw invalid(field, 'is not a position');
    const { follower, log } = this.parts;
    if (!isPositionOf(log.logId, minPosition)) {
      throw new Problem('position-of-another-log', `${field} comes from another log than the one served here.`);
    }
    const { position } = follower;
    if (position !== null && position.length !== minPosition.length) {
      throw invalid(field, 'is not a position of this log');
    }
    return (position !== null && position >= minPosition) || follower.waitFor(minPosition, DEMANDED_WAIT_MS);
  }
}

/** Throws `forbidden` unless the caller holds one of the roles. */
export const requireOneOf = ({ roles }: Principal, allowed: readonly Role[]): void => {
  if (!allowed.some((role) => roles.includes(role))) throw forbidden();
};

/** A verdict in the form of the HTTP API. */
export const verdictBody = ({ code, facts, position, ageMs }: Said): object => ({
  valid: code === 'VALID',
  code,
  ...(facts ?? nothingKnown),
  position,
  ageMs,
});

const nothingKnown: { readonly [K in keyof VerifiedFacts]: VerifiedFacts[K] | null } = {
  accountId: null,
  applicationId: null,
  credentialId: null,
  version: null,
  type: null,
  mode: null,
  environment: null,
  scopes: [],
  expiresAt: null,
};
