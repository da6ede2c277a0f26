import { problemOf, unreachable } from '../api/problem.js';

/** How people sign in here, and where their tokens say what they may do. */
export type SignInSettings = {
  readonly rolesClaim: string;
  readonly accountsClaim: string;
} & ({ readonly signIn: 'link' | 'none' } | OidcSettings);

export interface OidcSettings {
  readonly signIn: 'oidc';
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  readonly audience: string;
}

const ask = async (path: string, init?: RequestInit): Promise<unknown> => {
  const response = await fetch(path, { ...init, cache: 'no-store' }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw await problemOf(response);
  return response.json();
};

export const readSignInSettings = async (): Promise<SignInSettings> =>
  (await ask('/console/config.json')) as SignInSettings;

/** The token that a sign-in link is good for, once. Throws an ApiProblem. */
export const exchangeCode = async (code: string): Promise<string> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await ask('/console/session', { method: 'POST', headers, body: JSON.stringify({ code }) });
  return (answer as { readonly token: string }).token;
};

/** The code in a pasted link, or in what is already a code. */
export const codeIn = (text: string): string => text.trim().replace(/^.*#/, '');
