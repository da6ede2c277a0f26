/** How the records of a table are found by a key. */
export interface KeyOf<K> {
  hash(key: K): number;
  hashOf(record: number): number;
  equals(record: number, key: K): boolean;
}

const FIRST_SLOTS = 1_024;
const FULLEST = 0.7;

/** Records of a slab by a key that stands in them: open addressing with linear probing, four bytes a slot. */
export class RecordTable<K> {
  private slots = new Uint32Array(FIRST_SLOTS);
  private count = 0;

  constructor(private readonly key: KeyOf<K>) {}

  /** 0 for none. */
  find(key: K): number {
    const mask = this.slots.length - 1;
    for (let at = this.key.hash(key) & mask; ; at = (at + 1) & mask) {
      const record = this.slots[at] ?? 0;
      if (record === 0 || this.key.equals(record, key)) return record;
    }
  }

  /** A record whose key is not there yet. */
  add(record: number): void {
    this.count += 1;
    if (this.count > this.slots.length * FULLEST) this.grow();
    this.place(record);
  }

  /** A record that was added, while its key still stands in it. */
  remove(record: number): void {
    const mask = this.slots.length - 1;
    let hole = this.key.hashOf(record) & mask;
    while (this.slots[hole] !== record) {
      if (this.slots[hole] === 0) return;
      hole = (hole + 1) & mask;
    }
    this.count -= 1;
    this.slots[hole] = 0;
    // Those that follow without a gap may have been kept from this place.
    for (let at = (hole + 1) & mask; this.slots[at] !== 0; at = (at + 1) & mask) {
      const follower = this.slots[at] ?? 0;
      this.slots[at] = 0;
      this.place(follower);
    }
  }

  private place(record: number): void {
    const mask = this.slots.length - 1;
    let at = this.key.hashOf(record) & mask;
    while (this.slots[at] !== 0) at = (at + 1) & mask;
    this.slots[at] = record;
  }

  private grow(): void {
    const { slots } = this;
    this.slots = new Uint32Array(slots.length * 2);
    for (const record of slots) if (record !== 0) this.place(record);
  }
}
