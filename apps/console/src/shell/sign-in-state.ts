import { Store } from '../api/store.js';
import { toProblem, type ApiProblem } from '../api/problem.js';
import type { OidcSignIn } from './oidc.js';
import { beginSession, endSession, resumeSession } from './session.js';
import { usedCode } from './sign-in-code.js';
import { exchangeCode, readSignInSettings, type SignInSettings } from './sign-in.js';

interface SignInState {
  /** Undefined until it is known how people sign in. */
  readonly settings: SignInSettings | undefined;
  readonly problem: ApiProblem | undefined;
}

export const signInState = new Store<SignInState>({ settings: undefined, problem: undefined });

let oidc: Promise<OidcSignIn> | undefined;

/** The library for it is loaded only where people sign in with a provider. */
const oidcOf = (settings: SignInSettings | undefined): Promise<OidcSignIn> | undefined => {
  if (settings?.signIn !== 'oidc') return undefined;
  return (oidc ??= import('./oidc.js').then(({ OidcSignIn }) => new OidcSignIn(settings)));
};

const fail = (error: unknown): void => signInState.set({ ...signInState.get(), problem: toProblem(error) });

/** Signs in with a code or a whole link; whether that went well. */
export const signInWithCode = async (code: string): Promise<boolean> => {
  try {
    signInState.set({ ...signInState.get(), problem: undefined });
    return beginSession(await exchangeCode(code));
  } catch (error) {
    fail(error);
    return false;
  }
};

export const signInWithProvider = async (returnTo: string): Promise<void> => {
  const { settings } = signInState.get();
  try {
    await (await oidcOf(settings))?.begin(returnTo);
  } catch (error) {
    fail(error);
  }
};

/** Where to go on after the provider has sent the person back; null where that failed. */
export const finishSignIn = async (): Promise<string | null> => {
  const { settings } = signInState.get();
  try {
    return (await (await oidcOf(settings))?.finish()) ?? '/';
  } catch (error) {
    fail(error);
    return null;
  }
};

export const signOut = async (): Promise<void> => {
  const provider = await oidc;
  if (provider === undefined) endSession();
  else await provider.end();
};

/** Finds out how people sign in, and goes on with what this tab has begun before. */
export const openSignIn = async (): Promise<void> => {
  try {
    const settings = await readSignInSettings();
    await resumeSession(settings);
    const code = usedCode();
    if (code !== undefined) await signInWithCode(code);
    else if (!location.pathname.endsWith('/signed-in')) await (await oidcOf(settings))?.resume();
    signInState.set({ ...signInState.get(), settings });
  } catch (error) {
    fail(error);
  }
};
