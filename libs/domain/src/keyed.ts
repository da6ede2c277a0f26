/**
 * A persistent map by string key: an update copies a few small arrays, however many entries there are, and shares the
 * rest, so an account of 100,000 credentials folds fast and older states stay valid. Its shape depends on its entries
 * alone, not on their history, so equal maps are deeply equal.
 */
export type Keyed<T> = Leaf<T> | Branch<T>;

type Entry<T> = readonly [key: string, value: T];

/** Up to LEAF_SIZE entries, in order of key. */
interface Leaf<T> {
  readonly entries: readonly Entry<T>[];
}

/** More than LEAF_SIZE entries, spread over FAN_OUT children by five bits of the key's hash. */
interface Branch<T> {
  readonly size: number;
  readonly children: readonly Keyed<T>[];
}

const LEAF_SIZE = 16;
const BITS_PER_LEVEL = 5;
const FAN_OUT = 1 << BITS_PER_LEVEL;
/** The level at which a 32-bit hash is used up: leaves below it hold any number of entries. */
const DEEPEST_LEVEL = 6;

/** FNV-1a over UTF-16 code units: quick, and even enough for ids and names. */
const hashOf = (key: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return hash;
};

const slotOf = (hash: number, level: number): number => (hash >>> (level * BITS_PER_LEVEL)) & (FAN_OUT - 1);

export const emptyKeyed = <T>(): Keyed<T> => ({ entries: [] });

export const sizeOf = (keyed: Keyed<unknown>): number => ('entries' in keyed ? keyed.entries.length : keyed.size);

export const entriesOf = <T>(keyed: Keyed<T>): readonly Entry<T>[] =>
  'entries' in keyed ? keyed.entries : keyed.children.flatMap(entriesOf);

export const valuesOf = <T>(keyed: Keyed<T>): readonly T[] => entriesOf(keyed).map(([, value]) => value);

export const getKeyed = <T>(keyed: Keyed<T>, key: string): T | undefined => {
  const hash = hashOf(key);
  let node = keyed;
  for (let level = 0; !('entries' in node); level += 1) {
    const child = node.children[slotOf(hash, level)];
    if (child === undefined) return undefined;
    node = child;
  }
  return node.entries.find(([present]) => present === key)?.[1];
};

const split = <T>(entries: readonly Entry<T>[], level: number): Branch<T> => {
  const slots: Entry<T>[][] = Array.from({ length: FAN_OUT }, () => []);
  for (const entry of entries) slots[slotOf(hashOf(entry[0]), level)]?.push(entry);
  return { size: entries.length, children: slots.map((slot) => nodeOf(slot, level + 1)) };
};

/** `entries` must be in order of key. */
const nodeOf = <T>(entries: readonly Entry<T>[], level: number): Keyed<T> =>
  entries.length <= LEAF_SIZE || level > DEEPEST_LEVEL ? { entries } : split(entries, level);

/** `keyed` with the leaf that may hold `key` replaced by what `change` makes of its entries. */
const changeLeaf = <T>(
  keyed: Keyed<T>,
  key: string,
  change: (entries: readonly Entry<T>[]) => readonly Entry<T>[],
): Keyed<T> => {
  const hash = hashOf(key);
  const changeAt = (node: Keyed<T>, level: number): Keyed<T> => {
    if ('entries' in node) return nodeOf(change(node.entries), level);
    const slot = slotOf(hash, level);
    const before = node.children[slot] ?? emptyKeyed<T>();
    const after = changeAt(before, level + 1);
    const children = node.children.with(slot, after);
    const size = node.size + sizeOf(after) - sizeOf(before);
    return size > LEAF_SIZE ? { size, children } : { entries: children.flatMap(entriesOf).sort(byKey) };
  };
  return changeAt(keyed, 0);
};

const byKey = ([left]: Entry<unknown>, [right]: Entry<unknown>): number => (left < right ? -1 : 1);

export const setKeyed = <T>(keyed: Keyed<T>, key: string, value: T): Keyed<T> =>
  changeLeaf(keyed, key, (entries) => {
    const after = entries.findIndex(([present]) => present >= key);
    if (after < 0) return [...entries, [key, value]];
    return entries.toSpliced(after, entries[after]?.[0] === key ? 1 : 0, [key, value]);
  });

export const removeKeyed = <T>(keyed: Keyed<T>, key: string): Keyed<T> =>
  changeLeaf(keyed, key, (entries) => entries.filter(([present]) => present !== key));

export const keyedFrom = <T>(entries: Iterable<Entry<T>>): Keyed<T> => {
  let keyed = emptyKeyed<T>();
  for (const [key, value] of entries) keyed = setKeyed(keyed, key, value);
  return keyed;
};
