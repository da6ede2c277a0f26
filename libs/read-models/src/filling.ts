import {
  comparePositions,
  isPositionOf,
  LogReplaced,
  type Anchor,
  type EventLog,
  type FollowItem,
  type Position,
  type RecordedEvent,
} from '@keyledger/event-log';
import type pg from 'pg';
import { CheckpointTable } from './checkpoint.js';
import type { Projection } from './projection.js';

const replaced = (name: string, schema: string): LogReplaced =>
  new LogReplaced(
    `What ${name} contains is not in this log: the log was replaced, or restored from an older backup. Restore the ` +
      `right log, or drop the schemas that begin with ${schema} to build ${name} from this one at the next start.`,
  );

const upTo = (target: Position, item: FollowItem): readonly RecordedEvent[] =>
  item.kind === 'events' ? item.events.filter(({ position }) => comparePositions(position, target) <= 0) : [];

/** Fills the tables of a projection from the start of the log up to chosen positions, without a live follower. */
export class Filling {
  private anchor: Anchor | null = null;
  private readonly checkpoint: CheckpointTable;

  constructor(
    private readonly log: EventLog,
    pool: pg.Pool,
    /** What is filled: the schema is that of the new tables. */
    private readonly projection: Projection,
    /** The schema whose tables it is to replace, for messages. */
    private readonly liveSchema: string,
  ) {
    this.checkpoint = new CheckpointTable(pool, projection.schema);
  }

  /**
   * Goes on until the tables contain exactly the events up to `target`, taking in each page by `take`. Answers how many
   * there were. Throws LogReplaced if no event stands at `target`.
   */
  async fillTo(
    target: Position,
    take: (events: readonly RecordedEvent[]) => Promise<void>,
    signal: AbortSignal,
  ): Promise<number> {
    if (this.contains(target)) return 0;
    let count = 0;
    for await (const item of this.log.follow(this.anchor, signal)) {
      if (item.kind === 'unavailable') continue; // The log goes on by itself when it answers again.
      const events = upTo(target, item);
      await take(events);
      count += events.length;
      if (this.anchor?.position === target) return count;
      // What follows is later than the target: either later events, or news that there are none.
      if (item.kind === 'caught-up' || events.length < item.events.length)
        throw replaced(this.projection.name, this.liveSchema);
    }
    throw new Error(`The log could not be read in time, so ${this.projection.name} is as it was. Try again.`);
  }

  /** Takes the next events into the tables, in the transaction of `tx`. */
  async apply(tx: pg.ClientBase, events: readonly RecordedEvent[]): Promise<void> {
    const last = events.at(-1);
    if (last === undefined) return;
    const to = { position: last.position, eventId: last.id };
    const moved = await this.checkpoint.move(tx, this.anchor?.position ?? null, to);
    if (!moved) throw new Error(`Something else writes into ${this.projection.schema}.`);
    await this.projection.apply(tx, this.projection.schema, events);
    this.anchor = to;
  }

  private contains(position: Position): boolean {
    if (!isPositionOf(this.log.logId, position)) throw replaced(this.projection.name, this.liveSchema);
    return this.anchor !== null && comparePositions(this.anchor.position, position) >= 0;
  }
}
