import 'reflect-metadata';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtInTypes, type CredentialType } from '@keyledger/domain';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { ConfigError } from '../settings/config.js';
import { ApiProperty } from '../operation/documented.js';
import { flatten, Flag, Nested, OneOf, Text, Texts, Whole } from '../operation/fields.js';

/** Prefix of a token: what stands before its last underscore. */
const PREFIX = /^[a-z][a-z0-9_]{0,31}$/;
const PREFIX_FORM = 'lower-case letters, digits and _, a letter first';
const FIELD = /^[a-z][A-Za-z0-9]{0,63}$/;
const FIELD_FORM = 'letters and digits, a lower-case letter first';

class NameRuleSchema {
  @Flag() required!: boolean;
  @Text({ max: 500, nullable: true, description: 'Regular expression that the whole name must match.' })
  pattern!: string | null;
  @Whole({ min: 1, max: 200 }) minLength!: number;
  @Whole({ min: 1, max: 200 }) maxLength!: number;
}

class PublicPartSchema {
  @Text({ max: 64, pattern: FIELD, form: FIELD_FORM }) field!: string;
  @Text({ max: 32, pattern: PREFIX, form: PREFIX_FORM }) prefix!: string;
}

class SecretPartSchema extends PublicPartSchema {
  @OneOf(['token', 'webhook']) format!: 'token' | 'webhook';
}

class ModePrefixesSchema {
  @Text({ max: 32, pattern: PREFIX, form: PREFIX_FORM }) test!: string;
  @Text({ max: 32, pattern: PREFIX, form: PREFIX_FORM }) live!: string;
}

class AllowedChangesSchema {
  @Flag() suspend!: boolean;
  @Flag() revoke!: boolean;
  @Flag() rotate!: boolean;
  @OneOf(['always', 'ended', 'phrase', 'never']) delete!: CredentialType['allows']['delete'];
}

/** A credential type as a JSON file in KEYLEDGER_CREDENTIAL_TYPES describes it; see docs/credential-types.md. */
class CredentialTypeFile implements Omit<CredentialType, 'issuedBy' | 'saltField'> {
  @Text({ max: 64, pattern: /^[a-z][a-z0-9_]*$/, form: PREFIX_FORM }) type!: string;
  @Text({ max: 200, oneLine: true }) title!: string;
  @Nested(NameRuleSchema) name!: NameRuleSchema;
  @Whole({ min: 1, max: 100_000, nullable: true, description: 'Most undeleted ones in an account.' })
  limit!: number | null;
  @Nested(PublicPartSchema, { nullable: true }) publicPart!: PublicPartSchema | null;
  @Flag() publicPartMasked!: boolean;
  @Nested(SecretPartSchema) secretPart!: SecretPartSchema;
  @Nested(ModePrefixesSchema, { nullable: true }) modes!: ModePrefixesSchema | null;
  @Flag() belongsToApplication!: boolean;
  @Nested(AllowedChangesSchema) allows!: AllowedChangesSchema;
  @Flag() maySign!: boolean;
  @Flag() retained!: boolean;
  @Flag() bindsIpAllowlist!: boolean;
  @Flag() bindsEndpoints!: boolean;
  @Whole({ min: 1, max: 3650, nullable: true }) rotationAdviceDays!: number | null;
  @Texts({ maxItems: 20, maxLength: 500 }) advice!: string[];
}

/** A credential type as GET /v1/credential-types shows it: a file cannot say what only built-in types have. */
export class CredentialTypeSchema extends CredentialTypeFile implements CredentialType {
  @ApiProperty({ enum: ['create', 'api-access'] }) issuedBy!: CredentialType['issuedBy'];
  @ApiProperty({ type: String, nullable: true }) saltField!: string | null;
}

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
  [
    'publicPart.field and secretPart.field are the same, so a reply could show only one of them',
    ({ publicPart, secretPart }) => publicPart?.field === secretPart.field,
  ],
  ['modes.test and modes.live are the same prefix', ({ modes }) => modes !== null && modes.test === modes.live],
  ['publicPartMasked needs publicPart to be null', (file) => file.publicPartMasked && file.publicPart !== null],
  ['modes need secretPart.format "token"', (file) => file.modes !== null && file.secretPart.format !== 'token'],
  [
    'secretPart.prefix of format "webhook" must be "whsec"',
    ({ secretPart }) => secretPart.format === 'webhook' && secretPart.prefix !== 'whsec',
  ],
  ['maySign needs secretPart.format "webhook"', (file) => file.maySign && file.secretPart.format !== 'webhook'],
  ['maySign needs retained, because signing uses the secret again', (file) => file.maySign && !file.retained],
];

type Prefixes = Pick<CredentialType, 'publicPart' | 'secretPart' | 'modes'>;

/** The prefixes by which a reader knows whose token it has. All webhook secrets have the one of Standard Webhooks. */
const prefixesOf = ({ publicPart, secretPart, modes }: Prefixes): readonly string[] => [
  ...(publicPart === null ? [] : [publicPart.prefix]),
  ...(secretPart.format === 'webhook' ? [] : [secretPart.prefix]),
  ...(modes === null ? [] : [modes.test, modes.live]),
];

const takenPrefixes = (file: CredentialTypeFile, types: Iterable<CredentialType>): readonly string[] => {
  const owners = new Map([...types].flatMap((type) => prefixesOf(type).map((prefix) => [prefix, type.type] as const)));
  owners.set('whsec', 'api_secret');
  return prefixesOf(file).flatMap((prefix) => {
    const owner = owners.get(prefix);
    return owner === undefined ? [] : [`the prefix "${prefix}" is that of type "${owner}"`];
  });
};

/** Adds the type, unless it would meet another one. Answers with the mistakes. */
const addType = (types: Map<string, CredentialType>, file: CredentialTypeFile): readonly string[] => {
  if (types.has(file.type)) return [`type "${file.type}" exists already`];
  const taken = takenPrefixes(file, types.values());
  if (taken.length === 0) types.set(file.type, { ...file, issuedBy: 'create', saltField: null });
  return taken;
};

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
    const all = file === undefined || found.length > 0 ? found : addType(types, file);
    mistakes.push(...all.map((mistake) => `KEYLEDGER_CREDENTIAL_TYPES ${name}: ${mistake}`));
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return types;
};
