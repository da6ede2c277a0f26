import type { Config, Metrics, Readiness } from '@keyledger/edge';
import type { EventLog } from '@keyledger/event-log';
import { runFollower, type Follower, type FollowerStatus } from '@keyledger/read-models';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Counter, Gauge } from 'prom-client';
import { EventProducer } from './event-producer.js';
import { openKafka } from './kafka.js';
import { PublicationSink } from './publication.js';

interface Parts {
  readonly config: Config;
  readonly log: EventLog;
  readonly pool: pg.Pool;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
}

/**
 * Publishes the events of accounts to Kafka as long as the application runs. One instance does, the others stand by.
 * While the brokers are away the process stays ready, for nobody's requests need them; an event that they will never
 * take stops it, for a person to look at.
 */
export class Publisher implements OnApplicationShutdown {
  private readonly logger = new Logger('publisher');
  private readonly stopping = new AbortController();
  private readonly producer: EventProducer;
  private readonly follower: Follower;

  constructor({ config, log, pool, readiness, metrics }: Parts) {
    const { registry } = metrics;
    const sent = new Counter({
      name: 'keyledger_publisher_events_total',
      help: 'Events that the brokers have acknowledged, those that were sent again included.',
      registers: [registry],
    });
    const kafka = openKafka(config, (line) => this.logger.debug(line));
    this.producer = new EventProducer(kafka, config, (mistake) => this.logger.warn(mistake));
    const sink = new PublicationSink({
      pool,
      config,
      log,
      producer: this.producer,
      onSent: (count) => sent.inc(count),
    });
    this.follower = runFollower({ log, sink, onStatus: (status) => this.report(status), signal: this.stopping.signal });
    readiness.add('publisher', () => Promise.resolve(this.probe()));
    this.measure(metrics);
  }

  /** After the doors are closed. What was sent and not noted is sent again at the next start. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.follower.done;
    await this.producer.close();
  }

  private probe() {
    const { state, position, reason } = this.follower.status();
    const ageMs = this.follower.ageMs();
    const details = { state, position, ageMs: Number.isFinite(ageMs) ? Math.round(ageMs) : null };
    return { up: state !== 'stopped', ...details, ...(reason === undefined ? {} : { reason }) };
  }

  private report({ state, reason = 'no reason known' }: FollowerStatus): void {
    if (state === 'stopped') this.logger.error(`Stopped, for a person to look at: ${reason}`);
    else if (state === 'unavailable') this.logger.warn(`Not publishing now, and trying again: ${reason}`);
    else this.logger.log(`The publisher is ${state}.`);
  }

  private measure({ registry }: Metrics): void {
    const { follower } = this;
    new Gauge({
      name: 'keyledger_publisher_age_seconds',
      help: 'How long ago everything in the log was published; NaN while another instance publishes.',
      registers: [registry],
      collect() {
        this.set(follower.status().state === 'standby' ? NaN : follower.ageMs() / 1000);
      },
    });
    new Gauge({
      name: 'keyledger_publisher_failing',
      help: '1 while the publisher cannot publish, 0 while it does or stands by.',
      registers: [registry],
      collect() {
        this.set(['unavailable', 'stopped'].includes(follower.status().state) ? 1 : 0);
      },
    });
  }
}
