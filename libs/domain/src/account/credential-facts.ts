import type { CredentialType } from '../types/credential-type.js';

export type Mode = 'test' | 'live';
export type Environment = 'development' | 'staging' | 'production';

/** What a request says of a credential that it creates. */
export interface RequestedFacts {
  readonly credentialType: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly mode: Mode | null;
  readonly environment: Environment | null;
  readonly applicationId: string | null;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
}

export const requestedFacts = [
  ...(['credentialType', 'name', 'description', 'mode', 'environment', 'applicationId', 'scopes'] as const),
  'expiresAt',
] as const satisfies readonly (keyof RequestedFacts)[];

/** Facts of the type at creation, which the credential keeps: later folds need no type data. */
export const typeFacts = [
  ...(['publicPartMasked', 'bindsIpAllowlist', 'bindsEndpoints', 'retained', 'maySign'] as const),
  'rotationAdviceDays',
] as const satisfies readonly (keyof CredentialType)[];

/** What is said of a credential once, when it is created. */
export interface CredentialFacts extends RequestedFacts, Pick<CredentialType, (typeof typeFacts)[number]> {
  /** The public half of a pair, as presented by clients; null for single tokens. */
  readonly publicPart: string | null;
}

/** The named fields of `source`, and no others. */
export const pick = <T extends object, K extends keyof T>(source: T, names: readonly K[]): Pick<T, K> =>
  Object.fromEntries(names.map((name) => [name, source[name]])) as Pick<T, K>;
