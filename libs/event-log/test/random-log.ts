import type { EventLog, NewEvent } from '../src/index.js';
import { appendSurely } from './events.js';

export interface RandomLogOptions {
  /** Numbers from 0 to 1. */
  readonly random: () => number;
  readonly streamPrefix: string;
}

const every = Uint8Array.from({ length: 256 }, (_, index) => index);

/** Texts that a JSON parser would take and write otherwise, bytes that are no text, and what lies at the edges. */
const contents: readonly Uint8Array[] = [
  every,
  every.toReversed(),
  new Uint8Array(),
  Uint8Array.of(0x1e),
  ...[
    '{}',
    '{"at":"2026-01-01T00:00:00.000Z","schemaVersion":1}',
    ' { "spaced" : 1.0 } ',
    '{"twice":1,"twice":2}',
    '12345678901234567890',
    '{"__proto__":{"a":1}}',
    'null',
    '"\\u0041"',
    '{"half": ',
    '\u001e{}',
    'ünï💡\u2028',
  ].map((text) => Buffer.from(text)),
];

const types = ['ThingHappened', 'Ereignis-💡', 'odd type', 'x'.repeat(256)];

/** The same log for the same numbers: few streams, so that runs of one stream come up, and ids that come again. */
export class RandomLog {
  readonly #streams: string[];
  readonly #revisions = new Map<string, number>();
  readonly #ids: string[] = [];

  constructor(private readonly options: RandomLogOptions) {
    const names = ['account-a', 'account-A', 'catalogue', 'ünï-💡', 'with space/and%2F', 'y'.repeat(200)];
    this.#streams = names.map((name) => `${options.streamPrefix}${name}`);
  }

  /** Appends until the log holds so many events more. */
  async write(log: EventLog, events: number): Promise<void> {
    for (let left = events; left > 0;) {
      const count = Math.min(left, 1 + this.#below(this.#below(4) === 0 ? 40 : 3));
      await this.append(
        log,
        Array.from({ length: count }, () => this.#event()),
      );
      left -= count;
    }
  }

  /** Appends these events to one of the streams. */
  async append(log: EventLog, events: readonly NewEvent[]): Promise<void> {
    const stream = this.#oneOf(this.#streams);
    const revision = this.#revisions.get(stream) ?? -1;
    await appendSurely(log, stream, revision, events);
    this.#revisions.set(stream, revision + events.length);
  }

  #event(): NewEvent {
    const known = this.#ids.length > 0 && this.#below(20) === 0;
    const id = known ? this.#oneOf(this.#ids) : this.#uuid();
    this.#ids.push(id);
    return { id, type: this.#oneOf(types), data: this.#oneOf(contents), metadata: this.#oneOf(contents) };
  }

  #below(end: number): number {
    return Math.floor(this.options.random() * end);
  }

  #oneOf<T>(values: readonly T[]): T {
    const value = values[this.#below(values.length)];
    if (value === undefined) throw new Error('There is nothing to choose from.');
    return value;
  }

  #uuid(): string {
    const digits = Array.from({ length: 32 }, () => this.#below(16).toString(16)).join('');
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
}
