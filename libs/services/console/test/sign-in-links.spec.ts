import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSignInLink, sweepSignInLinks, useSignInCode } from '../src/sign-in-links.js';

describe('sign-in links', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'keyledger-links-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  const folder = (): string => join(dataDir, 'console-links');
  const newCode = (): string => new URL(makeSignInLink(dataDir, 'http://localhost:3000')).hash.slice(1);
  const makeTooOld = async (): Promise<void> => {
    for (const name of await readdir(folder())) await writeFile(join(folder(), name), String(Date.now() - 1));
  };

  it('have the code in the fragment, which no server sees', () => {
    expect(makeSignInLink(dataDir, 'http://localhost:3000')).toMatch(
      /^http:\/\/localhost:3000\/console\/sign-in#kli_[\w-]{43}$/,
    );
  });

  it('work once, however many try at the same time', async () => {
    const code = newCode();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => useSignInCode(dataDir, code)));
    expect(outcomes.filter(Boolean)).toEqual([true]);
    expect(await useSignInCode(dataDir, code)).toBe(false);
  });

  it('work for ten minutes', async () => {
    const code = newCode();
    await makeTooOld();
    expect(await useSignInCode(dataDir, code)).toBe(false);
  });

  it.each([undefined, 1, '', '../issuer-key.json', `kli_${'A'.repeat(43)}`])('are none of %p', async (code) => {
    newCode();
    expect(await useSignInCode(dataDir, code)).toBe(false);
    expect(await readdir(folder())).toHaveLength(1);
  });

  it('leave nothing that one could sign in with, and nothing for other users', async () => {
    const code = newCode();
    const [name = ''] = await readdir(folder());
    expect(name + (await readFile(join(folder(), name), 'utf8'))).not.toContain(code);
    expect((await stat(folder())).mode & 0o077).toBe(0);
    expect((await stat(join(folder(), name))).mode & 0o077).toBe(0);
  });

  it('are swept once they are too old', async () => {
    newCode();
    await makeTooOld();
    const code = newCode();
    sweepSignInLinks(dataDir);
    expect(await readdir(folder())).toHaveLength(1);
    expect(await useSignInCode(dataDir, code)).toBe(true);
  });
});
