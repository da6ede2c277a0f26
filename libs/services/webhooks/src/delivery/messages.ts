import { createHash } from 'node:crypto';
import { ping } from '@keyledger/contract';
import { notFound, Problem, writesPaused, type Call } from '@keyledger/edge';
import type { Position } from '@keyledger/event-log';
import { v7 as uuidV7 } from 'uuid';
import type { Accounts } from '../accounts.js';
import type { Freshness } from '../freshness.js';
import { deliveriesTo } from '../endpoints-of-accounts.js';
import { endpointsAsking, type WebhookAccount } from '../webhook-account.js';
import { AccountTurns } from './account-turns.js';
import { messageIdOf } from './ids.js';
import type { KeyedRequest, MessageStore, NewMessage } from './message-store.js';

/** What was accepted, and the position that its endpoints were looked up at. */
export interface Accepted {
  readonly messageId: string;
  readonly position: Position;
  readonly replayed: boolean;
}

/** What came with a request. */
interface Content {
  readonly type: string;
  readonly payload: string;
}

const sha256 = (...parts: readonly string[]): Buffer => createHash('sha256').update(JSON.stringify(parts)).digest();

const requestOf = (call: Call, { type, payload }: Content, position: Position): KeyedRequest | undefined => {
  const { idempotencyKey, principal, target } = call;
  if (idempotencyKey === undefined) return undefined;
  const keyHash = sha256(principal.issuer, principal.subject, target, idempotencyKey);
  return { keyHash, bodyHash: sha256(type, payload), position };
};

const suspended = (): Problem =>
  new Problem('account-suspended', 'The account is suspended: nothing is sent for it until it is resumed.');

const notFresh = (): Problem =>
  new Problem('position-not-reached', 'The endpoints of the account are not known at present. Try again.', [], {
    'Retry-After': '1',
  });

/** To send again, of one account. */
const MOST_WAITING = 16;

const reused = (): Problem =>
  new Problem(
    'idempotency-key-reused',
    'This Idempotency-Key was used with another body. Use a new key for a new request.',
  );

const tooBusy = (): Problem =>
  new Problem('too-busy', 'Too many requests to send again are waiting for this account. Try again.', [], {
    'Retry-After': '1',
  });

/** Throws `not-found`, and `webhook-endpoint-disabled` for one to which nothing is sent. */
export const requireEnabled = ({ endpoints }: WebhookAccount, endpointId: string): void => {
  const endpoint = endpoints[endpointId];
  if (endpoint === undefined) throw notFound();
  if (endpoint.enabled) return;
  throw new Problem('webhook-endpoint-disabled', 'The webhook endpoint is disabled: enable it first.');
};

/** Takes messages in. */
export class Messages {
  private readonly turns = new AccountTurns(1);

  constructor(
    private readonly accounts: Accounts,
    private readonly freshness: Freshness,
    private readonly store: MessageStore,
    private readonly isPaused: boolean,
  ) {}

  /** Once this resolves the message is durable, and goes to every endpoint that was acknowledged before the call. */
  async send(call: Call, accountId: string, content: Content): Promise<Accepted> {
    const { account, position } = await this.accountOf(accountId);
    const message = this.messageOf(accountId, content, deliveriesTo(endpointsAsking(account, content.type)));
    const request = requestOf(call, content, position);
    if (await this.store.accept({ ...message, request })) {
      return { messageId: message.messageId, position, replayed: false };
    }
    const known = request && (await this.store.requestOf(request));
    // Forgotten between the two questions: it is a new request again.
    if (known === undefined) return this.send(call, accountId, content);
    if (!known.sameBody) throw reused();
    return { messageId: known.messageId, position: known.position, replayed: true };
  }

  /** A message of a type of ours, to this endpoint alone. */
  async ping(accountId: string, endpointId: string): Promise<Accepted> {
    const { account, position } = await this.accountOf(accountId);
    requireEnabled(account, endpointId);
    const payload = JSON.stringify({ type: ping.type, endpointId, time: new Date().toISOString() });
    const to = [{ endpointId, state: 'pending' as const }];
    const message = this.messageOf(accountId, { type: ping.type, payload }, to);
    await this.store.accept({ ...message, source: 'ping' });
    return { messageId: message.messageId, position, replayed: false };
  }

  /**
   * What sends many messages again: one of an account after the other, so that it keeps no database from others.
   * Throws `too-busy` where too many wait.
   */
  async again<T>(accountId: string, work: () => Promise<T>): Promise<T> {
    if (this.turns.waiting(accountId) >= MOST_WAITING) throw tooBusy();
    await this.turns.take(accountId);
    try {
      return await work();
    } finally {
      this.turns.end(accountId);
    }
  }

  /** Throws `not-found` where there is no such account. */
  requireAccount(accountId: string): void {
    if (this.accounts.get(accountId) === undefined) throw notFound();
  }

  /** The account as of this call, to send for it. Throws `not-found`, `account-suspended` and `read-only`. */
  async accountOf(accountId: string): Promise<{ readonly account: WebhookAccount; readonly position: Position }> {
    if (this.isPaused) throw writesPaused();
    if (!(await this.freshness.reached())) throw notFresh();
    const account = this.accounts.get(accountId);
    const { position } = this.accounts;
    if (account === undefined || position === null) throw notFound();
    if (account.status === 'suspended') throw suspended();
    return { account, position };
  }

  private messageOf(accountId: string, { type, payload }: Content, to: NewMessage['to']): NewMessage {
    const at = new Date().toISOString();
    const messageId = messageIdOf(uuidV7());
    return { messageId, accountId, type, source: 'sent', payload: Buffer.from(payload), at, to };
  }
}
