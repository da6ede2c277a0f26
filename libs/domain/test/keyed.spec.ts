import fc from 'fast-check';
import { emptyKeyed, entriesOf, getKeyed, keyedFrom, removeKeyed, setKeyed, sizeOf, valuesOf } from '../src/index.js';
import type { Keyed } from '../src/index.js';

const key = fc.oneof(
  fc.integer({ min: 0, max: 60 }).map((n) => `cred_${n}`),
  fc.string({ maxLength: 3 }),
);
const change = fc.record({ key, value: fc.option(fc.integer(), { nil: undefined }) });

const changed = <T>(keyed: Keyed<T>, { key: at, value }: { key: string; value: T | undefined }): Keyed<T> =>
  value === undefined ? removeKeyed(keyed, at) : setKeyed(keyed, at, value);

const sorted = <T>(entries: Iterable<readonly [string, T]>) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

/** One step of FNV-1a, written a second time so that the test can construct collisions. */
const step = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193);

/**
 * 2^rounds keys of one hash. Each round finds two first letters after which the upper halves of the hash are equal; a
 * second letter then makes the lower halves equal too, so both texts lead to one and the same state.
 */
const collidingKeys = (rounds: number): string[] => {
  let state = 0x811c9dc5;
  let keys = [''];
  for (let round = 0; round < rounds; round += 1) {
    const seen = new Map<number, number>();
    for (let code = 32; ; code += 1) {
      const hash = step(state, code);
      const twin = seen.get(hash >>> 16);
      seen.set(hash >>> 16, code);
      if (twin === undefined) continue;
      const second = (hash ^ step(state, twin)) & 0xffff;
      const texts = [String.fromCharCode(code, 32), String.fromCharCode(twin, 32 ^ second)];
      keys = keys.flatMap((prefix) => texts.map((text) => prefix + text));
      state = step(hash, 32);
      break;
    }
  }
  return keys;
};

describe('a keyed map', () => {
  it('behaves as a Map does', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const model = new Map<string, number>();
        let keyed = emptyKeyed<number>();
        for (const each of changes) {
          keyed = changed(keyed, each);
          if (each.value === undefined) model.delete(each.key);
          else model.set(each.key, each.value);
          expect(getKeyed(keyed, each.key)).toBe(each.value);
          expect(sizeOf(keyed)).toBe(model.size);
        }
        expect(sorted(entriesOf(keyed))).toEqual(sorted(model));
        expect([...valuesOf(keyed)].sort()).toEqual([...model.values()].sort());
        expect(getKeyed(keyed, 'never there')).toBeUndefined();
      }),
    );
  });

  it('has one shape for the same entries, however it came by them', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 100 }), (changes) => {
        const keyed = changes.reduce(changed<number>, emptyKeyed<number>());
        expect(keyedFrom([...entriesOf(keyed)].reverse())).toEqual(keyed);
        expect(keyedFrom(JSON.parse(JSON.stringify(entriesOf(keyed))) as [string, number][])).toEqual(keyed);
      }),
    );
  });

  it('leaves older versions as they were', () => {
    const before = keyedFrom(Array.from({ length: 40 }, (_, n) => [`k${n}`, n] as const));
    const copy = structuredClone(before);
    expect(sizeOf(removeKeyed(setKeyed(setKeyed(before, 'k1', -1), 'new', 1), 'k2'))).toBe(40);
    expect(before).toEqual(copy);
  });

  it('keeps keys apart whose hashes are equal in every bit', () => {
    const keys = collidingKeys(5);
    let keyed = keyedFrom(keys.map((each, index) => [each, index] as const));
    expect(sizeOf(keyed)).toBe(32);
    expect(
      new Set(
        keys.map((each) => Array.from({ length: each.length }, (_, i) => each.charCodeAt(i)).reduce(step, 0x811c9dc5)),
      ).size,
    ).toBe(1);
    keys.forEach((each, index) => expect(getKeyed(keyed, each)).toBe(index));
    for (const each of keys.slice(0, 20)) keyed = removeKeyed(keyed, each);
    expect(keyed).toEqual(keyedFrom(keys.slice(20).map((each, index) => [each, index + 20] as const)));
  });

  it('holds as many entries as the largest account has credentials', () => {
    const keyed = keyedFrom(Array.from({ length: 100_000 }, (_, n) => [`cred_${n}`, n] as const));
    expect(sizeOf(keyed)).toBe(100_000);
    expect(getKeyed(keyed, 'cred_99999')).toBe(99_999);
    expect(getKeyed(keyed, 'cred_100000')).toBeUndefined();
  });
});
