import type * as contract from '@keyledger/contract';
import { messageSources } from '@keyledger/contract';
import {
  Answer,
  FromCall,
  Input,
  invalid,
  messageReaders,
  Operation,
  pathId,
  Problem,
  readers,
  ReadGate,
  roleCovers,
  senders,
  type Call,
} from '@keyledger/edge';
import type { Position } from '@keyledger/event-log';
import { Controller } from '@nestjs/common';
import { endpointsAsking, type WebhookAccount } from '../webhook-account.js';
import { jsonHoldsSecret } from './json-secrets.js';
import { MessageQueries, type Sight } from './message-queries.js';
import {
  AttemptPageSchema,
  ListAttemptsInput,
  ListMessagesInput,
  MessagePageSchema,
  MessageReplySchema,
  MessageSchema,
  ResendMessageInput,
  SendMessageInput,
} from './message-schemas.js';
import { MessageStore } from './message-store.js';
import { Messages, requireEnabled, type Accepted } from './messages.js';

/** Types of messages that only we send. */
const OURS = 'keyledger.';

export const acceptedAnswer = ({ messageId, position, replayed }: Accepted): Answer<contract.MessageReply> =>
  new Answer({ messageId, position }, position, undefined, replayed);

/** Who does not read the account, but sends for it, sees what was sent: what its events tell is not for them. */
const sightOf = ({ principal }: Call, accountId: string): Sight => {
  const reads = readers.some((role) => roleCovers(principal, role, accountId));
  return { accountId, sources: reads ? messageSources : ['sent'] };
};

/** Where the message goes again, unless an endpoint is named. */
const allOf = ({ endpoints }: WebhookAccount, { deliveries }: contract.Message): readonly string[] => {
  const there = deliveries.map(({ endpointId }) => endpointId).filter((id) => endpoints[id] !== undefined);
  if (there.length > 0) return there;
  const detail = 'No endpoint is left that the message went to. Name one that asks for its type as endpointId.';
  throw new Problem('not-found', detail);
};

/** The endpoint named, where the message may go. */
const oneOf = (account: WebhookAccount, { type, deliveries }: contract.Message, endpointId: string): string => {
  requireEnabled(account, endpointId);
  if (![...deliveries, ...endpointsAsking(account, type)].some((each) => each.endpointId === endpointId)) {
    throw invalid('endpointId', 'must be an endpoint that the message went to, or one that asks for its type');
  }
  return endpointId;
};

/** What is sent to the servers of an account, and what has become of it. */
@Controller()
export class MessagesController {
  constructor(
    private readonly gate: ReadGate,
    private readonly messages: Messages,
    private readonly store: MessageStore,
    private readonly queries: MessageQueries,
  ) {}

  @Operation({
    http: 'POST /v1/accounts/:accountId/messages',
    rpc: 'WebhookService/SendMessage',
    summary: 'Send a message to the webhook endpoints of an account that ask for its type',
    allow: senders,
    input: SendMessageInput,
    verbatim: 'payload',
    reply: MessageReplySchema,
    refuses: ['account-suspended', 'position-not-reached'],
    example: { type: 'order.paid', payload: { orderId: 7, amount: '12.50' } },
    status: 202,
    idempotent: 'without-secret',
    unconditional: true,
    unversioned: true,
  })
  async send(@FromCall() call: Call, @Input() input: SendMessageInput): Promise<Answer<contract.MessageReply>> {
    if (input.type.startsWith(OURS)) throw invalid('type', `must not begin with ${OURS}: those are sent by us`);
    if (jsonHoldsSecret(input.payload)) {
      throw invalid('payload', 'must not hold a secret of a credential: what is stored here is shown to others');
    }
    return acceptedAnswer(await this.messages.send(call, pathId(call, 'accountId'), input));
  }

  @Operation({
    http: 'GET /v1/accounts/:accountId/messages',
    rpc: 'WebhookService/ListMessages',
    summary: 'List the messages of an account and their deliveries, newest first',
    allow: messageReaders,
    input: ListMessagesInput,
    reply: MessagePageSchema,
    unversioned: true,
  })
  async list(
    @FromCall() call: Call,
    @Input() { limit, cursor, ...filters }: ListMessagesInput,
  ): Promise<Answer<contract.Page<contract.MessageSummary>>> {
    const { sight, position } = await this.toRead(call);
    return new Answer(await this.queries.list(sight, filters, { limit, cursor }), position);
  }

  @Operation({
    http: 'GET /v1/accounts/:accountId/messages/:messageId',
    rpc: 'WebhookService/GetMessage',
    summary: 'Show a message and its deliveries',
    allow: messageReaders,
    reply: MessageSchema,
    unversioned: true,
  })
  async get(@FromCall() call: Call): Promise<Answer<contract.Message>> {
    const { sight, position } = await this.toRead(call);
    return new Answer(await this.queries.get(sight, pathId(call, 'messageId')), position);
  }

  @Operation({
    http: 'GET /v1/accounts/:accountId/messages/:messageId/attempts',
    rpc: 'WebhookService/ListAttempts',
    summary: 'List the attempts to deliver a message, oldest first',
    allow: messageReaders,
    input: ListAttemptsInput,
    reply: AttemptPageSchema,
    unversioned: true,
  })
  async attempts(
    @FromCall() call: Call,
    @Input() input: ListAttemptsInput,
  ): Promise<Answer<contract.Page<contract.DeliveryAttempt>>> {
    const { sight, position } = await this.toRead(call);
    return new Answer(await this.queries.attempts(sight, pathId(call, 'messageId'), input), position);
  }

  @Operation({
    http: 'POST /v1/accounts/:accountId/messages/:messageId/resend',
    rpc: 'WebhookService/ResendMessage',
    summary: 'Send a message again, with the same id',
    allow: senders,
    input: ResendMessageInput,
    reply: MessageReplySchema,
    refuses: ['account-suspended', 'webhook-endpoint-disabled', 'position-not-reached'],
    status: 202,
    unconditional: true,
    unversioned: true,
  })
  async resend(
    @FromCall() call: Call,
    @Input() { endpointId }: ResendMessageInput,
  ): Promise<Answer<contract.MessageReply>> {
    const accountId = pathId(call, 'accountId');
    const { account, position } = await this.messages.accountOf(accountId);
    const message = await this.queries.get(sightOf(call, accountId), pathId(call, 'messageId'));
    const { messageId } = message;
    const to = endpointId === undefined ? allOf(account, message) : [oneOf(account, message, endpointId)];
    await this.messages.again(accountId, () => this.store.resend(accountId, messageId, to, new Date()));
    return acceptedAnswer({ messageId, position, replayed: false });
  }

  /** Throws `not-found` where there is no such account. */
  private async toRead(call: Call): Promise<{ readonly sight: Sight; readonly position: Position }> {
    const accountId = pathId(call, 'accountId');
    const position = await this.gate.ready(call, accountId);
    this.messages.requireAccount(accountId);
    return { sight: sightOf(call, accountId), position };
  }
}
