import {
  endClientBehind,
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
import { Counter, type Registry } from 'prom-client';
import { DecidingEvents, type ExplainedRule } from './deciding-events.js';
import type { IndexFollower } from './index-follower.js';
import { OpenPolicy, type Basis } from './open-policy.js';
import type { PresentedText } from './presented.js';
import type { Usage } from './usage.js';
import { Verifier, type IsFresh, type Verdict, type VisibleAccounts } from './verifier.js';

const DEMANDED_WAIT_MS = 2_000;
const OWN_WRITES_WAIT_MS = 500;
export const MOST_AT_ONCE = 1_000;
export const MOST_SCOPES = 50;
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
  /** Null where it goes by neither, as what is malformed or stale. */
  readonly basis: Basis | null;
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
  private readonly policy: OpenPolicy;
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
    this.policy = new OpenPolicy(config.verifierOpenFor, registry);
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

  /**
   * As `verify`, for one of many questions of a caller: an end client over its limit is answered with `STALE`, which
   * says "not now" as well, so that it costs no other end client an answer.
   */
  verifyAmongOthers(asked: Asked, principal: Principal): Said | Promise<Said> {
    return this.mayAsk(asked) ? this.verify(asked, principal) : this.count(asked, this.notNow());
  }

  /**
   * As `verifyAmongOthers` for each, in their order. Others get their turn in between. All together wait no longer than
   * one would. What is wrong with any is thrown before one is answered or counted, as are more than 1,000.
   */
  async verifyAll(asked: readonly Asked[], principal: Principal): Promise<readonly Said[]> {
    if (asked.length > MOST_AT_ONCE) throw invalid('items', `must be at most ${MOST_AT_ONCE}`);
    const untilMs = performance.now() + DEMANDED_WAIT_MS;
    await this.reachAll(asked);
    const accounts = visibleTo(principal);
    const said: (readonly [Asked, Said])[] = [];
    for (const [index, each] of asked.entries()) {
      if (index % AT_ONCE === 0) await nextTurn();
      const waitMs = Math.min(OWN_WRITES_WAIT_MS, Math.max(0, untilMs - performance.now()));
      const one = this.mayAsk(each) ? await this.sayNow(each, accounts, waitMs) : this.notNow();
      said.push([each, this.limited(each, one)]);
    }
    // Only now, when all of them are answered.
    return said.map(([each, one]) => this.count(each, one));
  }

  onModuleDestroy(): void {
    this.staleLines.end();
  }

  private mayAsk(asked: Asked): boolean {
    return this.parts.limits.hasFewRefusals(clientOf(asked));
  }

  private notNow(): Said {
    return { code: 'STALE', facts: null, position: this.parts.follower.position, ageMs: this.ageMs(), basis: null };
  }

  private counted(asked: Asked, said: Said): Said {
    return this.count(asked, this.limited(asked, said));
  }

  private count({ minPosition }: Asked, said: Said): Said {
    this.verdicts.inc({ code: said.code });
    if (said.code === 'STALE' && minPosition === null && !this.mayGoByIndex()) this.noteStale(said);
    if (said.facts !== null) this.parts.usage.count(said.facts, said.code);
    if (said.basis !== null) this.policy.note(said.basis);
    return said;
  }

  private limited(asked: Asked, said: Said): Said {
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
    const { minPosition } = asked;
    if (minPosition === null) return this.sayNow(asked, accounts, OWN_WRITES_WAIT_MS);
    this.requirePosition(asked);
    return this.reach(minPosition).then(() => this.sayNow(asked, accounts, OWN_WRITES_WAIT_MS));
  }

  /** What this process has acknowledged is never forgotten by its own verdicts: it is waited for, for so long. */
  private sayNow(asked: Asked, accounts: VisibleAccounts, waitMs: number): Said | Promise<Said> {
    const said = this.judge(asked, accounts, true);
    const own = this.ownWrites(said);
    if (own === null) return said;
    return this.parts.follower.waitFor(own, waitMs).then((isKnown) => this.judge(asked, accounts, isKnown));
  }

  private verifierOf(index: NonNullable<IndexFollower['index']>): Verifier {
    return (this.verifier ??= new Verifier(index, this.parts.keyring));
  }

  private judge(asked: Asked, accounts: VisibleAccounts, knowsOwnWrites: boolean): Said {
    const { index, position } = this.parts.follower;
    const ageMs = this.ageMs();
    if (index === undefined) {
      const code = asked.presented.kind === 'malformed' ? 'MALFORMED' : 'STALE';
      return { code, facts: null, position, ageMs, basis: null };
    }
    const { minPosition } = asked;
    const isReached = minPosition === null || (position !== null && position >= minPosition);
    let basis: Basis | null = null;
    const isFresh: IsFresh = (mode) => {
      basis = isReached && knowsOwnWrites ? this.basisFor(mode) : null;
      return basis !== null;
    };
    const question = { nowMs: Date.now(), ip: asked.ip, endpoint: asked.endpoint, scopes: asked.scopes };
    const { code, facts } = this.verifierOf(index).verify(asked.presented, question, accounts, isFresh);
    return { code, facts, position, ageMs, basis };
  }

  /** Null where the index was never complete. */
  private ageMs(): number | null {
    const ageMs = this.parts.follower.ageMs();
    return Number.isFinite(ageMs) ? Math.round(ageMs) : null;
  }

  private basisFor(mode: string | null): Basis | null {
    if (this.mayGoByIndex()) return 'fresh';
    return this.policy.covers(mode) ? 'policy' : null;
  }

  private mayGoByIndex(): boolean {
    const { config, follower } = this.parts;
    return follower.ageMs() <= config.verifierMaxAge * 1000 && follower.holdsLease();
  }

  /** What this process has acknowledged to writers, and the verdict does not know of yet; null for nothing. */
  private ownWrites({ code, facts, position }: Said): Position | null {
    if (code === 'MALFORMED' || code === 'STALE') return null;
    const own = this.parts.acknowledged.latest(facts?.accountId ?? null);
    return own === undefined || (position !== null && own <= position) ? null : own;
  }

  /** Throws for a position that this log cannot have. All others are ordered as texts. */
  private requirePosition({ minPosition, minPositionField: field = 'minPosition' }: Asked): void {
    if (minPosition === null) return;
    if (parsePosition(minPosition) === null) throw invalid(field, 'is not a position');
    const { follower, log } = this.parts;
    if (!isPositionOf(log.logId, minPosition)) {
      throw new Problem('position-of-another-log', `${field} comes from another log than the one served here.`);
    }
    const { position } = follower;
    if (position !== null && position.length !== minPosition.length) {
      throw invalid(field, 'is not a position of this log');
    }
  }

  /** Waits for the greatest of the positions that are demanded. */
  private async reachAll(asked: readonly Asked[]): Promise<void> {
    for (const each of asked) this.requirePosition(each);
    const greatest = asked
      .flatMap(({ minPosition }) => minPosition ?? [])
      .sort()
      .at(-1);
    if (greatest !== undefined) await this.reach(greatest);
  }

  /** Waits for the position that a caller demands, but not for ever. */
  private async reach(minPosition: string): Promise<void> {
    const { follower } = this.parts;
    if (follower.position !== null && follower.position >= minPosition) return;
    await follower.waitFor(minPosition, DEMANDED_WAIT_MS);
  }
}
