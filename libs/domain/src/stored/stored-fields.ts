/**
 * Takes a field of a stored event: returns a copy that holds exactly what the form names, or throws a StoredEventError.
 * Reading and writing use the same forms, so nothing unnamed gets into the log and nothing malformed out of it.
 */
export type Field<T> = (value: unknown, path: string) => T;

type Fields<T> = { readonly [K in keyof T]-?: Field<T[K]> };

/** An event that this version cannot read or write. A follower stops on it rather than skip a fact. */
export const storedEventError = (message: string): Error =>
  Object.assign(new Error(message), { name: 'StoredEventError' });

const field =
  <T>(expected: string, is: (value: unknown) => value is T): Field<T> =>
  (value, path) => {
    if (is(value)) return value;
    // The value itself stays out of the message, which ends in logs.
    throw storedEventError(`${path} must be ${expected}, but is ${value === null ? 'null' : typeof value}`);
  };

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export const text = field('a string', (value): value is string => typeof value === 'string');
export const filled = field(
  'a string with content',
  (value): value is string => typeof value === 'string' && value !== '',
);
export const flag = field('true or false', (value): value is boolean => typeof value === 'boolean');
export const count = field(
  'a whole number, 0 or more',
  (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0,
);
export const positive = field(
  'a whole number, 1 or more',
  (value): value is number => Number.isSafeInteger(value) && Number(value) >= 1,
);
/** Only this form orders as text as it does in time, which status and overlap rely on. */
export const isInstant = (value: unknown): value is string => typeof value === 'string' && INSTANT.test(value);
export const instant = field('a UTC time with milliseconds', isInstant);

export const oneOf = <T extends string>(...allowed: readonly T[]): Field<T> =>
  field(`one of ${allowed.join(', ')}`, (value): value is T => allowed.some((each) => each === value));

export const nullable =
  <T>(inner: Field<T>): Field<T | null> =>
  (value, path) =>
    value === null ? null : inner(value, path);

export const optional =
  <T>(inner: Field<T>): Field<T | undefined> =>
  (value, path) =>
    value === undefined ? undefined : inner(value, path);

const list = field('a list', (value): value is unknown[] => Array.isArray(value));

export const texts: Field<readonly string[]> = (value, path) =>
  list(value, path).map((item, index) => text(item, `${path}[${index}]`));

export const anyObject = field(
  'an object',
  (value): value is Readonly<Record<string, unknown>> =>
    typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** An object of exactly these fields. */
export const object =
  <T extends object>(fields: Fields<T>): Field<T> =>
  (value, path) => {
    const source = anyObject(value, path);
    const copies = (Object.keys(fields) as (keyof T & string)[])
      .map((name) => [name, fields[name](Object.hasOwn(source, name) ? source[name] : undefined, `${path}.${name}`)])
      .filter(([, copy]) => copy !== undefined);
    return Object.fromEntries(copies) as T;
  };

/** An object of any keys. */
export const record =
  <T>(inner: Field<T>): Field<Readonly<Record<string, T>>> =>
  (value, path) =>
    Object.fromEntries(
      Object.entries(anyObject(value, path)).map(([key, item]) => [key, inner(item, `${path}.${key}`)]),
    );

export const change = <T>(inner: Field<T>) => object({ from: inner, to: inner });
