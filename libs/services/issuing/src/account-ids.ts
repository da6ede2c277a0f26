import { toId } from '@keyledger/domain';
import { v5 as uuidV5 } from 'uuid';

/** Fixed for ever: another namespace would give known external ids new accounts. */
const EXTERNAL_ID_NAMESPACE = '8a6d3f0e-4c1b-5d2a-9e7f-1b0c5a4d3e2f';

/** The id of the account with this external id (UUIDv5, RFC 9562). */
export const accountIdOfExternal = (externalId: string): string =>
  toId('accountId', uuidV5(externalId, EXTERNAL_ID_NAMESPACE));
