import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';

const ALGORITHM = 'ES256';
const CLIENT_ID = 'console';
const AUDIENCE = 'keyledger';
const AN_HOUR_S = 3600;

const s256 = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

/** Somebody who came to sign in, and what the console has to prove when it comes for the tokens. */
interface Visit {
  readonly challenge: string;
  readonly redirectUri: string;
}

/** An OpenID Connect provider that lets everybody in at once, as an operator. It holds the console to the protocol. */
export class OidcProvider {
  /** How long the next access token lasts. */
  lifetimeS = AN_HOUR_S;
  /** Whether there is a refresh token. */
  renews = true;
  /** What was asked for, in the order it was. */
  readonly asked: string[] = [];
  private readonly visits = new Map<string, Visit>();
  private readonly refreshTokens = new Set<string>();

  private constructor(
    private readonly server: Server,
    private readonly key: CryptoKey,
    readonly issuer: string,
  ) {}

  static async start(): Promise<OidcProvider> {
    const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: ALGORITHM }];
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const provider = new OidcProvider(server, privateKey, issuer);
    server.on('request', (request, reply) => {
      void provider.answer(request, reply, keys).catch((error: unknown) => reply.writeHead(500).end(String(error)));
    });
    return provider;
  }

  get settings(): Readonly<Record<string, string>> {
    return { KEYLEDGER_OIDC_ISSUER: this.issuer, KEYLEDGER_CONSOLE_CLIENT_ID: CLIENT_ID };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, reply: ServerResponse, keys: readonly object[]): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.issuer);
    const form = new URLSearchParams(await text(request));
    reply.setHeader('access-control-allow-origin', '*');
    const send = (body: object, status = 200): void =>
      void reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (pathname === '/.well-known/openid-configuration') send(this.discovery());
    else if (pathname === '/keys') send({ keys });
    else if (pathname === '/authorize') this.redirect(reply, this.letIn(searchParams));
    else if (pathname === '/token') await this.tokens(form).then(send, () => send({ error: 'invalid_grant' }, 400));
    else if (pathname === '/revoke') send(this.revoke(form));
    else if (pathname === '/end') this.redirect(reply, this.letOut(searchParams));
    else send({}, 404);
  }

  private discovery(): object {
    const at = (path: string): string => `${this.issuer}/${path}`;
    const endpoints = { authorization_endpoint: at('authorize'), token_endpoint: at('token'), jwks_uri: at('keys') };
    return { issuer: this.issuer, ...endpoints, revocation_endpoint: at('revoke'), end_session_endpoint: at('end') };
  }

  private redirect(reply: ServerResponse, location: string): void {
    reply.writeHead(302, { location }).end();
  }

  private letIn(asked: URLSearchParams): string {
    const { client_id, response_type, code_challenge_method, scope, audience } = Object.fromEntries(asked);
    this.asked.push(`authorize ${[client_id, response_type, code_challenge_method, scope, audience].join(' ')}`);
    const [code, redirectUri] = [randomUUID(), asked.get('redirect_uri') ?? ''];
    this.visits.set(code, { challenge: asked.get('code_challenge') ?? '', redirectUri });
    return `${redirectUri}?${new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString()}`;
  }

  private async tokens(form: URLSearchParams): Promise<object> {
    const grant = form.get('grant_type') ?? '';
    this.asked.push(`token ${grant}`);
    const isGood = grant === 'refresh_token' ? this.useUp(form.get('refresh_token')) : this.isProven(form);
    if (!isGood || form.get('client_id') !== CLIENT_ID) throw new Error('invalid_grant');
    const refreshToken = randomUUID();
    this.refreshTokens.add(refreshToken);
    return {
      access_token: await this.sign({ aud: AUDIENCE, roles: ['operator'], accounts: '*' }),
      id_token: await this.sign({ aud: CLIENT_ID }),
      token_type: 'Bearer',
      expires_in: this.lifetimeS,
      ...(this.renews ? { refresh_token: refreshToken } : {}),
    };
  }

  /** Each is good for once. */
  private useUp(refreshToken: string | null): boolean {
    return this.refreshTokens.delete(refreshToken ?? '');
  }

  private isProven(form: URLSearchParams): boolean {
    const code = form.get('code') ?? '';
    const visit = this.visits.get(code);
    this.visits.delete(code);
    const isSame = visit !== undefined && visit.redirectUri === form.get('redirect_uri');
    return isSame && visit.challenge === s256(form.get('code_verifier') ?? '');
  }

  private revoke(form: URLSearchParams): object {
    this.asked.push(`revoke ${this.useUp(form.get('token')) ? 'what was given' : 'something else'}`);
    return {};
  }

  private letOut(asked: URLSearchParams): string {
    this.asked.push(`end ${asked.has('id_token_hint') ? 'with' : 'without'} id_token_hint`);
    return asked.get('post_logout_redirect_uri') ?? '';
  }

  private sign(claims: Readonly<Record<string, unknown>>): Promise<string> {
    const expiry = Math.floor(Date.now() / 1000) + this.lifetimeS;
    return new SignJWT({ ...claims, jti: randomUUID() })
      .setProtectedHeader({ alg: ALGORITHM, kid: 'one' })
      .setIssuer(this.issuer)
      .setSubject('somebody')
      .setIssuedAt()
      .setExpirationTime(expiry)
      .sign(this.key);
  }
}
