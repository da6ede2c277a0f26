import { createSecretKey, type KeyObject } from 'node:crypto';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { optional, wholeNumber, type Need, type Rule, type Setting, type ValuesOf } from './setting.js';
import type { storeSettings } from './store-settings.js';

const MASTER_KEY_BYTES = 32;

const masterKey = (text: string): KeyObject | undefined => {
  const key = Buffer.from(text, 'base64');
  // Node skips what is not base64, so only the way back proves that nothing was lost.
  return key.length === MASTER_KEY_BYTES && key.toString('base64') === text ? createSecretKey(key) : undefined;
};

const existingFolder = (text: string): string | undefined =>
  statSync(text, { throwIfNoEntry: false })?.isDirectory() === true ? resolve(text) : undefined;

/** What credentials can be, and what protects their secrets. */
export const credentialSettings = {
  masterKey: {
    name: 'KEYLEDGER_MASTER_KEY',
    default: '',
    description:
      'Seals all secrets at rest. Required with `KEYLEDGER_DATABASE_URL`; the embedded database has a key file.',
    expected: 'the base64 of exactly 32 bytes (`openssl rand -base64 32` makes one)',
    secret: true,
    read: optional(masterKey),
  },
  credentialTypesDir: {
    name: 'KEYLEDGER_CREDENTIAL_TYPES',
    default: '',
    description: 'Folder with further credential types, one JSON file each.',
    expected: 'a folder that exists',
    read: optional(existingFolder),
  },
  maxCredentials: {
    name: 'KEYLEDGER_MAX_CREDENTIALS',
    default: '100000',
    description: 'Undeleted credentials that one account may hold.',
    expected: 'a whole number from 1 to 1000000',
    read: wholeNumber(1, 1_000_000),
  },
  maxApplications: {
    name: 'KEYLEDGER_MAX_APPLICATIONS',
    default: '1000',
    description: 'Applications that one account may hold.',
    expected: 'a whole number from 1 to 100000',
    read: wholeNumber(1, 100_000),
  },
  clockToleranceSeconds: {
    name: 'KEYLEDGER_CLOCK_TOLERANCE_SECONDS',
    default: '300',
    description:
      'How far the clocks of writers may be apart: a stream that is further ahead takes only what ends access.',
    expected: 'a whole number from 300 to 31622400',
    read: wholeNumber(300, 31_622_400),
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

type Values = ValuesOf<typeof credentialSettings & typeof storeSettings>;

export const rulesOfCredentials = (
  { databaseUrl, masterKey: key }: Partial<Values>,
  needs: readonly Need[],
): readonly Rule[] => [
  [
    needs.includes('master-key') && key === null && typeof databaseUrl === 'string',
    `KEYLEDGER_MASTER_KEY must be set with KEYLEDGER_DATABASE_URL, to ${credentialSettings.masterKey.expected}`,
  ],
];
