import { UserManager, WebStorageStateStore, type User } from 'oidc-client-ts';
import { ApiProblem } from '../api/problem.js';
import { beginSession, endedSession, endSession } from './session.js';
import type { OidcSettings } from './sign-in.js';

const here = (path: string): string => `${location.origin}/console/${path}`;

/** Where the person was, to come back to. */
interface Place {
  readonly returnTo: string;
}

const failed = (detail: string): ApiProblem =>
  new ApiProblem({ status: 401, code: 'unauthenticated', title: 'Signing in did not work', detail });

/** Signing in with an OpenID Connect provider: authorization code with PKCE, everything kept for this tab alone. */
export class OidcSignIn {
  private readonly manager: UserManager;

  constructor(private readonly settings: OidcSettings) {
    const { issuer, clientId, scope, audience } = settings;
    const store = (): WebStorageStateStore => new WebStorageStateStore({ store: sessionStorage });
    this.manager = new UserManager({
      authority: issuer,
      client_id: clientId,
      scope,
      redirect_uri: here('signed-in'),
      post_logout_redirect_uri: here(''),
      extraQueryParams: { audience },
      userStore: store(),
      stateStore: store(),
      automaticSilentRenew: false,
      requestTimeoutInSeconds: 10,
    });
    this.manager.events.addUserLoaded((user) => void this.take(user));
    this.manager.events.addAccessTokenExpired(() => endedSession());
  }

  /** Goes to the provider. The page is left: forms are kept for the tab. */
  begin(returnTo: string): Promise<void> {
    return this.explain(() => this.manager.signinRedirect({ state: { returnTo } satisfies Place }));
  }

  /** Ends what `begin` began, and answers with where the person was. The code of the address is used and gone. */
  async finish(): Promise<string> {
    const url = location.href;
    history.replaceState(null, '', location.pathname);
    const user = await this.explain(() => this.manager.signinRedirectCallback(url));
    if (!this.take(user)) {
      throw failed(
        `${this.settings.issuer} gave no token for this API. There it has to be known as ${this.settings.audience}, ` +
          'and its access tokens have to be JWTs.',
      );
    }
    return (user.state as Place | undefined)?.returnTo ?? '/';
  }

  /** Goes on with what an earlier page of this tab has begun. */
  async resume(): Promise<void> {
    const user = await this.manager.getUser();
    if (user !== null && user.expired !== true) this.take(user);
    else if (user?.refresh_token !== undefined) await this.manager.signinSilent().catch(() => null);
  }

  /** Forgets everything here before the page is left for the provider's, which may not be there. */
  async end(): Promise<void> {
    const user = await this.manager.getUser();
    // Not every provider lets tokens be revoked.
    if (user?.refresh_token !== undefined) await this.manager.revokeTokens(['refresh_token']).catch(() => undefined);
    await this.manager.removeUser();
    endSession();
    // Nor has every one a page for signing out.
    const hint = user?.id_token === undefined ? {} : { id_token_hint: user.id_token };
    await this.manager.signoutRedirect(hint).catch(() => undefined);
  }

  /** Renews by the refresh token where there is one. Without it a frame would be opened, which our policy forbids. */
  private take({ access_token: token, refresh_token: refreshToken }: User): boolean {
    if (typeof refreshToken === 'string') this.manager.startSilentRenew();
    return beginSession(token);
  }

  private async explain<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      throw failed(`With ${this.settings.issuer}: ${error instanceof Error ? error.message : 'no answer'}.`);
    }
  }
}
