import type { Anchor, Position, RecordedEvent } from '@keyledger/event-log';
import { isPassing, NotSent } from '@keyledger/postgres';
import type { Sink } from '@keyledger/read-models';
import type pg from 'pg';
import { applyEvent } from './apply-event.js';
import { CredentialIndex } from './credential-index.js';
import { loadSnapshot } from './load-snapshot.js';

/** Told of an event that cannot be read. The verdicts that it may have changed are stale from then on. */
export type OnUnreadable = (event: RecordedEvent, error: unknown) => void;

interface IndexSource {
  readonly pool: pg.Pool;
  /** Where the tables of the projection are. */
  readonly schema: string;
  readonly streamPrefix: string;
  readonly onUnreadable: OnUnreadable;
}

/** The index of this process: filled once from the tables, and then from the log alone. Every process has its own. */
export class IndexSink implements Sink {
  private taken: Anchor | null = null;
  private filled: CredentialIndex | undefined;

  constructor(private readonly source: IndexSource) {}

  /** Undefined until it is filled. */
  get index(): CredentialIndex | undefined {
    return this.filled;
  }

  get anchor(): Anchor | null {
    return this.taken;
  }

  async lead(follow: () => Promise<void>): Promise<void> {
    if (this.filled === undefined) {
      const { pool, schema } = this.source;
      const index = new CredentialIndex();
      this.taken = await loadSnapshot(pool, schema, index);
      this.filled = index;
    }
    await follow();
  }

  take(events: readonly RecordedEvent[]): Promise<boolean> {
    const { filled: index } = this;
    if (index === undefined) throw new Error('The index is followed before it is filled.');
    const { streamPrefix, onUnreadable } = this.source;
    for (const event of events) {
      try {
        applyEvent(index, streamPrefix, event);
      } catch (error) {
        onUnreadable(event, error);
      }
      this.taken = { position: event.position, eventId: event.id };
    }
    return Promise.resolve(true);
  }

  stored(): Promise<Position | null> {
    return Promise.resolve(this.taken?.position ?? null);
  }

  mayPass(error: unknown): boolean {
    return error instanceof NotSent || isPassing(error);
  }
}
