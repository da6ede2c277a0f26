import type { RecordedEvent } from '@keyledger/event-log';
import type pg from 'pg';

/** What can be folded from the log into tables, thrown away, and folded again. */
export interface Projection {
  /** Names it in metrics, in readiness and in `npm run rebuild -- <name>`. */
  readonly name: string;
  /** The PostgreSQL schema that holds its tables and its checkpoint, and nothing else. Needs no quoting. */
  readonly schema: string;
  /** Raise it whenever the tables, or what is made of an event, change: the tables are then made anew from the log. */
  readonly version: number;
  /** Tables whose content comes from the log, all of it: a rebuild compares them. */
  readonly tables: readonly string[];
  /** Creates the tables in `schema`, which is there and empty. */
  ddl(schema: string): string;
  /**
   * Takes up to 1,000 events, in order, into the tables of `schema`, within the transaction of `tx`. What the tables
   * contain already must change nothing. Throws for an event that this version cannot read.
   */
  apply(tx: pg.ClientBase, schema: string, events: readonly RecordedEvent[]): Promise<void>;
}
