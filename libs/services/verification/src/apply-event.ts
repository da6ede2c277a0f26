import {
  accountIdOf,
  applicationIdOf,
  catalogueStream,
  isAccountEvent,
  readEvent,
  type AccountEvent,
} from '@keyledger/domain';
import type { RecordedEvent } from '@keyledger/event-log';
import type { CredentialIndex } from './credential-index.js';
import { credentialsIn, evolveVerifiable, evolveVerifiableAccount, evolveVerifiableApplication } from './verifiable.js';

/** Where there is a new token, the one before is just a deleted credential. */
const forgetReplacedToken = (index: CredentialIndex, accountId: string): void => {
  const tokenId = index.account(accountId)?.tokenId ?? null;
  if (tokenId === null || index.credential(tokenId)?.status !== 'api-disabled') return;
  index.setCredential(accountId, tokenId, undefined);
};

const applyToAccount = (index: CredentialIndex, accountId: string, event: AccountEvent): void => {
  if (event.type === 'ApiAccessEnabled') forgetReplacedToken(index, accountId);
  const before = index.account(accountId);
  const account = evolveVerifiableAccount(before, event);
  if (account !== undefined && account !== before) index.setAccount(accountId, account);
  const applicationId = applicationIdOf(event);
  if (applicationId !== undefined) {
    index.setApplication(applicationId, evolveVerifiableApplication(index.application(applicationId), event));
  }
  for (const credentialId of credentialsIn(event)) {
    const known = index.credential(credentialId);
    const after = evolveVerifiable(credentialId, known, event);
    if (after !== known) index.setCredential(accountId, credentialId, after);
  }
};

const applyDecoded = (index: CredentialIndex, accountId: string | undefined, recorded: RecordedEvent): void => {
  const { event } = readEvent(recorded);
  if (accountId !== undefined && isAccountEvent(event)) applyToAccount(index, accountId, event);
  if (event.type !== 'ApiEndpointsReplaced') return;
  for (const [endpointId, { to }] of Object.entries(event.changes)) index.setEndpoint(endpointId, to);
};

/**
 * Brings the next event of the log into the index. Throws where this version cannot read it; then whatever it may have
 * changed is marked as unreadable, so that no verdict goes by it.
 */
export const applyEvent = (index: CredentialIndex, streamPrefix: string, recorded: RecordedEvent): void => {
  const accountId = accountIdOf(streamPrefix, recorded.streamId);
  if (accountId === undefined && recorded.streamId !== catalogueStream(streamPrefix)) return;
  try {
    applyDecoded(index, accountId, recorded);
  } catch (error) {
    if (accountId === undefined) index.catalogueUnreadable = true;
    else index.markUnreadable(accountId);
    throw error;
  }
};
