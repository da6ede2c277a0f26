import type { RecordedEvent } from '@keyledger/event-log';
import { SnapshotSink } from '@keyledger/read-models';
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

/** The index of this process. An event that cannot be read blocks its own account alone, and the others go on. */
export const indexSink = ({ pool, schema, streamPrefix, onUnreadable }: IndexSource): SnapshotSink<CredentialIndex> =>
  new SnapshotSink({
    load: async () => {
      const held = new CredentialIndex();
      return { held, anchor: await loadSnapshot(pool, schema, held) };
    },
    apply: (index, event) => {
      try {
        applyEvent(index, streamPrefix, event);
      } catch (error) {
        onUnreadable(event, error);
      }
    },
  });
