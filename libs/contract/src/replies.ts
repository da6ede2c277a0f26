import type { Account, ApiEndpoint, Application, Credential } from './resources.js';

/** The bodies with which the HTTP routes answer a command; a GET answers with the bare resource or a page. */

/** What a DELETE answers with: the position of the write, as every reply to a command has it. */
export interface PositionReply {
  readonly position: string;
}

export interface AccountReply extends PositionReply {
  readonly account: Account;
}

export interface ApplicationReply extends PositionReply {
  readonly application: Application;
}

export interface CredentialReply extends PositionReply {
  readonly credential: Credential;
}

export interface IpAllowlistReply extends PositionReply {
  readonly cidrs: readonly string[];
}

export interface ApiEndpointsReply extends PositionReply {
  readonly endpoints: readonly ApiEndpoint[];
}

/** Present only where a repeated request can no longer show its secret; then the secret fields are null. */
interface Unavailability {
  readonly secretUnavailable?: 'acknowledged' | 'expired';
}

/** The parts of a credential by the field names of its type, such as `clientId` and `clientSecret`. */
type SecretParts = Readonly<Record<string, string | null>>;

export interface IssuedCredentialReply extends CredentialReply, Unavailability {
  readonly secret: SecretParts;
}

/** `credential` and `secret` are there only if the request asked for keys. */
export interface RegisterApplicationReply extends ApplicationReply, Unavailability {
  readonly credential?: Credential;
  readonly secret?: SecretParts;
}

export interface AuthTokenReply extends PositionReply, Unavailability {
  readonly authToken: string | null;
}

export interface EnableApiAccessReply extends CredentialReply, AuthTokenReply {
  readonly privateSalt: string | null;
}
