import { consoleSettings } from './console-settings.js';
import { credentialSettings, rulesOfCredentials } from './credential-settings.js';
import { identitySettings, rulesOfIssuers, wantsLocalIssuer } from './identity-settings.js';
import { limitSettings } from './limit-settings.js';
import { fileSettingOf, readSetting } from './read-setting.js';
import { serverSettings } from './server-settings.js';
import { publishingSettings, rulesOfPublishing } from './publishing-settings.js';
import type { Need, Setting, ValuesOf } from './setting.js';
import { rulesOfStores, storeSettings } from './store-settings.js';
import { rulesOfTls, tlsSettings } from './tls-settings.js';
import { verificationSettings } from './verification-settings.js';
import { rulesOfWebhooks, webhookSettings } from './webhook-settings.js';

/** All groups of settings, each by the names that the code knows its settings by. */
const settingTable = {
  ...serverSettings,
  ...tlsSettings,
  ...limitSettings,
  ...storeSettings,
  ...credentialSettings,
  ...verificationSettings,
  ...publishingSettings,
  ...webhookSettings,
  ...consoleSettings,
  ...identitySettings,
};

type Values = ValuesOf<typeof settingTable>;

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

interface SettingForPeople {
  readonly name: string;
  readonly default: string;
  readonly description: string;
}

const fileOf = ({ name }: Setting<unknown>): SettingForPeople => ({
  name: fileSettingOf(name),
  default: '',
  description: `File that holds \`${name}\`, instead of that setting.`,
});

/** What can be set, for the documentation. */
export const settings: readonly SettingForPeople[] = declared.flatMap((setting) =>
  setting.secret === true ? [setting, fileOf(setting)] : [setting],
);

const OURS = /^(KEYLEDGER|EVENTSTOREDB)_/;
/** Variables that tests and checks read, not the product. */
const NOT_OURS = /^KEYLEDGER_(TEST_.*|REQUIRE)$/;

const unknownNames = (env: NodeJS.ProcessEnv): readonly string[] => {
  const known = new Set<string>(settings.map(({ name }) => name));
  return Object.keys(env).filter((name) => OURS.test(name) && !known.has(name) && !NOT_OURS.test(name));
};

/** The values by their names in code; what cannot be read is left out and noted in `mistakes`. */
const readAll = (env: NodeJS.ProcessEnv, mistakes: string[]): Partial<Values> => {
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries<Setting<unknown>>(settingTable)) {
    const outcome = readSetting(env, setting);
    if ('mistake' in outcome) mistakes.push(outcome.mistake);
    else values[key] = outcome.value;
  }
  return values;
};

/** Reads the environment for a program with these needs. Throws a ConfigError that lists every mistake at once. */
export const parseConfig = (env: NodeJS.ProcessEnv, needs: readonly Need[] = []): Config => {
  const mistakes = unknownNames(env).map((name) => `${name} is not a setting: check its spelling`);
  const values = readAll(env, mistakes);
  const rules = [
    ...rulesOfTls(values, needs),
    ...rulesOfStores(values, needs),
    ...rulesOfCredentials(values, needs),
    ...rulesOfIssuers(values, env),
    ...rulesOfPublishing(values, needs),
    ...rulesOfWebhooks(values, env),
  ];
  mistakes.push(...rules.filter(([broken]) => broken).map(([, mistake]) => mistake));
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  // Complete: whatever could not be read has been a mistake.
  return Object.freeze({ ...(values as Values), localIssuer: wantsLocalIssuer(values) });
};

/**
 * Name of a PostgreSQL schema of this installation, so that several can share a database. It needs no quoting: a
 * prefix has no underscore of its own, so no two installations have the same name.
 */
export const schemaName = ({ streamPrefix }: Pick<Config, 'streamPrefix'>, part: string): string =>
  `${streamPrefix.replaceAll('-', '_')}${part}`;
