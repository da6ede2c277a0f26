import { readPrivateFile } from '@keyledger/durable-files';
import { textIn } from './file-text.js';
import type { Setting } from './setting.js';

/** The setting that names a file which holds the value of another one. */
export const fileSettingOf = (name: Setting<unknown>['name']): Setting<unknown>['name'] => `${name}_FILE`;

type Outcome = { readonly value: unknown } | { readonly mistake: string };

/** One newline at the end is the editor's, not the secret's. */
const readSecretFile = (env: NodeJS.ProcessEnv, setting: Setting<unknown>, path: string): Outcome => {
  const { name, expected } = setting;
  if (env[name]) return { mistake: `${fileSettingOf(name)} must not be set with ${name}: choose one of them` };
  const found = textIn(path, readPrivateFile);
  if ('mistake' in found) return { mistake: `${fileSettingOf(name)} ${found.mistake}` };
  const value = setting.read(found.text.replace(/\r?\n$/, ''));
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
