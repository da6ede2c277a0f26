import type { NewCredential } from './account-commands.js';
import type { AccountEvent } from './events.js';
import type { Credential, RegisteredAccount } from './account-state.js';
import { sameValue } from '../changes.js';
import { newestVersionNumber, statusAt } from './credential-status.js';
import { credentialCreated, requireRoom } from './decide-creation.js';
import { credentialOf, requireKnownType, type Decide } from './decision.js';
import { Rejection } from '../rejection.js';

/** The token of an account with API access; everything about the token needs the switch to be on. */
const accountTokenOf = (state: RegisteredAccount): Credential => {
  if (state.facts.apiAccess !== null) return credentialOf(state, state.facts.apiAccess.credentialId);
  throw new Rejection(
    'api-access-disabled',
    'The account has no API access. Enable it first (POST /v1/accounts/{accountId}/api-access, or EnableApiAccess).',
  );
};

export const enableApiAccess: Decide<'EnableApiAccess'> = (command, state, context) => {
  if (state.facts.apiAccess !== null) {
    // Everywhere else "already true" is a success, but this reply would show a secret that cannot be shown again.
    throw new Rejection(
      'api-access-already-enabled',
      'The account has API access already. Refresh its token, or disable and enable it for a new token and salt.',
    );
  }
  const type = [...context.types.values()].find(({ issuedBy }) => issuedBy === 'api-access');
  if (type === undefined) {
    throw new Rejection('unknown-credential-type', 'No credential type of this installation comes with API access.');
  }
  requireRoom(type, state, context);
  const { credentialId, secret, maskedPrivateSalt } = command;
  const token: NewCredential = {
    credentialId,
    credentialType: type.type,
    name: null,
    description: null,
    mode: null,
    environment: null,
    applicationId: null,
    scopes: [],
    expiresAt: null,
    publicPart: null,
    secret,
  };
  const { at } = context;
  const maskedAuthToken = secret.maskedSecret;
  return [
    { type: 'ApiAccessEnabled', credentialId, maskedAuthToken, maskedPrivateSalt, at },
    credentialCreated(token, type, at),
  ];
};

/** Token, salt and allow-list go together, in one append. */
export const disableApiAccess: Decide<'DisableApiAccess'> = (_, state, { at }) => {
  const { apiAccess, ipAllowlist } = state.facts;
  if (apiAccess === null) return [];
  const { credentialId } = apiAccess;
  const emptied: AccountEvent = { type: 'IpAllowlistChanged', changes: { cidrs: { from: ipAllowlist, to: [] } }, at };
  return [
    { type: 'CredentialDeleted', credentialId, at },
    ...(ipAllowlist.length === 0 ? [] : [emptied]),
    { type: 'ApiAccessDisabled', credentialId, at },
  ];
};

export const refreshAuthToken: Decide<'RefreshAuthToken'> = (command, state, context) => {
  const token = accountTokenOf(state);
  requireKnownType(token, 'refreshed', context);
  if (statusAt(token, context.at) === 'expired') {
    throw new Rejection(
      'credential-expired',
      'The token has expired, which is final. Disable API access and enable it again for a new token and salt.',
    );
  }
  const version = newestVersionNumber(token) + 1;
  const { digest, maskedSecret } = command.secret;
  const { credentialId } = token;
  return [{ type: 'AuthTokenRefreshed', credentialId, version, digest, maskedSecret, at: context.at }];
};

/** Each look at a recoverable secret is a fact of its own for the auditors: it is never "already true". */
export const revealAuthToken: Decide<'RevealAuthToken'> = (_, state, context) => {
  const token = accountTokenOf(state);
  requireKnownType(token, 'revealed', context);
  return [{ type: 'SecretRevealed', credentialId: token.credentialId, at: context.at }];
};

export const setIpAllowlist: Decide<'SetIpAllowlist'> = (command, state, context) => {
  accountTokenOf(state);
  const { ipAllowlist } = state.facts;
  if (sameValue(ipAllowlist, command.cidrs)) return [];
  const cidrs = { from: ipAllowlist, to: command.cidrs };
  return [{ type: 'IpAllowlistChanged', changes: { cidrs }, at: context.at }];
};
