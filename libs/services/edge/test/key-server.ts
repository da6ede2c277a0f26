import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

export const signingKey = async (kid: string, alg = 'ES256'): Promise<SigningKey> => ({
  kid,
  alg,
  ...(await generateKeyPair(alg, { extractable: true })),
});

/** An OpenID Connect provider on loopback, as far as key discovery goes. */
export class KeyServer {
  keys: readonly SigningKey[] = [];
  /** How often the keys have been fetched. */
  keyFetches = 0;
  /** Served as they stand, beside the others. */
  moreKeys: readonly JWK[] = [];
  failing = false;
  failingPath: string | undefined;
  /** How often a request has failed. */
  failures = 0;
  discovered: Record<string, unknown> = {};

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {
    this.discovered = { issuer, jwks_uri: `${issuer}/keys` };
  }

  static async start(): Promise<KeyServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const keyServer = new KeyServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      void keyServer.answer(request.url ?? '').then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    return keyServer;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(url: string): Promise<{ status: number; body: unknown }> {
    if (this.failing || url === this.failingPath) {
      this.failures += 1;
      return { status: 500, body: {} };
    }
    if (url === '/.well-known/openid-configuration') return { status: 200, body: this.discovered };
    this.keyFetches += 1;
    const jwks = this.keys.map(async ({ kid, alg, publicKey }): Promise<JWK> => ({
      ...(await exportJWK(publicKey)),
      kid,
      alg,
    }));
    return { status: 200, body: { keys: [...(await Promise.all(jwks)), ...this.moreKeys] } };
  }
}

/** A token signed with `key` that says exactly what `payload` says. */
export const sign = (key: SigningKey, payload: JWTPayload, alg = key.alg, typ?: string): Promise<string> =>
  new SignJWT(payload)
    .setProtectedHeader({ alg, kid: key.kid, ...(typ !== undefined && { typ }) })
    .sign(key.privateKey);
