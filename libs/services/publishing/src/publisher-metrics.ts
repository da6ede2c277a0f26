import { setTimeout as sleep } from 'node:timers/promises';
import type { FollowerRunner } from '@keyledger/edge';
import { parsePosition, type EventLog } from '@keyledger/event-log';
import { Gauge, type Registry } from 'prom-client';

/** So long a scrape waits for what is in the log to be published: below the patience of those who scrape. */
const LOOK_MS = 1_000;

const LOOK_EVERY_MS = 5_000;

/** The commit, where a place has two parts. As a number it loses nothing that an operator compares. */
const numberOf = (position: string): number => parseInt(parsePosition(position)?.place.slice(0, 16) ?? '', 16);

interface Watched {
  readonly runner: Pick<FollowerRunner, 'checkpoint' | 'waitForPosition'>;
  readonly log: Pick<EventLog, 'head'>;
}

/**
 * How publishing goes, whichever instance publishes. All is told from the log and the stored checkpoint, so an instance
 * that stands by knows it as well, and one alarm on any instance fires where none publishes.
 */
export const measurePublishing = ({ runner, log }: Watched, registry: Registry): void => {
  let publishedAsOfMs = performance.now();
  const look = async (): Promise<void> => {
    const askedMs = performance.now();
    if (await runner.waitForPosition(await log.head(), LOOK_MS)) publishedAsOfMs = askedMs;
  };
  // A store that does not answer tells nothing: the lag grows.
  const soon = (looking: Promise<void>): Promise<void> =>
    Promise.race([looking.catch(() => undefined), sleep(LOOK_MS, undefined, { ref: false })]);
  // Also between scrapes, which may be rare: what is published now must not count from the last of them.
  setInterval(() => void soon(look()), LOOK_EVERY_MS).unref();
  new Gauge({
    name: 'keyledger_publisher_lag_seconds',
    help: 'How long something in the log has not been published by any instance, as far as this one knows.',
    registers: [registry],
    async collect() {
      await soon(look());
      this.set((performance.now() - publishedAsOfMs) / 1000);
    },
  });
  new Gauge({
    name: 'keyledger_publisher_position',
    help: 'Place in the log, as a number, of the last event that any instance has published.',
    registers: [registry],
    async collect() {
      await soon(runner.checkpoint().then((position) => this.set(numberOf(position))));
    },
  });
};
