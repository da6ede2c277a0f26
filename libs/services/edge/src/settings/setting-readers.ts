import { createSecretKey, type KeyObject } from 'node:crypto';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isTrustworthyUrl } from './trustworthy-url.js';

/** Readers of settings. Each gives undefined for a text that is not what its setting expects. */

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Asymmetric signatures only: with `none` or a shared secret anyone who knows a public key could issue tokens. */
export const signatureAlgorithms: ReadonlySet<string> = new Set([
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]);

const MASTER_KEY_BYTES = 32;

/** Unset and empty mean the same, because compose files pass on what is not set as an empty text. */
export const optional =
  <T>(read: (text: string) => T | undefined) =>
  (text: string): T | null | undefined =>
    text === '' ? null : read(text);

export const matching =
  (form: RegExp) =>
  (text: string): string | undefined =>
    form.test(text) ? text : undefined;

export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number | undefined => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    return value >= least && value <= most ? value : undefined;
  };

const parseUrl = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

export const trustworthyUrl = (text: string): string | undefined => (isTrustworthyUrl(text) ? text : undefined);

export const databaseUrl = (text: string): string | undefined =>
  ['postgres:', 'postgresql:'].includes(parseUrl(text)?.protocol ?? '') ? text : undefined;

/** By its form only: one that discovers a cluster may list several hosts, which no URL can. */
export const eventStoreUrl = matching(/^esdb(\+discover)?:\/\/\S+$/);

export const masterKey = (text: string): KeyObject | undefined => {
  const key = Buffer.from(text, 'base64');
  // Node skips what is not base64, so only the way back proves that nothing was lost.
  return key.length === MASTER_KEY_BYTES && key.toString('base64') === text ? createSecretKey(key) : undefined;
};

export const algorithms = (text: string): readonly string[] | undefined => {
  const names = text.split(',').map((name) => name.trim());
  return names.every((name) => signatureAlgorithms.has(name)) ? Object.freeze(names) : undefined;
};

export const existingFolder = (text: string): string | undefined =>
  statSync(text, { throwIfNoEntry: false })?.isDirectory() === true ? resolve(text) : undefined;

export const oneOf =
  <T extends string>(names: readonly T[]) =>
  (text: string): T | undefined =>
    names.find((name) => name === text);

export const trueOrFalse = (text: string): boolean | undefined => oneOf(['true', 'false'])(text) && text === 'true';
