/** What shows a credential to `POST /v1/verify` and its like. */
export interface Shown {
  readonly credential?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly sharedKey?: string;
  readonly secretKey?: string;
}

/** A question for a verdict, whichever door it goes through. */
export interface Asked {
  readonly shown: Shown;
  readonly ip?: string;
  readonly endpoint?: string | { readonly method: string; readonly path: string };
  readonly scopes?: readonly string[];
}

/** What every door says of a valid credential, in the words of JSON. */
export interface Facts {
  readonly accountId: string;
  readonly applicationId: string | null;
  readonly credentialId: string;
  readonly version: number;
  readonly type: string;
  readonly mode: string | null;
  readonly environment: string | null;
  readonly scopes: readonly string[];
}

export interface Verdict {
  readonly code: string;
  /** Null where the door says nothing of the credential. */
  readonly facts: Facts | null;
}

/** Undefined: this door cannot ask that. */
export type Ask = (asked: Asked) => Promise<Verdict | undefined>;

export const factsIn = (said: Readonly<Record<string, unknown>>): Facts | null => {
  const { accountId, credentialId, version, type, scopes = [] } = said;
  if (typeof accountId !== 'string') return null;
  const { applicationId = null, mode = null, environment = null } = said;
  return { accountId, credentialId, version, type, scopes, applicationId, mode, environment } as Facts;
};

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

/** A secret alone goes into the header that its type is meant for, and what no header could hold into Basic. */
const headerOfCredential = (credential: string): Record<string, string> => {
  if (/[:\s]/.test(credential)) return { authorization: basic(credential) };
  if (credential.startsWith('kat_')) return { 'x-auth-token': credential };
  if (credential.startsWith('key_')) return { 'x-api-key': credential };
  return { authorization: `Bearer ${credential}` };
};

/** As an end client shows it to a gateway; undefined where no header can say it. */
export const headersFor = (shown: Shown): Record<string, string> | undefined => {
  const { credential, clientId, clientSecret, sharedKey, secretKey } = shown;
  if ((clientId === undefined) !== (clientSecret === undefined)) return undefined;
  if (credential !== undefined && clientId !== undefined) return undefined;
  return {
    ...(credential === undefined ? {} : headerOfCredential(credential)),
    ...(clientId === undefined ? {} : { authorization: basic(`${clientId}:${clientSecret}`) }),
    ...(sharedKey === undefined ? {} : { 'x-shared-key': sharedKey }),
    ...(secretKey === undefined ? {} : { 'x-secret-key': secretKey }),
  };
};

/** The one text that introspection takes; undefined where it is not one. */
export const textOf = (shown: Shown): string | undefined => {
  const { credential, clientId, clientSecret, sharedKey, secretKey } = shown;
  const texts = [
    credential,
    clientId === undefined || clientSecret === undefined ? undefined : `${clientId}:${clientSecret}`,
    sharedKey === undefined || secretKey === undefined ? undefined : `${sharedKey}:${secretKey}`,
  ].filter((text) => text !== undefined);
  const fields = Object.values(shown).filter((value) => value !== undefined);
  const [text, ...more] = texts;
  return more.length > 0 || fields.length > (credential === undefined ? 2 : 1) ? undefined : text;
};
