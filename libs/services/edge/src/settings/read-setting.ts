import { readPrivateFile, UnfitForSecrets } from '@keyledger/durable-files';
import type { Setting } from './setting.js';

/** The setting that names a file which holds the value of another one. */
export const fileSettingOf = (name: Setting<unknown>['name']): Setting<unknown>['name'] => `${name}_FILE`;

type Outcome = { readonly value: unknown } | { readonly mistake: string };

/**
 * The text in a file, without the newline that editors end it with; or what is wrong with the file. A path that leads
 * nowhere is not repeated: it may be the secret itself, set in the wrong variable.
 */
const textIn = (path: string): { readonly text: string } | { readonly mistake: string } => {
  try {
    const text = readPrivateFile(path);
    if (text === null) return { mistake: 'must name a file that exists' };
    if (text.trim() === '') return { mistake: 'must name a file that is not empty' };
    return { text: text.replace(/\r?\n$/, '') };
  } catch (error) {
    if (error instanceof UnfitForSecrets) return { mistake: `names a file that holds no secret: ${error.message}` };
    const code = typeof error === 'object' && error !== null && 'code' in error ? ` (${String(error.code)})` : '';
    return { mistake: `must name a file that can be read${code}` };
  }
};

const readSecretFile = (env: NodeJS.ProcessEnv, setting: Setting<unknown>, path: string): Outcome => {
  const { name, expected } = setting;
  if (env[name]) return { mistake: `${fileSettingOf(name)} must not be set with ${name}: choose one of them` };
  const found = textIn(path);
  if ('mistake' in found) return { mistake: `${fileSettingOf(name)} ${found.mistake}` };
  const value = setting.read(found.text);
  return value === undefined
    ? { mistake: `${fileSettingOf(name)} must name a file that holds ${expected}` }
    : { value };
};

/** The value of a setting in this environment, or what is wrong with it, in a line that never shows it. */
export const readSetting = (env: NodeJS.ProcessEnv, setting: Setting<unknown>): Outcome => {
  const { name, expected, secret } = setting;
  const path = secret === true ? env[fileSettingOf(name)] : undefined;
  if (path) return readSecretFile(env, setting, path);
  const value = setting.read(env[name] || setting.default);
  return value === undefined ? { mistake: `${name} must be ${expected}` } : { value };
};
