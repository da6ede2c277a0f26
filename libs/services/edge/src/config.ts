import { settingTable, type Setting } from './settings.js';

type Table = typeof settingTable;
type Values = { readonly [K in keyof Table]: NonNullable<ReturnType<Table[K]['read']>> | Extract<ReturnType<Table[K]['read']>, null> };

/** How this process was told to run: parsed once at boot, frozen. */
export interface Config extends Omit<Values, 'localIssuer'> {
  /** Whether the tokens of the local issuer are accepted. */
  readonly localIssuer: boolean;
}

/** Injection token of the Config. */
export const CONFIG = Symbol('config');

/** The environment is wrong. The message lists every mistake, one per line, and never a value. */
export class ConfigError extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.name = 'ConfigError';
  }
}

const declared: readonly Setting<unknown>[] = Object.values(settingTable);

/** What can be set, for the documentation. */
export const settings: readonly { readonly name: string; readonly default: string; readonly description: string }[] =
  declared;

/** Variables that tests and checks read, not the product. */
const NOT_OURS = /^KEYLEDGER_(TEST_.*|REQUIRE)$/;

const unknownNames = (env: NodeJS.ProcessEnv): readonly string[] => {
  const known = new Set<string>(declared.map(({ name }) => name));
  return Object.keys(env).filter((name) => name.startsWith('KEYLEDGER_') && !known.has(name) && !NOT_OURS.test(name));
};
