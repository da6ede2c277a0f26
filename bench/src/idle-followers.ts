import { isCaused, readEvent } from '@keyledger/domain';
import type { Anchor, EventLog, RecordedEvent } from '@keyledger/event-log';
import { runFollower, type Follower, type Sink } from '@keyledger/read-models';

/** Reads each event as a real one would, and does nothing with it. */
class IdleSink implements Sink {
  anchor: Anchor | null = null;

  lead(follow: () => Promise<void>): Promise<void> {
    return follow();
  }

  take(events: readonly RecordedEvent[]): Promise<boolean> {
    for (const event of events) {
      if (isCaused(event)) readEvent(event);
      this.anchor = { position: event.position, eventId: event.id };
    }
    return Promise.resolve(true);
  }

  stored(): Promise<string | null> {
    return Promise.resolve(this.anchor?.position ?? null);
  }

  mayPass(): boolean {
    return false;
  }
}

interface Running {
  readonly follower: Follower;
  readonly stop: AbortController;
}

/** Followers that cost what every follower costs, and nothing more. */
export class IdleFollowers {
  /** Kept while nobody follows into them, so that nobody has to read the whole log again. */
  private readonly sinks: IdleSink[] = [];
  private running: Running[] = [];

  constructor(private readonly log: EventLog) {}

  /** Lets so many follow, and resolves when they are live. */
  async run(count: number): Promise<void> {
    for (const { stop } of this.running) stop.abort();
    await Promise.all(this.running.map(({ follower }) => follower.done));
    this.running = [];
    await Promise.all(Array.from({ length: count }, (_, index) => this.start((this.sinks[index] ??= new IdleSink()))));
  }

  private start(sink: Sink): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = new AbortController();
      const follower = runFollower({
        log: this.log,
        sink,
        signal: stop.signal,
        onStatus: ({ state, reason }) => {
          if (state === 'live') resolve();
          else if (state === 'stopped') reject(new Error(`An idle follower has stopped: ${reason}`));
        },
      });
      this.running.push({ follower, stop });
    });
  }
}
