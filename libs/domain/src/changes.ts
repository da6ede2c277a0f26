/** The value of a field before and after. Audit shows it as it stands, so it needs no state of its own. */
export interface Change<T> {
  readonly from: T;
  readonly to: T;
}

/** The fields of a thing that an event changes; those it leaves alone are absent. */
type Changes<T> = { readonly [K in keyof T]?: Change<T[K]> };

/** Lists are equal when they hold the same texts in the same order. */
export const sameValue = (left: unknown, right: unknown): boolean =>
  Array.isArray(left) && Array.isArray(right)
    ? left.length === right.length && left.every((item, index) => item === right[index])
    : left === right;

/** What differs between `before` and the wanted values. A wanted field that is undefined stays as it is. */
export const changesBetween = <T extends object>(before: T, wanted: Partial<T>): Changes<T> => {
  const changes: { [K in keyof T]?: Change<T[K]> } = {};
  for (const field of Object.keys(wanted) as (keyof T)[]) {
    const to = wanted[field];
    if (to !== undefined && !sameValue(before[field], to)) changes[field] = { from: before[field], to };
  }
  return changes;
};

export const applyChanges = <T extends object>(before: T, changes: Changes<T>): T => {
  const after = { ...before };
  for (const field of Object.keys(changes) as (keyof T)[]) {
    const change = changes[field];
    if (change !== undefined) after[field] = change.to;
  }
  return after;
};
