import pg from 'pg';
import {
  bytesOfAll,
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
/** What is larger ends its page: followers hold two at a time, and events can be of a hundred kilobytes. */
const PAGE_BYTES = 4 * 1_048_576;
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

/** Of the positions of the table. */
const GREATEST_PLACE = 2n ** 63n - 1n;

/** Part of the log, and whether there may be more of what was asked for. */
export interface Page {
  readonly events: readonly RecordedEvent[];
  readonly more: boolean;
}

interface PageQuery {
  readonly order: 'revision' | 'position';
  readonly asked: string;
  readonly limit: string;
  /** Of which of the events the contents are wanted. */
  readonly wanted?: string;
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
    const text = this.#pageOf({ order: 'revision', asked: 'stream_id = $1 and revision >= $2', limit: '$3' });
    let next = fromRevision;
    for (let size = FIRST_PAGE_SIZE; ; size = PAGE_SIZE) {
      const rows = await this.#query<EventRow>({ name: 'read-stream', text, values: [streamId, next, size] });
      const { events, more } = this.#toPage(rows, size);
      if (events.length > 0) yield events;
      if (!more) return;
      next += events.length;
    }
  }

  /**
   * At most one page of what comes after the anchor. The anchor is read as well: throws LogReplaced if it is not where
   * it was.
   */
  async readAfter(anchor: Anchor | null): Promise<Page> {
    const place = anchor === null ? '0' : this.#placeOf(anchor.position);
    const text = this.#pageOf({
      ...{ order: 'position', asked: 'position >= $1', limit: String(PAGE_SIZE + 1), wanted: 'position > $1' },
    });
    const rows = await this.#query<EventRow>({ name: 'read-after', text, values: [place] });
    if (anchor !== null) {
      const [found] = rows.splice(0, 1);
      if (found?.position !== place || found.event_id !== anchor.eventId) throw new LogReplaced();
    }
    return this.#toPage(rows.slice(0, PAGE_SIZE), PAGE_SIZE);
  }

  async head(): Promise<Position> {
    const text = `select max(position) as position from ${this.#events}`;
    const [row] = await this.#query<{ position: string | null }>({ name: 'head', text });
    if (row === undefined || row.position === null) throw new LogReplaced();
    return this.#options.positionOf(row.position);
  }

  async anchorAt(position: Position): Promise<Anchor | null> {
    const parsed = parsePosition(position);
    if (parsed?.logId !== this.#options.logId || parsed.place.length !== 16) return null;
    const place = this.#placeOf(position);
    if (BigInt(place) > GREATEST_PLACE) return null;
    const text = `select event_id from ${this.#events} where position = $1`;
    const [row] = await this.#query<Pick<EventRow, 'event_id'>>({ name: 'anchor-at', text, values: [place] });
    return row === undefined ? null : { position, eventId: row.event_id };
  }

  async ping(): Promise<void> {
    const { logId, firstEvent } = this.#options;
    const text = `select type, data from ${this.#events} where position = 1`;
    const [row] = await this.#query<Pick<EventRow, 'type' | 'data'>>({ name: 'ping', text });
    if (row === undefined || firstEvent.logIdOf(row) !== logId) throw new LogReplaced();
  }

  /** One event and the next ones, until they have the bytes of a page. Sizes are known without reading large data. */
  #pageOf({ order, asked, limit, wanted = 'true' }: PageQuery): string {
    return `
      select position, stream_id, revision, event_id, type,
        case when ${wanted} then data end as data, case when ${wanted} then metadata end as metadata
      from (select *, sum(size) over (order by ${order} rows unbounded preceding) - size as before
            from (select *, case when ${wanted} then octet_length(data) + octet_length(metadata) else 0 end as size
                  from ${this.#events} where ${asked} order by ${order} limit ${limit}) asked) summed
      where before < ${PAGE_BYTES} order by ${order}`;
  }

  #toPage(rows: readonly EventRow[], size: number): Page {
    const events = rows.map((row) => this.#toEvent(row));
    return { events, more: events.length === size || bytesOfAll(events) >= PAGE_BYTES };
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
