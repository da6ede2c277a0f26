import { settingTable, type Setting } from './setting-table.js';

type Table = typeof settingTable;
/** `null` stands for an optional setting that is not set. */
type Values = { readonly [K in keyof Table]: Exclude<ReturnType<Table[K]['read']>, undefined> };

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

const OURS = /^(KEYLEDGER|EVENTSTOREDB)_/;
/** Variables that tests and checks read, not the product. */
const NOT_OURS = /^KEYLEDGER_(TEST_.*|REQUIRE)$/;

/** What not every program needs: a database of its user's, and the key that seals the secrets in it. */
export type Need = 'database' | 'master-key';

const unknownNames = (env: NodeJS.ProcessEnv): readonly string[] => {
  const known = new Set<string>(declared.map(({ name }) => name));
  return Object.keys(env).filter((name) => OURS.test(name) && !known.has(name) && !NOT_OURS.test(name));
};

/** The values by their names in code; what cannot be read is left out and noted in `mistakes`. */
const readAll = (env: NodeJS.ProcessEnv, mistakes: string[]): Partial<Values> => {
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries<Setting<unknown>>(settingTable)) {
    const value = setting.read(env[setting.name] || setting.default);
    if (value === undefined) mistakes.push(`${setting.name} must be ${setting.expected}`);
    else values[key] = value;
  }
  return values;
};

const wantsLocalIssuer = (values: Partial<Values>): boolean =>
  values.localIssuer === null ? values.databaseUrl === null && values.oidcIssuer === null : values.localIssuer === true;

/** What is wrong with settings that are right each for itself; one that is wrong itself is complained of once only. */
type Rule = readonly [broken: boolean, mistake: string];

const rulesOfNeeds = ({ databaseUrl, masterKey }: Partial<Values>, needs: readonly Need[]): readonly Rule[] => [
  [
    needs.includes('database') && databaseUrl === null,
    'KEYLEDGER_DATABASE_URL must be set: the embedded database is for the all-in-one (npm start)',
  ],
  [
    needs.includes('master-key') && masterKey === null && typeof databaseUrl === 'string',
    `KEYLEDGER_MASTER_KEY must be set with KEYLEDGER_DATABASE_URL, to ${settingTable.masterKey.expected}`,
  ],
];

const rulesOfEventStore = (values: Partial<Values>): readonly Rule[] => [
  [
    values.eventLog === 'eventstoredb' && values.eventStoreUrl === null,
    `EVENTSTOREDB_URL must be set with KEYLEDGER_EVENT_LOG=eventstoredb, to ${settingTable.eventStoreUrl.expected}`,
  ],
  [
    typeof values.eventStoreUsername === 'string' && values.eventStorePassword === null,
    'EVENTSTOREDB_PASSWORD must be set with EVENTSTOREDB_USERNAME',
  ],
  [
    typeof values.eventStorePassword === 'string' && values.eventStoreUsername === null,
    'EVENTSTOREDB_USERNAME must be set with EVENTSTOREDB_PASSWORD',
  ],
];

const rulesOfIssuers = (values: Partial<Values>, env: NodeJS.ProcessEnv): readonly Rule[] => {
  const local = wantsLocalIssuer(values);
  return [
    [
      typeof values.oidcJwksUri === 'string' && values.oidcIssuer === null,
      'KEYLEDGER_OIDC_ISSUER must be set with KEYLEDGER_OIDC_JWKS_URI',
    ],
    [
      local && env['NODE_ENV'] === 'production',
      'KEYLEDGER_LOCAL_ISSUER must not be on with NODE_ENV=production: set KEYLEDGER_OIDC_ISSUER instead',
    ],
    [
      values.oidcIssuer === null && values.localIssuer !== undefined && values.databaseUrl !== undefined && !local,
      'KEYLEDGER_OIDC_ISSUER must be set, or KEYLEDGER_LOCAL_ISSUER be true: else nobody can be authenticated',
    ],
  ];
};

/** Reads the environment for a program with these needs. Throws a ConfigError that lists every mistake at once. */
export const parseConfig = (env: NodeJS.ProcessEnv, needs: readonly Need[] = []): Config => {
  const mistakes = unknownNames(env).map((name) => `${name} is not a setting: check its spelling`);
  const values = readAll(env, mistakes);
  const rules = [...rulesOfNeeds(values, needs), ...rulesOfEventStore(values), ...rulesOfIssuers(values, env)];
  mistakes.push(...rules.filter(([broken]) => broken).map(([, mistake]) => mistake));
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  // Complete: whatever could not be read has been a mistake.
  return Object.freeze({ ...(values as Values), localIssuer: wantsLocalIssuer(values) });
};
