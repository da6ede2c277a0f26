import { resolve } from 'node:path';
import {
  matching,
  oneOf,
  optional,
  trueOrFalse,
  type Need,
  type Rule,
  type Setting,
  type ValuesOf,
} from './setting.js';

const engines = ['postgres', 'eventstoredb'] as const;

const parseUrl = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

const databaseUrl = (text: string): string | undefined =>
  !/[\r\n]/.test(text) && ['postgres:', 'postgresql:'].includes(parseUrl(text)?.protocol ?? '') ? text : undefined;

/** By its form only: one that discovers a cluster may list several hosts, which no URL can. */
const eventStoreUrl = matching(/^esdb(\+discover)?:\/\/\S+$/);

/** Where everything is kept. */
export const storeSettings = {
  dataDir: {
    name: 'KEYLEDGER_DATA_DIR',
    default: '.keyledger',
    description: 'Folder of the embedded database and of the keys that belong to it.',
    expected: 'a folder',
    read: (text: string): string => resolve(text),
  },
  databaseUrl: {
    name: 'KEYLEDGER_DATABASE_URL',
    default: '',
    description: 'PostgreSQL to use instead of the embedded one.',
    expected: 'a postgres:// URL',
    secret: true,
    read: optional(databaseUrl),
  },
  eventLog: {
    name: 'KEYLEDGER_EVENT_LOG',
    default: 'postgres',
    description: 'Where the log is: `postgres` (in that same database) or `eventstoredb`.',
    expected: `one of ${engines.join(', ')}`,
    read: oneOf(engines),
  },
  eventStoreUrl: {
    name: 'EVENTSTOREDB_URL',
    default: '',
    description: 'EventStoreDB to keep the log in, with `KEYLEDGER_EVENT_LOG=eventstoredb`.',
    expected: 'an esdb:// or esdb+discover:// URL',
    secret: true,
    read: optional(eventStoreUrl),
  },
  eventStoreUsername: {
    name: 'EVENTSTOREDB_USERNAME',
    default: '',
    description: 'User of EventStoreDB, instead of the one in the URL.',
    expected: 'a text without spaces',
    read: optional(matching(/^\S+$/)),
  },
  eventStorePassword: {
    name: 'EVENTSTOREDB_PASSWORD',
    default: '',
    description: 'Password of that user, so that none need stand in the URL.',
    expected: 'a text of one line',
    secret: true,
    read: optional(matching(/^[^\r\n]+$/)),
  },
  streamPrefix: {
    name: 'KEYLEDGER_STREAM_PREFIX',
    default: '',
    description: 'Sets apart installations that share a log server or a database.',
    expected: 'up to 32 of a-z, 0-9 and -, a letter first',
    read: matching(/^([a-z][a-z0-9-]{0,31})?$/),
  },
  readOnly: {
    name: 'KEYLEDGER_READ_ONLY',
    default: 'false',
    description: 'With `true` this process adds nothing to the log: writes are refused, reads go on.',
    expected: 'true or false',
    read: trueOrFalse,
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

export const rulesOfStores = (
  values: Partial<ValuesOf<typeof storeSettings>>,
  needs: readonly Need[],
): readonly Rule[] => [
  [
    needs.includes('database') && values.databaseUrl === null,
    'KEYLEDGER_DATABASE_URL must be set: the embedded database is for the all-in-one (npm start)',
  ],
  [
    needs.includes('event-store') && values.eventStoreUrl === null,
    `EVENTSTOREDB_URL must be set, to ${storeSettings.eventStoreUrl.expected}`,
  ],
  [
    !needs.includes('event-store') && values.eventLog === 'eventstoredb' && values.eventStoreUrl === null,
    `EVENTSTOREDB_URL must be set with KEYLEDGER_EVENT_LOG=eventstoredb, to ${storeSettings.eventStoreUrl.expected}`,
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
