import { Store } from '../api/store.js';

/** Who is signed in, as the token says. The token itself is kept for this tab alone. */
export interface Session {
  readonly token: string;
  readonly expiresAtMs: number;
  readonly subject: string;
  readonly roles: readonly string[];
  readonly accounts: readonly string[] | '*';
}

const PLACE = 'keyledger.session';

export const session = new Store<Session | null>(null);
/** True once the session has ended while somebody was working: what is on the page stays. */
export const hasEnded = new Store(false);

/** Where tokens say what they are for: the claims' names, or the ways to them joined by dots. */
interface ClaimNames {
  readonly rolesClaim: string;
  readonly accountsClaim: string;
}

let claimNames: ClaimNames = { rolesClaim: 'roles', accountsClaim: 'accounts' };

const own = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

const claimAt = (claims: unknown, path: string): unknown => own(claims, path) ?? path.split('.').reduce(own, claims);

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

const claimsOf = (token: string): unknown => {
  const [, payload = ''] = token.split('.');
  const bytes = Uint8Array.from(atob(payload.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
};

/** Null for what is no token of a kind that the API takes. */
const sessionOf = (token: string): Session | null => {
  try {
    const claims = claimsOf(token);
    const accounts = claimAt(claims, claimNames.accountsClaim);
    return {
      token,
      expiresAtMs: Number(own(claims, 'exp')) * 1000,
      subject: String(own(claims, 'sub')),
      roles: textsIn(claimAt(claims, claimNames.rolesClaim)),
      accounts: accounts === '*' ? '*' : textsIn(accounts),
    };
  } catch {
    return null;
  }
};

const channel = new BroadcastChannel('keyledger.session');
let expiry: ReturnType<typeof setTimeout> | undefined;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const watchExpiry = (current: Session): void => {
  clearTimeout(expiry);
  const leftMs = Math.min(Math.max(0, current.expiresAtMs - Date.now()), LONGEST_TIMER_MS);
  expiry = setTimeout(endedSession, leftMs);
};

const adopt = (token: string): boolean => {
  const next = sessionOf(token);
  if (next === null || next.expiresAtMs <= Date.now()) return false;
  sessionStorage.setItem(PLACE, token);
  session.set(next);
  hasEnded.set(false);
  watchExpiry(next);
  return true;
};

/** Begins a session, also in other tabs whose own has ended. Whether the token is of a kind that can be used. */
export const beginSession = (token: string): boolean => {
  const begun = adopt(token);
  if (begun) channel.postMessage({ token });
  return begun;
};

/** The server takes the token no longer, or its time is over. */
export function endedSession(): void {
  sessionStorage.removeItem(PLACE);
  if (session.get() !== null) hasEnded.set(true);
}

const forget = (): void => {
  clearTimeout(expiry);
  sessionStorage.clear();
  hasEnded.set(false);
  session.set(null);
};

/** Signs out in every tab. */
export const endSession = (): void => {
  forget();
  channel.postMessage({ signedOut: true });
};

/** What tabs tell each other. It never leaves the memory of this browser. */
interface Told {
  readonly token?: string;
  readonly signedOut?: true;
  readonly asks?: true;
}

const waitForOtherTabs = (): Promise<void> =>
  new Promise((resolve) => {
    const stop = session.subscribe(() => resolve());
    setTimeout(() => {
      stop();
      resolve();
    }, 100);
    channel.postMessage({ asks: true });
  });

/** Only one tab has what it takes to renew a session. */
const isRenewalOf = (current: Session, token: string): boolean => {
  const next = sessionOf(token);
  return next !== null && next.subject === current.subject && next.expiresAtMs > current.expiresAtMs;
};

const hear = ({ token, signedOut, asks }: Told): void => {
  const current = session.get();
  const isSignedIn = current !== null && !hasEnded.get();
  if (token !== undefined && (!isSignedIn || isRenewalOf(current, token))) adopt(token);
  if (signedOut === true) forget();
  if (asks === true && isSignedIn) channel.postMessage({ token: current.token });
};

/** Goes on with the session of this tab, or of another one. */
export const resumeSession = async (names: ClaimNames): Promise<void> => {
  claimNames = names;
  channel.addEventListener('message', ({ data }: MessageEvent<Told>) => hear(data));
  const kept = sessionStorage.getItem(PLACE);
  if (kept === null || !adopt(kept)) await waitForOtherTabs();
};
