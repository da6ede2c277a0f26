import 'reflect-metadata';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtInTypes, type CredentialType } from '@keyledger/domain';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { ConfigError } from './config.js';
import { CredentialTypeFile } from './credential-type-file.js';
import { flatten } from './validation.js';

const compiles = (pattern: string | null): boolean => {
  try {
    return pattern === null || new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
};

/** What the fields cannot say each for itself. */
const contradictions = (file: CredentialTypeFile): readonly string[] => [
  ...(compiles(file.name.pattern) ? [] : ['name.pattern is not a regular expression']),
  ...(file.name.minLength <= file.name.maxLength ? [] : ['name.minLength is more than name.maxLength']),
  ...(file.publicPart === null || !file.publicPartMasked ? [] : ['publicPartMasked needs publicPart to be null']),
  ...(file.secretPart.format === 'token' || file.modes === null ? [] : ['modes need secretPart.format "token"']),
  ...(file.secretPart.format === 'token' || file.secretPart.prefix === 'whsec'
    ? []
    : ['secretPart.prefix of format "webhook" must be "whsec"']),
  ...(!file.maySign || file.secretPart.format === 'webhook' ? [] : ['maySign needs secretPart.format "webhook"']),
  ...(!file.maySign || file.retained ? [] : ['maySign needs retained, because signing uses the secret again']),
];

const mistakesOf = (file: CredentialTypeFile): readonly string[] => {
  const errors = flatten(validateSync(file, { whitelist: true, forbidNonWhitelisted: true }));
  if (errors.length > 0) return errors.map(({ field, message }) => `${field} ${message}`);
  const builtIn = builtInTypes.some(({ type }) => type === file.type) ? [`type "${file.type}" is built in`] : [];
  return [...builtIn, ...contradictions(file)];
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

/**
 * The credential types in force, by name: the five built in, and those of the JSON files in `folder`. Throws a
 * ConfigError that lists every mistake in every file.
 */
export const loadCredentialTypes = (folder: string | undefined): ReadonlyMap<string, CredentialType> => {
  const types = new Map<string, CredentialType>(builtInTypes.map((type) => [type.type, type]));
  const mistakes: string[] = [];
  const names = folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith('.json'));
  for (const name of names.sort()) {
    const { file, mistakes: found } = readFile(join(folder ?? '', name));
    const twice =
      file !== undefined && found.length === 0 && types.has(file.type) ? [`type "${file.type}" exists twice`] : [];
    mistakes.push(...[...found, ...twice].map((mistake) => `KEYLEDGER_CREDENTIAL_TYPES ${name}: ${mistake}`));
    if (file !== undefined) types.set(file.type, { ...file, issuedBy: 'create', saltField: null });
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return types;
};
