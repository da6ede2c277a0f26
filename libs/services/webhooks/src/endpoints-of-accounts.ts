import type { WebhookEndpoint } from '@keyledger/domain';
import type { Position } from '@keyledger/event-log';
import type { NewMessage } from './delivery/message-store.js';

/** What is known of the endpoints of accounts. */
export interface EndpointsOfAccounts {
  /** True once all up to the position is known, false after `timeoutMs`. */
  waitFor(position: Position, timeoutMs: number): Promise<boolean>;
  /** Whether the account has any. */
  hasEndpoints(accountId: string): boolean;
  /** Those of the account that ask for the type, disabled ones too. */
  asking(accountId: string, type: string): readonly WebhookEndpoint[];
  /** Accounts with such endpoints. */
  accountsAsking(type: string): readonly string[];
}

/** A disabled endpoint gets what it asked for once its owner wants that. */
export const deliveriesTo = (endpoints: readonly WebhookEndpoint[]): NewMessage['to'] =>
  endpoints.map(({ endpointId, enabled }) => ({ endpointId, state: enabled ? 'pending' : 'held' }));
