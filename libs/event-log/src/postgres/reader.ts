import pg from 'pg';
import {
  LogReplaced,
  LogUnavailable,
  parsePosition,
  type Anchor,
  type Position,
  type RecordedEvent,
} from '../event-log.js';
import type { FirstEvent } from '../first-event.js';
import type { Connections } from './connections.js';
import { reasonOf } from '@keyledger/postgres';

export const PAGE_SIZE = 1_000;
/** Most who read a stream want its tail, or a few events whose place they know: the first page is small. */
export const FIRST_PAGE_SIZE = 32;

interface EventRow {
  readonly position: string;
  readonly stream_id: string;
  readonly revision: string;
  readonly event_id: string;
  readonly type: string;
  readonly data: Buffer;
  readonly metadata: Buffer;
}

interface ReaderOptions {
  readonly connections: Connections;
  readonly schema: string;
  readonly logId: string;
  readonly firstEvent: FirstEvent;
  readonly positionOf: (place: string) => Position;
}

/** All reads of the log. Every method throws LogUnavailable if the database does not answer. */
export class PostgresReader {
  readonly #options: ReaderOptions;
  readonly #events: string;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#events = `${pg.escapeIdentifier(options.schema)}.events`;
  }

  async *readStream(streamId: string, fromRevision: number): AsyncGenerator<readonly RecordedEvent[]> {
    const text = `select * from ${this.#events} where stream_id = $1 and revision >= $2
      order by revision limit $3`;
    let next = fromRevision;
    for (let size = FIRST_PAGE_SIZE; ; size = PAGE_SIZE) {
      const rows = await this.#query<EventRow>({ name: 'read-stream', text, values: [streamId, next, size] });
      if (rows.length > 0) yield rows.map((row) => this.#toEvent(row));
      if (rows.length < size) return;
      next += rows.length;
    }
  }

  /**
   * At most one page of what comes after the anchor. The anchor is read as well: throws LogReplaced if it is not where
   * it was.
   */
  async readAfter(anchor: Anchor | null): Promise<readonly RecordedEvent[]> {
    const place = anchor === null ? '0' : this.#placeOf(anchor.position);
    const text = `select position, stream_id, revision, event_id, type,
        case when position > $1 then data end as data, case when position > $1 then metadata end as metadata
      from ${this.#events} where position >= $1 order by position limit ${PAGE_SIZE + 1}`;
    const rows = await this.#query<EventRow>({ name: 'read-after', text, values: [place] });
    if (anchor !== null) {
      const [found] = rows.splice(0, 1);
      if (found?.position !== place || found.event_id !== anchor.eventId) throw new LogReplaced();
    }
    return rows.slice(0, PAGE_SIZE).map((row) => this.#toEvent(row));
  }

  async head(): Promise<Position> {
    const text = `select max(position) as position from ${this.#events}`;
    const [row] = await this.#query<{ position: string | null }>({ name: 'head', text });
    if (row === undefined || row.position === null) throw new LogReplaced();
    return this.#options.positionOf(row.position);
  }

  async ping(): Promise<void> {
    const { logId, firstEvent } = this.#options;
    const text = `select type, data from ${this.#events} where position = 1`;
    const [row] = await this.#query<Pick<EventRow, 'type' | 'data'>>({ name: 'ping', text });
    if (row === undefined || firstEvent.logIdOf(row) !== logId) throw new LogReplaced();
  }

  #placeOf(position: Position): string {
    const parsed = parsePosition(position);
    if (parsed === null || parsed.logId !== this.#options.logId) throw new LogReplaced();
    return BigInt(`0x${parsed.place}`).toString();
  }

  #toEvent(row: EventRow): RecordedEvent {
    return {
      id: row.event_id,
      streamId: row.stream_id,
      revision: Number(row.revision),
      position: this.#options.positionOf(row.position),
      type: row.type,
      data: row.data,
      metadata: row.metadata,
    };
  }

  async #query<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<Row[]> {
    try {
      return await this.#options.connections.query<Row>(query);
    } catch (error) {
      throw new LogUnavailable(`The event log cannot be read: ${reasonOf(error)}`, { cause: error });
    }
  }
}
