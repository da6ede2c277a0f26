import 'reflect-metadata';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtInTypes, type CredentialType } from '@keyledger/domain';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { ConfigError } from '../settings/config.js';
import { CredentialTypeFile } from './credential-type-file.js';
import { flatten } from '../operation/fields.js';

/** Injection token of the credential types in force: a ReadonlyMap of CredentialType by name. */
export const CREDENTIAL_TYPES = Symbol('credential types');

const compiles = (pattern: string | null): boolean => {
  try {
    return pattern === null || new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
};

/** What the fields cannot say each for itself. */
const rules: readonly (readonly [mistake: string, broken: (file: CredentialTypeFile) => boolean])[] = [
  ['name.pattern is not a regular expression', ({ name }) => !compiles(name.pattern)],
  ['name.minLength is more than name.maxLength', ({ name }) => name.minLength > name.maxLength],
  ['publicPartMasked needs publicPart to be null', (file) => file.publicPartMasked && file.publicPart !== null],
  ['modes need secretPart.format "token"', (file) => file.modes !== null && file.secretPart.format !== 'token'],
  [
    'secretPart.prefix of format "webhook" must be "whsec"',
    ({ secretPart }) => secretPart.format === 'webhook' && secretPart.prefix !== 'whsec',
  ],
  ['maySign needs secretPart.format "webhook"', (file) => file.maySign && file.secretPart.format !== 'webhook'],
  ['maySign needs retained, because signing uses the secret again', (file) => file.maySign && !file.retained],
];

const mistakesOf = (file: CredentialTypeFile): readonly string[] => {
  const errors = flatten(validateSync(file, { whitelist: true, forbidNonWhitelisted: true }));
  if (errors.length > 0) return errors.map(({ field, message }) => `${field} ${message}`);
  return rules.flatMap(([mistake, broken]) => (broken(file) ? [mistake] : []));
};

const readFile = (path: string): { readonly file?: CredentialTypeFile; readonly mistakes: readonly string[] } => {
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return { mistakes: ['is not a JSON object'] };
    const file = plainToInstance(CredentialTypeFile, json);
    return { file, mistakes: mistakesOf(file) };
  } catch (error) {
    return { mistakes: [`cannot be read as JSON: ${String(error)}`] };
  }
};

const jsonFilesIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();

/**
 * The credential types in force, by name: the five built in, and those of the JSON files in `folder`. Throws a
 * ConfigError that lists every mistake in every file.
 */
export const loadCredentialTypes = (folder: string | null): ReadonlyMap<string, CredentialType> => {
  const types = new Map<string, CredentialType>(builtInTypes.map((type) => [type.type, type]));
  const mistakes: string[] = [];
  for (const name of folder === null ? [] : jsonFilesIn(folder)) {
    const { file, mistakes: found } = readFile(join(folder ?? '', name));
    mistakes.push(...found.map((mistake) => `KEYLEDGER_CREDENTIAL_TYPES ${name}: ${mistake}`));
    if (file === undefined || found.length > 0) continue;
    if (types.has(file.type)) mistakes.push(`KEYLEDGER_CREDENTIAL_TYPES ${name}: type "${file.type}" exists already`);
    types.set(file.type, { ...file, issuedBy: 'create', saltField: null });
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return types;
};
