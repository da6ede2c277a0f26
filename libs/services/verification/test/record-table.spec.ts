import fc from 'fast-check';
import { RecordTable } from '../src/record-table.js';
import { Slab } from '../src/slab.js';

/** A table of whole numbers with few hashes, so that they stand in each other's way. */
class Numbers {
  private readonly slab = new Slab(4);
  private readonly table = new RecordTable<number>({
    hash: (key) => key % 97,
    hashOf: (record) => this.keyOf(record) % 97,
    equals: (record, key) => this.keyOf(record) === key,
  });

  has(key: number): boolean {
    const record = this.table.find(key);
    return record !== 0 && this.keyOf(record) === key;
  }

  add(key: number): void {
    const record = this.slab.allocate();
    this.slab.bytes(record).writeUInt32LE(key, this.slab.offset(record));
    this.table.add(record);
  }

  remove(key: number): void {
    const record = this.table.find(key);
    this.table.remove(record);
    this.slab.release(record);
  }

  private keyOf(record: number): number {
    return this.slab.bytes(record).readUInt32LE(this.slab.offset(record));
  }
}

it('holds what a set holds, however often records come and go', () => {
  const KEYS = 300;
  // Each key is added where it is missing and removed where it is there.
  fc.assert(
    fc.property(fc.array(fc.nat(KEYS - 1), { minLength: 300, maxLength: 1_000 }), (keys) => {
      const numbers = new Numbers();
      const model = new Set<number>();
      for (const key of keys) {
        if (model.delete(key)) numbers.remove(key);
        else {
          model.add(key);
          numbers.add(key);
        }
      }
      const held = Array.from({ length: KEYS }, (_, key) => key).filter((key) => numbers.has(key));
      expect(new Set(held)).toEqual(model);
    }),
    { numRuns: 20 },
  );
});

it('gives released records out again, empty', () => {
  const slab = new Slab(8);
  const records = Array.from({ length: 10_000 }, () => slab.allocate());
  expect(new Set(records).size).toBe(10_000);
  expect(Math.min(...records)).toBe(1);
  const [first = 0] = records;
  slab.bytes(first).fill(0xff, slab.offset(first), slab.offset(first) + 8);
  slab.release(first);
  expect(slab.allocate()).toBe(first);
  expect(slab.bytes(first).readDoubleLE(slab.offset(first))).toBe(0);
  expect(() => slab.bytes(1_000_000)).toThrow(RangeError);
});
