import { getKeyed, type AccountState, type CredentialVersion } from '@keyledger/domain';
import { comparePositions } from '@keyledger/event-log';
import { LogBinding, RetainedSecrets, type SecretPlace } from '@keyledger/secrets';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AccountStreams } from './account-streams.js';
import { PreparedCommands, SECRET_SHOWN_MS } from './prepared-commands.js';
import { SALT_REFERENCE } from './secret-generator.js';

const PERIOD_MS = 5 * 60_000;
/** Younger ones may belong to a command that is still under way; a keyed one may be decided for as long as it shows. */
const MIN_AGE_MS = SECRET_SHOWN_MS + 5 * 60_000;
/** A lost append shows soon. What goes out of use later (a version that ended, a crash amid a deletion) can wait. */
const SOON_MS = 2 * 60 * 60_000;
const FULL_PERIOD_MS = 24 * 60 * 60_000;
const PAGE_SIZE = 200;

/** The times that the end of a version is held against. */
interface Clocks {
  /** Of the stream's last event. */
  readonly lastAt: string;
  readonly now: string;
  readonly toleranceMs: number;
}

/**
 * Whether the version has ended by every clock that is tolerated. As long as the stream's own time is before the end of
 * an overlap, a writer with a slower clock may still take the rotation back, which needs the secret again.
 */
const isOver = ({ validUntil, ended }: CredentialVersion, { lastAt, now, toleranceMs }: Clocks): boolean => {
  if (validUntil === null) return false;
  const slowest = ended || lastAt > now ? now : lastAt;
  return Date.parse(slowest) - Date.parse(validUntil) >= toleranceMs;
};

/** Whether the account still has a use for the sealed secret: its credential is there, and the version may be valid. */
const isNeeded = (state: AccountState, place: SecretPlace, toleranceMs: number): boolean => {
  if (state.phase === 'absent') return false;
  const credential = getKeyed(state.credentials, place.credentialId);
  if (credential === undefined) return false;
  if (place.reference === SALT_REFERENCE) return true;
  const clocks = { lastAt: state.lastAt, now: new Date().toISOString(), toleranceMs };
  const version = credential.versions.find(({ digest }) => digest.value === place.reference);
  return version !== undefined && !isOver(version, clocks);
};

/** Destroys secrets that nothing needs any more, and forgets requests that are too old to be repeated. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Housekeeping.name);
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private nextFullMs = performance.now() + FULL_PERIOD_MS * Math.random();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly streams: AccountStreams,
    private readonly retained: RetainedSecrets,
    private readonly preparedCommands: PreparedCommands,
    private readonly binding: LogBinding,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** One round over everything at least `minAgeMs` and at most `maxAgeMs` (null: any) old. */
  async sweep(minAgeMs: number, maxAgeMs: number | null): Promise<void> {
    await this.preparedCommands.sweep();
    const obstacle = await this.obstacle();
    if (obstacle !== undefined) return this.logger.error(obstacle);
    for await (const page of this.retained.olderThan(minAgeMs, PAGE_SIZE, maxAgeMs)) {
      if (this.stopped) return;
      for (const place of page) await this.destroyUnneeded(place, minAgeMs);
    }
  }

  /** Why the log cannot tell which secrets are needed; undefined if it can. */
  private async obstacle(): Promise<string | undefined> {
    if (!(await this.binding.isCurrent())) {
      return 'Writers have gone on with another log: this process knows nothing of what they do. Stop it.';
    }
    // In this order: other processes note heads as well, and later ones.
    const furthest = await this.binding.furthestHead();
    const head = await this.streams.head();
    if (furthest !== null && comparePositions(head, furthest) < 0) {
      return 'The log is older than it was: no sealed secret is destroyed until it has come as far again.';
    }
    return this.binding.noteHead(head).then(() => undefined);
  }

  private async destroyUnneeded(place: SecretPlace, minAgeMs: number): Promise<void> {
    const { state } = await this.streams.read(place.accountId);
    if (!isNeeded(state, place, this.streams.clockToleranceMs)) await this.retained.destroyPart(place, minAgeMs);
  }

  /** Most rounds look only at what is new: the work must not grow with all that was ever kept. */
  private maxAge(): number | null {
    if (performance.now() < this.nextFullMs) return SOON_MS;
    this.nextFullMs = performance.now() + FULL_PERIOD_MS;
    return null;
  }

  /** With jitter, so that several processes do not all come at once. */
  private schedule(): void {
    const delayMs = PERIOD_MS * (0.75 + Math.random() / 2);
    this.timer = setTimeout(() => {
      this.running = this.sweep(MIN_AGE_MS, this.maxAge())
        .catch((error: unknown) => this.logger.warn(`The sweep failed and will be tried again: ${String(error)}`))
        .finally(() => {
          if (!this.stopped) this.schedule();
        });
    }, delayMs);
    this.timer.unref();
  }
}
