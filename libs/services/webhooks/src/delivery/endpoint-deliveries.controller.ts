import type * as contract from '@keyledger/contract';
import {
  Answer,
  FromCall,
  Input,
  notFound,
  Operation,
  owners,
  pathId,
  readers,
  ReadGate,
  type Call,
} from '@keyledger/edge';
import { Controller } from '@nestjs/common';
import { Accounts } from '../accounts.js';
import { EndpointRecords } from './endpoint-records.js';
import {
  EndpointStatisticsSchema,
  MessageReplySchema,
  RecoverEndpointInput,
  RecoverReplySchema,
} from './message-schemas.js';
import { acceptedAnswer } from './messages.controller.js';
import { Messages, requireEnabled } from './messages.js';

/** What has become of the deliveries to one endpoint, and what brings some of them again. */
@Controller()
export class EndpointDeliveriesController {
  constructor(
    private readonly gate: ReadGate,
    private readonly accounts: Accounts,
    private readonly messages: Messages,
    private readonly records: EndpointRecords,
  ) {}

  @Operation({
    http: 'POST /v1/accounts/:accountId/webhook-endpoints/:endpointId/test',
    rpc: 'WebhookService/TestEndpoint',
    summary: 'Send a ping to a webhook endpoint',
    allow: owners,
    reply: MessageReplySchema,
    refuses: ['account-suspended', 'webhook-endpoint-disabled', 'position-not-reached'],
    status: 202,
    unconditional: true,
    unversioned: true,
  })
  async test(@FromCall() call: Call): Promise<Answer<contract.MessageReply>> {
    return acceptedAnswer(await this.messages.ping(pathId(call, 'accountId'), pathId(call, 'endpointId')));
  }

  @Operation({
    http: 'POST /v1/accounts/:accountId/webhook-endpoints/:endpointId/recover',
    rpc: 'WebhookService/RecoverEndpoint',
    summary: 'Send again what has failed, or was held, since a time',
    allow: owners,
    input: RecoverEndpointInput,
    reply: RecoverReplySchema,
    refuses: ['account-suspended', 'webhook-endpoint-disabled', 'position-not-reached'],
    example: { since: '2031-05-20T12:00:00Z' },
    unconditional: true,
    unversioned: true,
  })
  async recover(
    @FromCall() call: Call,
    @Input() { since }: RecoverEndpointInput,
  ): Promise<Answer<contract.RecoverReply>> {
    const accountId = pathId(call, 'accountId');
    const { account, position } = await this.messages.accountOf(accountId);
    const endpointId = pathId(call, 'endpointId');
    requireEnabled(account, endpointId);
    const recover = () => this.records.recover(endpointId, since, new Date());
    const recovered = await this.messages.again(accountId, recover);
    return new Answer({ recovered, position }, position);
  }

  @Operation({
    http: 'GET /v1/accounts/:accountId/webhook-endpoints/:endpointId/statistics',
    rpc: 'WebhookService/GetEndpointStatistics',
    summary: 'Count the attempts to a webhook endpoint, and what waits for it',
    allow: readers,
    reply: EndpointStatisticsSchema,
    unversioned: true,
  })
  async statistics(@FromCall() call: Call): Promise<Answer<contract.EndpointStatistics>> {
    const accountId = pathId(call, 'accountId');
    const position = await this.gate.ready(call, accountId);
    const endpointId = pathId(call, 'endpointId');
    if (this.accounts.get(accountId)?.endpoints[endpointId] === undefined) throw notFound();
    return new Answer(await this.records.statistics(endpointId), position);
  }
}
