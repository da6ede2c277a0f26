/** How one environment variable is read. `read` gives undefined for a text that is not what `expected` says. */
export interface Setting<T> {
  readonly name: `KEYLEDGER_${string}` | `EVENTSTOREDB_${string}` | `KAFKA_${string}`;
  /** As it would be written in the environment; empty where the setting has none. */
  readonly default: string;
  readonly description: string;
  /** Completes the sentence "KEYLEDGER_X must be …". */
  readonly expected: string;
  /** True where the value must not be seen: it can also be in a file, which the setting with `_FILE` names. */
  readonly secret?: boolean;
  read(text: string): T | undefined;
}

/** What is wrong with settings that are right each for itself. One that is wrong itself is undefined in the values. */
export type Rule = readonly [broken: boolean, mistake: string];

/** Unset and empty mean the same, because compose files pass on what is not set as an empty text. */
export const optional =
  <T>(read: (text: string) => T | undefined) =>
  (text: string): T | null | undefined =>
    text === '' ? null : read(text);

export const matching =
  (form: RegExp) =>
  (text: string): string | undefined =>
    form.test(text) ? text : undefined;

export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number | undefined => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    return value >= least && value <= most ? value : undefined;
  };

const unitsInSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A time such as `30m`, in seconds. */
export const duration = (text: string): number | undefined => {
  const [, count, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  const seconds = Number(count) * (unitsInSeconds[unit] ?? NaN);
  return seconds > 0 ? seconds : undefined;
};

export const oneOf =
  <T extends string>(names: readonly T[]) =>
  (text: string): T | undefined =>
    names.find((name) => name === text);

export const trueOrFalse = (text: string): boolean | undefined => oneOf(['true', 'false'])(text) && text === 'true';

/** What is read of a group of settings; `null` stands for an optional one that is not set. */
export type ValuesOf<Group extends Readonly<Record<string, Setting<unknown>>>> = {
  readonly [K in keyof Group]: Exclude<ReturnType<Group[K]['read']>, undefined>;
};

/**
 * What not every program needs: a database of its user's, the key that seals the secrets in it, EventStoreDB, brokers
 * of Kafka, and doors to open.
 */
export type Need = 'database' | 'master-key' | 'event-store' | 'brokers' | 'doors';
