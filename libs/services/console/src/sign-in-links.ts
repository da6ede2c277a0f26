import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, readPrivateFile } from '@keyledger/durable-files';

const LASTS_MS = 10 * 60_000;
const CODE = /^kli_[A-Za-z0-9_-]{43}$/;

const folderIn = (dataDir: string): string => join(dataDir, 'console-links');

/** Only the digest of a code is kept: who reads the folder can sign in with none of them. */
const fileOf = (dataDir: string, code: string): string =>
  join(folderIn(dataDir), createHash('sha256').update(code).digest('hex'));

/**
 * A link to the console at `httpUrl` that signs in whoever opens it first, within ten minutes. The code is in the
 * fragment, which browsers send to no server, so that no log and no proxy sees it.
 */
export const makeSignInLink = (dataDir: string, httpUrl: string): string => {
  const code = `kli_${randomBytes(32).toString('base64url')}`;
  mkdirSync(folderIn(dataDir), { recursive: true, mode: 0o700 });
  writeFileSync(fileOf(dataDir, code), String(Date.now() + LASTS_MS), { flag: 'wx', mode: 0o600 });
  return `${httpUrl}/console/sign-in#${code}`;
};

const isValidUntil = (text: string | null): boolean => text !== null && Date.now() < Number(text);

/** Whether this call has used the code up: of several, in whatever processes, the one whose removal succeeds. */
export const useSignInCode = async (dataDir: string, code: unknown): Promise<boolean> => {
  if (typeof code !== 'string' || !CODE.test(code)) return false;
  const path = fileOf(dataDir, code);
  const validUntil = readPrivateFile(path);
  if (validUntil === null) return false;
  const isFirst = await unlink(path).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    },
  );
  return isFirst && isValidUntil(validUntil);
};

/** Forgets the links that were never used and are too old by now. */
export const sweepSignInLinks = (dataDir: string): void => {
  const folder = folderIn(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!isValidUntil(readPrivateFile(path))) rmSync(path, { force: true });
  }
};
