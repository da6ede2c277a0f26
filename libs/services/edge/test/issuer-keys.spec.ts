import 'reflect-metadata';
import type { JWK } from 'jose';
import { pino } from 'pino';
import { openAuthenticator } from '../src/access/authenticator.js';
import { parseConfig } from '../src/settings/config.js';
import { KeyServer, sign, signingKey, type SigningKey } from './key-server.js';
import { serve } from './serving.js';

describe('an issuer', () => {
  let issuer: KeyServer;
  let key: SigningKey;
  beforeAll(async () => {
    key = await signingKey('good');
  });
  beforeEach(async () => {
    issuer = await KeyServer.start();
    issuer.keys = [key];
  });
  afterEach(() => issuer.stop());

  const tokenOf = (sub: number, by = key): Promise<string> => {
    const seconds = Math.floor(Date.now() / 1000);
    const times = { iat: seconds, exp: seconds + 60 };
    return sign(by, { iss: issuer.issuer, aud: 'keyledger', sub: `s${sub}`, roles: ['operator'], ...times });
  };

  /** What is answered to so many different tokens, one after the other. */
  const answersTo = async (count: number, by?: SigningKey): Promise<readonly string[]> => {
    const settings = { KEYLEDGER_LIMIT_FAILED_AUTHENTICATION: '3/1m', KEYLEDGER_OIDC_ISSUER: issuer.issuer };
    const server = await serve([], settings);
    const answers: string[] = [];
    for (let sub = 0; sub < count; sub += 1) {
      const headers = { authorization: `Bearer ${await tokenOf(sub, by)}` };
      const reply = await fetch(`${server.httpUrl}/v1/nothing`, { headers });
      answers.push(`${reply.status} ${((await reply.json()) as { detail: string }).detail}`);
    }
    await server.close();
    return answers;
  };

  it.each([
    ['is no point of its curve', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }],
    ['has no coordinates', { kty: 'EC', crv: 'P-256' }],
    ['is secret', { kty: 'EC', crv: 'P-256', d: 'AA', x: 'AA', y: 'AA' }],
  ])('with a key that %s has failed to be fetched for nobody, and who names that key has failed', async (_, jwk) => {
    const malformed = await signingKey('malformed');
    issuer.moreKeys = [{ ...jwk, kid: 'malformed', alg: 'ES256' }];
    const [first, second, third, fourth] = await answersTo(4, malformed);
    expect(first).toMatch(/^401 The key of the issuer that the token names cannot be used/);
    expect([second, third]).toEqual([first, first]);
    expect(fourth).toMatch(/^429 /);
    expect(issuer.keyFetches).toBe(1);
    expect(await answersTo(1)).toEqual([expect.stringMatching(/^404 /)]);
  });

  it('that is away has locked nobody out when it is back, and is asked once', async () => {
    issuer.failing = true;
    const answers = await answersTo(6);
    expect(new Set(answers.map((answer) => answer.slice(0, 3)))).toEqual(new Set(['401']));
    expect(answers[5]).toMatch(/could not be fetched/);
    expect(issuer.failures).toBe(1);
  });

  it.each<readonly [string, () => void]>([
    ['is away', () => void (issuer.failing = true)],
    ['has no set of keys', () => void (issuer.moreKeys = [7 as JWK])],
  ])('that %s is one line of the log, and one fetch, for all who ask', async (_, breakIt) => {
    breakIt();
    const lines: { level: number; msg: string }[] = [];
    const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[0]) });
    const authenticator = await openAuthenticator(parseConfig({ KEYLEDGER_OIDC_ISSUER: issuer.issuer }), logger);
    for (const sub of [1, 2, 3]) {
      const token = await tokenOf(sub);
      await expect(authenticator.authenticate(() => `Bearer ${token}`)).rejects.toThrow(/could not be fetched/);
    }
    expect(lines).toMatchObject([{ level: 40, msg: `The keys of ${issuer.issuer} could not be fetched` }]);
    expect(issuer.failures + issuer.keyFetches).toBe(1);
  });
});
