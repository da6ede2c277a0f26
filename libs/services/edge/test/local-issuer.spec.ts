import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { findLocalIssuer, issueToken, openLocalIssuer } from '../src/access/local-issuer.js';

describe('openLocalIssuer', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = join(await mkdtemp(join(tmpdir(), 'issuer-')), 'data');
  });
  afterEach(() => rm(join(dataDir, '..'), { recursive: true }));

  it('makes the key once, readable by its owner alone, and leaves nothing else', async () => {
    await openLocalIssuer(dataDir);
    const path = join(dataDir, 'issuer-key.json');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(['issuer-key.json']);
    const before = await readFile(path, 'utf8');
    await openLocalIssuer(dataDir);
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it('is found where it was made, and made nowhere else', async () => {
    await expect(findLocalIssuer(dataDir)).rejects.toThrow(/no key of a local issuer in .*KEYLEDGER_DATA_DIR/);
    await expect(stat(dataDir)).rejects.toThrow('ENOENT');
    const made = await openLocalIssuer(dataDir);
    const found = await findLocalIssuer(dataDir);
    expect(found.signingKey.equals(made.signingKey)).toBe(true);
  });

  it('agrees on one key when many open it for the first time at once', async () => {
    const issuers = await Promise.all(Array.from({ length: 20 }, () => openLocalIssuer(dataDir)));
    const keys = new Set(issuers.map(({ signingKey }) => JSON.stringify(signingKey.export({ format: 'jwk' }))));
    expect(keys.size).toBe(1);
    expect(await readdir(dataDir)).toEqual(['issuer-key.json']);
  });

  it.each(['', '{}', 'null', 'nonsense', '{"kty":"oct","k":"c2VjcmV0"}'])(
    'refuses a key file that holds %j',
    async (text) => {
      await openLocalIssuer(dataDir);
      await writeFile(join(dataDir, 'issuer-key.json'), text);
      await expect(openLocalIssuer(dataDir)).rejects.toThrow(/does not hold the key of the local issuer\. Delete it/);
    },
  );

  it('marks a service, and only a service, as a client', async () => {
    const issuer = await openLocalIssuer(dataDir);
    const request = { subject: 'ci', roles: ['verifier'], accounts: '*', ttlSeconds: 60 } as const;
    const user = decodeJwt(await issueToken(issuer, request));
    expect(user).toMatchObject({
      iss: 'urn:keyledger:local',
      aud: 'keyledger',
      sub: 'ci',
      roles: ['verifier'],
      accounts: '*',
    });
    expect(user.exp).toBe((user.iat ?? 0) + 60);
    expect(user).not.toHaveProperty('client_id');
    expect(decodeJwt(await issueToken(issuer, { ...request, service: true }))).toHaveProperty('client_id', 'ci');
  });
});
