const RECORDS_PER_CHUNK = 4_096;

/**
 * Records of one size in large buffers, which the garbage collector never walks through. A record is named by a number
 * from 1 on, so that 0 can stand for none.
 */
export class Slab {
  private readonly chunks: Buffer[] = [];
  private readonly free: number[] = [];
  private newest = 0;

  constructor(private readonly recordBytes: number) {}

  /** A record of zeros. */
  allocate(): number {
    const record = this.free.pop();
    if (record !== undefined) return record;
    this.newest += 1;
    if (this.newest >= this.chunks.length * RECORDS_PER_CHUNK) {
      this.chunks.push(Buffer.alloc(RECORDS_PER_CHUNK * this.recordBytes));
    }
    return this.newest;
  }

  release(record: number): void {
    const at = this.offset(record);
    this.bytes(record).fill(0, at, at + this.recordBytes);
    this.free.push(record);
  }

  /** The buffer that holds the record, beside others. */
  bytes(record: number): Buffer {
    const chunk = this.chunks[Math.floor(record / RECORDS_PER_CHUNK)];
    if (chunk === undefined) throw new RangeError(`There is no record ${record}.`);
    return chunk;
  }

  /** Where the record begins in its buffer. */
  offset(record: number): number {
    return (record % RECORDS_PER_CHUNK) * this.recordBytes;
  }
}
