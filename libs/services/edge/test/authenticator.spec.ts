import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { exportSPKI, UnsecuredJWT, type JWTPayload } from 'jose';
import { pino } from 'pino';
import { Authenticator, openAuthenticator } from '../src/access/authenticator.js';
import { parseConfig } from '../src/settings/config.js';
import { issueToken, openLocalIssuer } from '../src/access/local-issuer.js';
import { Problem } from '../src/operation/problem.js';
import { remoteIssuer } from '../src/access/trusted-issuers.js';
import { KeyServer, sign, signingKey, type SigningKey } from './key-server.js';

const ACCOUNT = 'acct_00000000-0000-7000-8000-000000000001';
const START = Date.UTC(2030, 0, 1);
const rules = { rolesClaim: 'roles', accountsClaim: 'accounts', tokenMaxLifetime: 24 * 3600 };

describe('Authenticator', () => {
  let server: KeyServer;
  let key: SigningKey;
  let now: number;
  let lines: string[];
  let authenticator: Authenticator;

  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  const trusting = (own: Partial<typeof rules> = {}, jwksUri: string | null = null, tokenType?: string) => {
    const pinned = { issuer: server.issuer, audience: 'keyledger', algorithms: ['ES256', 'RS256'], tokenType };
    const clock = (): number => now;
    const issuer = remoteIssuer(pinned, jwksUri, { onFailure: () => undefined, now: clock });
    return new Authenticator([issuer], { ...rules, ...own }, clock);
  };
  const payload = (more: JWTPayload = {}): JWTPayload => {
    const seconds = Math.floor(now / 1000);
    const base = { iss: server.issuer, aud: 'keyledger', sub: 'alice', iat: seconds, exp: seconds + 60 };
    return { ...base, roles: ['viewer'], accounts: [ACCOUNT], ...more };
  };
  const principalOf = (token: string, by = authenticator) => by.authenticate(() => `Bearer ${token}`);
  const problemOf = async (authorization: string | undefined, by = authenticator): Promise<Problem> => {
    const outcome = await by.authenticate(() => authorization).catch((error: unknown) => error);
    if (!(outcome instanceof Problem)) throw new Error('Expected a Problem', { cause: outcome });
    return outcome;
  };
  const expectRefused = async (token: string, detail: RegExp, by = authenticator): Promise<void> => {
    const problem = await problemOf(`Bearer ${token}`, by);
    expect(problem.status).toBe(401);
    expect(problem.detail).toMatch(detail);
    const challenge = problem.headers['WWW-Authenticate'];
    expect(challenge).toMatch(/^Bearer realm="keyledger", error="invalid_token", error_description="[^"\\]+"$/);
    expect(JSON.stringify([problem.detail, problem.headers, lines])).not.toContain(token);
  };

  beforeAll(async () => {
    server = await KeyServer.start();
    key = await signingKey('first');
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    server.keys = [key];
    server.failing = false;
    server.keyFetches = 0;
    server.failures = 0;
    server.failingPath = undefined;
    server.moreKeys = [];
    server.discovered = { issuer: server.issuer, jwks_uri: `${server.issuer}/keys` };
    now = START;
    lines = [];
    authenticator = trusting();
  });
  afterEach(() => jest.restoreAllMocks());

  describe('a good token', () => {
    it('names the principal', async () => {
      expect(await principalOf(await sign(key, payload()))).toEqual({
        issuer: server.issuer,
        subject: 'alice',
        actorType: 'user',
        roles: ['viewer'],
        accounts: [ACCOUNT],
        expiresAtMs: START + 60_000,
      });
    });

    it('may be for several audiences', async () => {
      const token = await sign(key, payload({ aud: ['billing', 'keyledger'] }));
      expect(await principalOf(token)).toMatchObject({ subject: 'alice' });
    });

    it.each(['client_id', 'azp'])('is of a service where sub equals %s', async (claim) => {
      expect(await principalOf(await sign(key, payload({ [claim]: 'alice' })))).toMatchObject({ actorType: 'service' });
      expect(await principalOf(await sign(key, payload({ [claim]: 'web' })))).toMatchObject({ actorType: 'user' });
    });

    it('keeps the roles that are ours and passes over all else', async () => {
      const token = await sign(key, payload({ roles: ['admin', 'auditor', 7, 'Owner', 'verifier', 'verifier'] }));
      expect(await principalOf(token)).toMatchObject({ roles: ['auditor', 'verifier'] });
      for (const roles of [undefined, [], 'operator', { operator: true }]) {
        expect(await principalOf(await sign(key, payload({ roles })))).toMatchObject({ roles: [] });
      }
    });

    it('may be for all accounts, or for none', async () => {
      expect(await principalOf(await sign(key, payload({ accounts: '*' })))).toMatchObject({ accounts: '*' });
      expect(await principalOf(await sign(key, payload({ accounts: [] })))).toMatchObject({ accounts: [] });
      expect(await principalOf(await sign(key, payload({ accounts: undefined })))).toMatchObject({ accounts: [] });
    });

    it('keeps its claims where the settings say', async () => {
      const nested = trusting({ rolesClaim: 'realm_access.roles', accountsClaim: 'https://example.com/accounts' });
      const claims = {
        realm_access: { roles: ['owner'] },
        'https://example.com/accounts': [ACCOUNT],
        roles: ['operator'],
      };
      const token = await sign(key, payload({ ...claims, accounts: '*' }));
      expect(await principalOf(token, nested)).toMatchObject({ roles: ['owner'], accounts: [ACCOUNT] });
    });

    it('has a scheme in any case', async () => {
      const token = await sign(key, payload());
      expect(await authenticator.authenticate(() => `bearer  ${token} `)).toMatchObject({ subject: 'alice' });
    });
  });

  describe('refuses', () => {
    it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b'])(
      '%j, asking for a token',
      async (header) => {
        const problem = await problemOf(header);
        expect(problem.code).toBe('unauthenticated');
        expect(problem.headers).toEqual({ 'WWW-Authenticate': 'Bearer realm="keyledger"' });
      },
    );

    it.each(['x', 'a.b.c', '..', 'e30.e30.', 'a.b.c.d.e'])('%j as no JWT', (token) =>
      expectRefused(token, /not a well-formed JWT|not trusted/),
    );

    it('another issuer, and none', async () => {
      await expectRefused(await sign(key, payload({ iss: 'https://evil.example' })), /issuer that is not trusted/);
      await expectRefused(await sign(key, payload({ iss: undefined })), /issuer that is not trusted/);
    });

    it('another audience, and none', async () => {
      await expectRefused(await sign(key, payload({ aud: 'billing' })), /another audience/);
      await expectRefused(await sign(key, payload({ aud: undefined })), /another audience/);
    });

    it('the algorithm none', async () => {
      await expectRefused(new UnsecuredJWT(payload()).encode(), /algorithm that is not accepted/);
    });

    it('HS256 with the public key as the secret', async () => {
      const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
      const signed = `${encode({ alg: 'HS256', kid: key.kid })}.${encode(payload())}`;
      const mac = createHmac('sha256', await exportSPKI(key.publicKey))
        .update(signed)
        .digest('base64url');
      await expectRefused(`${signed}.${mac}`, /algorithm that is not accepted/);
    });

    it('an algorithm that is sound but not pinned', async () => {
      const other = await signingKey('other', 'ES384');
      server.keys = [key, other];
      await expectRefused(await sign(other, payload()), /algorithm that is not accepted/);
    });

    it('what has expired, or is not valid yet, beyond five seconds of tolerance', async () => {
      const at = START / 1000;
      await expectRefused(await sign(key, payload({ exp: at - 5 })), /has expired/);
      await expectRefused(await sign(key, payload({ nbf: at + 6 })), /not valid yet/);
      expect(await principalOf(await sign(key, payload({ exp: at - 4, nbf: at + 5 })))).toMatchObject({
        subject: 'alice',
      });
    });

    it('a life of more than 24 hours, also of a token that claims to be issued later', async () => {
      const at = START / 1000;
      expect(await principalOf(await sign(key, payload({ exp: at + 86_400 })))).toMatchObject({ subject: 'alice' });
      await expectRefused(await sign(key, payload({ exp: at + 86_406 })), /longer than the 86400 seconds/);
      await expectRefused(await sign(key, payload({ iat: at - 60, exp: at + 86_400 })), /longer than/);
      await expectRefused(await sign(key, payload({ iat: undefined, exp: at + 86_406 })), /longer than/);
      await expectRefused(await sign(key, payload({ iat: at + 9e8, exp: at + 9e8 })), /longer than/);
      const short = trusting({ tokenMaxLifetime: 60 });
      await expectRefused(await sign(key, payload({ exp: at + 66 })), /longer than the 60 seconds/, short);
    });

    it('another type than the settings say', async () => {
      const picky = trusting({}, null, 'at+jwt');
      await expectRefused(await sign(key, payload()), /another type/, picky);
      await expectRefused(await sign(key, payload(), key.alg, 'JWT'), /another type/, picky);
      for (const typ of ['at+jwt', 'application/at+jwt']) {
        expect(await principalOf(await sign(key, payload(), key.alg, typ), picky)).toMatchObject({ subject: 'alice' });
      }
    });

    it('a key of its issuer that is too short for its algorithm', async () => {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
      server.moreKeys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'short', alg: 'RS256' }];
      const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
      const signed = `${encode({ alg: 'RS256', kid: 'short' })}.${encode(payload())}`;
      const signature = createSign('RSA-SHA256').update(signed).sign(privateKey).toString('base64url');
      await expectRefused(`${signed}.${signature}`, /key of the issuer that the token names cannot be used/);
    });

    it('a token without an end', async () => {
      await expectRefused(await sign(key, payload({ exp: undefined })), /sub and exp are required/);
    });

    it.each([
      ['that is missing', undefined],
      ['that is empty', ''],
      ['of 256 characters', 'x'.repeat(256)],
      ['with a line break', 'a\nb'],
      ['with a C1 control character', 'a\u0085b'],
    ])('a subject %s', async (_, sub) => {
      await expectRefused(await sign(key, payload({ sub })), /sub/);
    });

    it.each([null, 'all', ACCOUNT, ['*'], [ACCOUNT, 7], [ACCOUNT.toUpperCase()], [`${ACCOUNT}\n`], {}])(
      'the accounts %j',
      async (accounts) => expectRefused(await sign(key, payload({ accounts })), /must be a list of account ids/),
    );

    it('what was changed after signing', async () => {
      const [head, , signature] = (await sign(key, payload())).split('.');
      const body = Buffer.from(JSON.stringify(payload({ roles: ['operator'] }))).toString('base64url');
      await expectRefused(`${head}.${body}.${signature}`, /not by a key of its issuer/);
    });

    it('a foreign key, under its own name and under the name of a good one', async () => {
      await expectRefused(await sign(await signingKey('foreign'), payload()), /not by a key of its issuer/);
      await expectRefused(await sign(await signingKey('first'), payload()), /not by a key of its issuer/);
    });
  });

  describe('fetches keys', () => {
    it('once, by discovery, for any number of tokens at once', async () => {
      const tokens = await Promise.all(['a', 'b', 'c'].map((sub) => sign(key, payload({ sub }))));
      await Promise.all(tokens.map((token) => principalOf(token)));
      expect(server.keyFetches).toBe(1);
    });

    it('without discovery where the settings say', async () => {
      server.discovered = {};
      const told = trusting({}, `${server.issuer}/keys`);
      expect(await principalOf(await sign(key, payload()), told)).toMatchObject({ subject: 'alice' });
    });

    it('again when the issuer has rotated them, and then refuses the old one', async () => {
      const next = await signingKey('second');
      const clock = jest.spyOn(Date, 'now').mockReturnValue(START); // jose's own pause between fetches.
      await principalOf(await sign(key, payload()));
      server.keys = [next];
      clock.mockReturnValue(START + 31_000);
      expect(await principalOf(await sign(next, payload()))).toMatchObject({ subject: 'alice' });
      await expectRefused(await sign(key, payload({ sub: 'bob' })), /not by a key of its issuer/);
      expect(server.keyFetches).toBe(2);
    });

    it('and says so when they cannot be had, then tries again', async () => {
      server.failing = true;
      const token = await sign(key, payload());
      await expectRefused(token, /keys of the issuer could not be fetched/);
      server.failing = false;
      now += 10_000;
      expect(await principalOf(await sign(key, payload()))).toMatchObject({ subject: 'alice' });
    });

    it.each(['/.well-known/openid-configuration', '/keys'])(
      'at most every ten seconds while %s fails',
      async (path) => {
        server.failingPath = path;
        const refuseMany = async (): Promise<void> => {
          for (let n = 0; n < 20; n += 1)
            await expectRefused(await sign(key, payload({ sub: `s${n}` })), /not be fetched/);
        };
        await refuseMany();
        expect(server.failures).toBe(1);
        now += 9_999;
        await refuseMany();
        expect(server.failures).toBe(1);
        now += 1;
        await refuseMany();
        expect(server.failures).toBe(2);
      },
    );

    it('in vain for strangers without harm to those whose key is known', async () => {
      const clock = jest.spyOn(Date, 'now').mockReturnValue(START); // jose's own pause between fetches.
      await principalOf(await sign(key, payload()));
      clock.mockReturnValue(START + 31_000);
      server.failingPath = '/keys';
      await expectRefused(await sign(await signingKey('foreign'), payload()), /not be fetched/);
      expect(await principalOf(await sign(key, payload({ sub: 'bob' })))).toMatchObject({ subject: 'bob' });
    });

    it.each([
      { issuer: 'https://evil.example', jwks_uri: 'https://evil.example/keys' },
      { jwks_uri: 'http://192.0.2.1/keys' },
      { jwks_uri: 7 },
    ])('but not by the discovery document %j', async (document) => {
      server.discovered = { issuer: server.issuer, ...document };
      await expectRefused(await sign(key, payload()), /keys of the issuer could not be fetched/);
    });
  });

  describe('remembers verified tokens', () => {
    it('until they expire', async () => {
      const token = await sign(key, payload());
      const first = await principalOf(token);
      server.failing = true;
      now = START + 64_999;
      expect(await principalOf(token)).toBe(first);
      now = START + 65_000;
      await expectRefused(token, /has expired/);
    });

    it('for five minutes at most', async () => {
      const token = await sign(key, payload({ exp: START / 1000 + 3600 }));
      const first = await principalOf(token);
      now = START + 299_999;
      expect(await principalOf(token)).toBe(first);
      now = START + 300_000;
      const again = await principalOf(token);
      expect(again).toEqual(first);
      expect(again).not.toBe(first);
    });

    it('only while their key is one of the issuer', async () => {
      const clock = jest.spyOn(Date, 'now').mockReturnValue(START); // jose's own pause between fetches.
      const token = await sign(key, payload());
      await principalOf(token);
      const next = await signingKey('second');
      server.keys = [next];
      clock.mockReturnValue(START + 31_000);
      await principalOf(await sign(next, payload()));
      await expectRefused(token, /not by a key of its issuer/);
    });

    it('as good before until they are refused, and none that was never good', async () => {
      jest.spyOn(Date, 'now').mockImplementation(() => now); // jose's own pause between fetches.
      const good = await sign(key, payload({ exp: START / 1000 + 3600 }));
      const bad = await sign(key, payload({ exp: 1 }));
      const has = (token: string): boolean => authenticator.hasVerified(() => `Bearer ${token}`);
      await expectRefused(bad, /expired/);
      expect([has(good), has(bad)]).toEqual([false, false]);
      await principalOf(good);
      now = START + 300_001; // It has to be verified anew.
      server.failing = true;
      expect((await problemOf(`Bearer ${good}`)).detail).toMatch(/could not be fetched/);
      expect(has(good)).toBe(true); // Nobody could check it.
      server.failing = false;
      now = START + 3_605_000;
      await expectRefused(good, /expired/);
      expect(has(good)).toBe(false);
    });

    it('and verifies a token once for all who bring it at the same time', async () => {
      const token = await sign(key, payload());
      const [first, ...others] = await Promise.all(Array.from({ length: 10 }, () => principalOf(token)));
      for (const other of others) expect(other).toBe(first);
    });

    it('but not that it refused one', async () => {
      const token = await sign(key, payload({ nbf: START / 1000 + 60 }));
      await expectRefused(token, /not valid yet/);
      now = START + 59_000;
      expect(await principalOf(token)).toMatchObject({ subject: 'alice' });
    });
  });

  describe('openAuthenticator', () => {
    let dataDir: string;
    beforeEach(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'authenticator-'));
    });
    afterEach(() => rm(dataDir, { recursive: true }));
    const request = { subject: 'ops', roles: ['operator'], accounts: '*', ttlSeconds: 60 } as const;

    it('trusts the local issuer by default, and no other key under its name', async () => {
      const local = await openAuthenticator(parseConfig({ KEYLEDGER_DATA_DIR: dataDir }), logger);
      const token = await issueToken(await openLocalIssuer(dataDir), request);
      expect(await principalOf(token, local)).toMatchObject({ subject: 'ops', roles: ['operator'], accounts: '*' });
      const foreign = await sign(key, { ...payload(), iss: 'urn:keyledger:local' });
      await expectRefused(foreign, /not by a key of its issuer/, local);
    });

    it('trusts both issuers where both are set, and then the local one only where it is switched on', async () => {
      now = Date.now();
      const env = { KEYLEDGER_DATA_DIR: dataDir, KEYLEDGER_OIDC_ISSUER: server.issuer };
      const local = await issueToken(await openLocalIssuer(dataDir), request);
      const both = await openAuthenticator(parseConfig({ ...env, KEYLEDGER_LOCAL_ISSUER: 'true' }), logger);
      expect(await principalOf(local, both)).toMatchObject({ subject: 'ops' });
      expect(await principalOf(await sign(key, payload()), both)).toMatchObject({ subject: 'alice' });
      await expectRefused(local, /not trusted/, await openAuthenticator(parseConfig(env), logger));
    });
  });
});
