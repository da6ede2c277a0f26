import { UserManager, WebStorageStateStore, type User } from 'oidc-client-ts';
import { beginSession, endedSession } from './session.js';
import type { OidcSettings } from './sign-in.js';

const here = (path: string): string => `${location.origin}/console/${path}`;

/** Where the person was, to come back to. */
interface Place {
  readonly returnTo: string;
}

/** Signing in with an OpenID Connect provider: authorization code with PKCE, everything kept for this tab alone. */
export class OidcSignIn {
  private readonly manager: UserManager;

  constructor({ issuer, clientId, scope, audience }: OidcSettings) {
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
      // By the refresh token: no frame is ever opened.
      automaticSilentRenew: scope.split(' ').includes('offline_access'),
      silentRequestTimeoutInSeconds: 10,
      revokeTokensOnSignout: true,
    });
    this.manager.events.addUserLoaded(({ access_token: token }) => void beginSession(token));
    this.manager.events.addAccessTokenExpired(() => endedSession());
  }

  /** Goes to the provider. The page is left: forms are kept for the tab. */
  begin(returnTo: string): Promise<void> {
    return this.manager.signinRedirect({ state: { returnTo } satisfies Place });
  }

  /** Ends what `begin` began, and answers with where the person was. The code of the address is used and gone. */
  async finish(): Promise<string> {
    const url = location.href;
    history.replaceState(null, '', location.pathname);
    const { access_token: token, state } = await this.manager.signinRedirectCallback(url);
    beginSession(token);
    return (state as Place | undefined)?.returnTo ?? '/';
  }

  /** Renews by itself what an earlier page of this tab has begun. */
  async resume(): Promise<void> {
    const user: User | null = await this.manager.getUser();
    if (user !== null && user.expired !== true) beginSession(user.access_token);
    else if (user?.refresh_token !== undefined) await this.manager.signinSilent().catch(() => null);
  }

  async end(): Promise<void> {
    try {
      await this.manager.signoutRedirect();
    } catch {
      // A provider without a page for it: what is here is forgotten all the same.
      await this.manager.removeUser();
    }
  }
}
