import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import type { Settings } from './program.js';

const ALGORITHM = 'ES256';
const KEY_ID = 'of-the-tests';
const AUDIENCE = 'keyledger';
const AN_HOUR_S = 3600;

/** What a token of the provider says about its bearer. */
export interface Caller {
  readonly roles: readonly string[];
  /** Leave out for none. */
  readonly accounts?: readonly string[] | '*';
  readonly subject?: string;
}

/** An OpenID Connect provider of the suite's own: it gives any token at once, also those that must be refused. */
export class IdentityProvider {
  private constructor(
    private readonly server: Server,
    private readonly key: CryptoKey,
    readonly issuer: string,
  ) {}

  static async start(): Promise<IdentityProvider> {
    const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
    const keys = [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: ALGORITHM }];
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', ({ url }, reply) => {
      const discovery = { issuer, jwks_uri: `${issuer}/keys` };
      reply.setHeader('content-type', 'application/json').end(JSON.stringify(url === '/keys' ? { keys } : discovery));
    });
    return new IdentityProvider(server, privateKey, issuer);
  }

  /** What makes a server trust this provider. */
  get settings(): Settings {
    return { KEYLEDGER_OIDC_ISSUER: this.issuer };
  }

  /** The claims of a good token. */
  claims({ roles, accounts, subject = 'someone' }: Caller): JWTPayload {
    const now = Math.floor(Date.now() / 1000);
    const scope = accounts === undefined ? {} : { accounts };
    return { iss: this.issuer, aud: AUDIENCE, sub: subject, iat: now, exp: now + AN_HOUR_S, roles, ...scope };
  }

  token(caller: Caller): Promise<string> {
    return this.sign(this.claims(caller));
  }

  /** Signs whatever the claims are, with the provider's key or another one. */
  sign(claims: JWTPayload, key: CryptoKey | Uint8Array = this.key, algorithm = ALGORITHM): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: algorithm, kid: KEY_ID }).sign(key);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
