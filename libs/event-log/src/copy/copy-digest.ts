import { createHash } from 'node:crypto';
import type { RecordedEvent } from '../event-log.js';

/**
 * SHA-256 over the events given to it in order: of each the stream, the revision (decimal digits), the id, the type,
 * the data and the metadata, every part in UTF-8 or as it is, after its length in bytes (32 bits, big-endian).
 * Positions are left out: they are the log's own.
 */
export class LogDigest {
  readonly #hash = createHash('sha256');
  readonly #length = Buffer.alloc(4);
  #events = 0;

  get events(): number {
    return this.#events;
  }

  add({ streamId, revision, id, type, data, metadata }: RecordedEvent): void {
    for (const text of [streamId, String(revision), id, type]) this.#part(Buffer.from(text));
    this.#part(data);
    this.#part(metadata);
    this.#events += 1;
  }

  sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  #part(bytes: Uint8Array): void {
    this.#length.writeUInt32BE(bytes.byteLength);
    this.#hash.update(this.#length).update(bytes);
  }
}
