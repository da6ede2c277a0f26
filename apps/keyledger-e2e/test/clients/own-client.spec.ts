import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { newJourney } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const visit = sharedServer();
afterAll(() => visit.close());

/** What `expression` says of `verifier`, in a program of its own that has the built client. */
const asked = async (expression: string, ...args: readonly string[]): Promise<unknown> => {
  const code = `
    import { createVerifier } from '@keyledger/client';
    const verifier = createVerifier({ url: process.env.URL, token: process.env.TOKEN, cache: true });
    const args = process.argv.slice(1);
    console.log(JSON.stringify(await (async () => ${expression})()));`;
  const env = { URL: visit.server.httpUrl, TOKEN: await visit.token({ roles: ['verifier'] }) };
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code, '--', ...args], {
    cwd: root,
    env,
  });
  return JSON.parse(stdout);
};

describe('@keyledger/client', () => {
  it('gets the verdicts that this Keyledger gives, one and many', async () => {
    const journey = await newJourney(visit, visit.doors[0]);
    const created = await journey.does<{
      credential: { credentialId: string };
      secret: { key: string };
      position: string;
    }>('CredentialService/CreateCredential', { type: 'api_key', mode: 'test', scopes: ['invoices:read'] });
    const { credentialId } = created.credential;
    const { key } = created.secret;
    const verdict = {
      ...{ valid: true, code: 'VALID', accountId: journey.accountId, applicationId: null, credentialId, version: 1 },
      ...{ type: 'api_key', mode: 'test', environment: null, scopes: ['invoices:read'], expiresAt: null },
      ...{ position: expect.any(String) as string, ageMs: expect.any(Number) as number },
    };
    const one = 'verifier.verify({ credential: args[0], minPosition: args[1] })';
    expect(await asked(one, key, created.position)).toEqual(verdict);

    const batch = 'verifier.verifyBatch([{ credential: args[0] }, {}, { credential: args[0], scopes: ["other"] }])';
    expect(await asked(batch, key)).toMatchObject([verdict, { code: 'MALFORMED' }, { code: 'INSUFFICIENT_SCOPE' }]);

    const { position } = await journey.does<{ position: string }>('CredentialService/RevokeCredential', {
      credentialId,
    });
    expect(await asked(one, key, position)).toMatchObject({ valid: false, code: 'REVOKED' });
  });

  it('is told what is wrong with a question', async () => {
    const mistake =
      'verifier.verify({ credential: "a", scope: "b" }).catch(({ reason, message }) => [reason, message])';
    expect(await asked(mistake)).toEqual([
      'invalid-request',
      expect.stringContaining('(HTTP 422, invalid-request, scope)'),
    ]);
  });
});
