import { randomUUID } from 'node:crypto';
import { binaryEvent, EventStoreDBClient, NO_STREAM } from '@eventstore/db-client';
import type { Installation } from './installation.js';
import { load, type Load } from './load.js';

interface Shape {
  readonly inFlight: number;
  /** Of one append. */
  readonly events: number;
}

interface EventBytes {
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** The plain client of EventStoreDB: its own unary appends, each to be answered before the next of its stream. */
export class ReferenceAppends {
  readonly #client: EventStoreDBClient;
  readonly #credentials: { readonly username: string; readonly password: string };
  readonly #streamPrefix: string;

  constructor({ settings, streamPrefix }: Installation) {
    // Only a call that carries credentials takes the unary path; a server without users ignores them.
    const { EVENTSTOREDB_URL = '', EVENTSTOREDB_USERNAME, EVENTSTOREDB_PASSWORD } = settings;
    this.#credentials = { username: EVENTSTOREDB_USERNAME ?? 'anybody', password: EVENTSTOREDB_PASSWORD ?? 'none' };
    this.#client = EventStoreDBClient.connectionString(EVENTSTOREDB_URL);
    this.#streamPrefix = streamPrefix;
  }

  run({ inFlight, events }: Shape, { data, metadata }: EventBytes, durationMs: number): Promise<Load> {
    const workers = Array.from({ length: inFlight }, () => {
      const streamId = `${this.#streamPrefix}reference-${randomUUID()}`;
      let revision: bigint | typeof NO_STREAM = NO_STREAM;
      return async (): Promise<void> => {
        const batch = Array.from({ length: events }, () =>
          binaryEvent({ type: 'Benchmark', data: Uint8Array.from(data), metadata: Uint8Array.from(metadata) }),
        );
        const options = { expectedRevision: revision, credentials: this.#credentials, requiresLeader: true };
        ({ nextExpectedRevision: revision } = await this.#client.appendToStream(streamId, batch, options));
      };
    });
    return load(workers, durationMs);
  }

  close(): Promise<void> {
    return this.#client.dispose();
  }
}
