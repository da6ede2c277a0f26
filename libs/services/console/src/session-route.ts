import {
  findLocalIssuer,
  issueToken,
  Limits,
  Problem,
  SecurityLog,
  type Config,
  type HttpRoute,
} from '@keyledger/edge';
import { useSignInCode } from './sign-in-links.js';

const SESSION_SECONDS = 8 * 3600;
const SUBJECT = 'local-console';
const PATH = '/console/session';

/** The same for a code that was never given, one that was used, and one that is too old. */
const refusal = (): Problem =>
  new Problem(
    'unauthenticated',
    'The link has been used before, or is older than ten minutes. Get another one with: npm run console',
    [],
    { 'WWW-Authenticate': 'Bearer realm="keyledger"' },
  );

const codeIn = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;

interface Ports {
  readonly config: Config;
  readonly limits: Limits;
  readonly securityLog: SecurityLog;
}

/** Exchanges the code of a sign-in link for a token of the local issuer. Guesses are limited as those of tokens are. */
export const sessionRoute = ({ config, limits, securityLog }: Ports): HttpRoute => ({
  method: 'POST',
  path: PATH,
  access: { open: 'the code of a link is what one signs in with' },
  bodyLimit: 1_024,
  handle: async ({ body }, reply, { ip }) => {
    limits.requireFewFailures(ip);
    void reply.header('cache-control', 'no-store');
    if (!(await useSignInCode(config.dataDir, codeIn(body)))) {
      const refused = refusal();
      limits.countFailure(ip);
      securityLog.unauthenticated(refused.detail, { rpc: `POST ${PATH}` }, ip);
      throw refused;
    }
    const ttlSeconds = Math.min(SESSION_SECONDS, config.tokenMaxLifetime);
    const wish = { subject: SUBJECT, roles: ['operator'], accounts: '*', ttlSeconds } as const;
    const token = await issueToken(await findLocalIssuer(config.dataDir), wish);
    return { token, expiresAt: new Date(Date.now() + ttlSeconds * 1000).toISOString() };
  },
});
