import { Problem, type Principal, type Source } from '@keyledger/edge';
import type { EventLog } from '@keyledger/event-log';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { selectionOf, startOf, type FeedRequest } from './feed-request.js';
import type { LatestEvents } from './latest-events.js';
import { stopping, Subscription, toTell, type Outlet } from './subscription.js';
import { Turns } from './turns.js';

/** So many read the log for themselves at a time, each at most two pages ahead: commands read it as well. */
const CATCHING_UP = 3;

const tooMany = (detail: string): Problem =>
  new Problem('too-busy', `${detail} Close some, or try again later.`, [], { 'Retry-After': '5' });

interface Parts {
  readonly log: EventLog;
  readonly latest: LatestEvents;
  readonly streamPrefix: string;
  /** Of whom there may be this many in this process, half of them of one caller. */
  readonly mostSubscribers: number;
  readonly registry: Registry;
}

/** The public events, for those who ask us for them. */
export class Feed implements BeforeApplicationShutdown {
  private readonly source: Source;
  private readonly turns = new Turns(CATCHING_UP);
  /** Those under way, with the names of their callers. */
  private readonly subscriptions = new Map<Subscription, string>();
  private readonly sent: Counter;
  private isStopping = false;

  constructor(private readonly parts: Parts) {
    const { log, streamPrefix, registry } = parts;
    this.source = { logId: log.logId, streamPrefix };
    this.sent = new Counter({
      name: 'keyledger_feed_events_total',
      help: 'Events that were given to subscribers of the feed, each counted for each of them.',
      registers: [registry],
    });
    const { subscriptions } = this;
    new Gauge({
      name: 'keyledger_feed_subscribers',
      help: 'Subscribers of the feed that are connected now.',
      registers: [registry],
      collect() {
        this.set(subscriptions.size);
      },
    });
  }

  /**
   * A subscription for this caller, who has been authenticated. Throws `invalid-request`, `position-of-another-log`, or
   * `too-busy` where there are too many. It counts until `run`, which must follow, is done with it.
   */
  async subscribe(request: FeedRequest, caller: Principal): Promise<Subscription> {
    const { log, latest } = this.parts;
    if (latest.failure !== undefined) throw toTell(latest.failure);
    const isWanted = selectionOf(request, caller);
    const start = await startOf(request, log);
    if (this.isStopping) throw stopping();
    const name = JSON.stringify([caller.issuer, caller.subject]);
    this.requireRoomFor(name);
    const { source, turns } = this;
    const onSent = (events: number): void => this.sent.inc(events);
    const subscription = new Subscription({ log, source, latest, turns, onSent, isWanted, caller, start });
    this.subscriptions.set(subscription, name);
    return subscription;
  }

  /** As Subscription.run. */
  async run(subscription: Subscription, outlet: Outlet): Promise<void> {
    try {
      await subscription.run(outlet);
    } finally {
      this.subscriptions.delete(subscription);
    }
  }

  /** While the doors are still open, so that subscribers are told, and go to another instance. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    for (const subscription of this.subscriptions.keys()) subscription.end(stopping());
  }

  private requireRoomFor(name: string): void {
    const { mostSubscribers } = this.parts;
    const own = [...this.subscriptions.values()].filter((other) => other === name).length;
    if (own >= Math.ceil(mostSubscribers / 2)) throw tooMany('This caller has as many subscriptions as one may have.');
    if (this.subscriptions.size >= mostSubscribers) throw tooMany('This server has as many subscribers as it takes.');
  }
}
