import type * as contract from '@keyledger/contract';
import { deliveryStates, messageSources } from '@keyledger/contract';
import {
  AnyJson,
  ApiProperty,
  Id,
  Instant,
  PageInput,
  PageSchema,
  PositionReplySchema,
  QueryInstant,
  QueryOneOf,
  Text,
} from '@keyledger/edge';

const MOST_PAYLOAD_BYTES = 64 * 1024;
const TYPE = /^[\w-]+(?:\.[\w-]+)*$/;
const TYPE_FORM = 'parts of letters, digits, _ and - with dots between, such as order.paid';

export class SendMessageInput {
  @Text({ max: 128, pattern: TYPE, form: TYPE_FORM, description: 'What it is about.', example: 'order.paid' })
  type!: string;
  @AnyJson({
    maxBytes: MOST_PAYLOAD_BYTES,
    description: 'The body of the webhook: any JSON of up to 64 KiB, without a secret of a credential.',
  })
  payload!: string;
}

export class ResendMessageInput {
  @Id('endpointId', {
    optional: true,
    description: 'Where to, if it went there or the endpoint asks for its type. Left out: all that it went to.',
  })
  endpointId?: string;
}

export class RecoverEndpointInput {
  @Instant({ description: 'Messages accepted at this time or later.' }) since!: string;
}

export class ListMessagesInput extends PageInput {
  @Text({ max: 128, optional: true, description: 'Messages of this type, exact.' }) type?: string;
  @Id('endpointId', { optional: true, description: 'Messages to this endpoint.' }) endpointId?: string;
  @QueryOneOf(deliveryStates, { optional: true, description: 'Messages with a delivery in this state.' })
  state?: contract.DeliveryState;
  @QueryInstant({ optional: true, description: 'Messages accepted at this time or later.' }) from?: string;
  @QueryInstant({ optional: true, description: 'Messages accepted before this time.' }) to?: string;
}

export class ListAttemptsInput extends PageInput {}

const nullableText = { type: String, nullable: true } as const;
const nullableTime = { ...nullableText, format: 'date-time' } as const;
const time = { type: String, format: 'date-time' } as const;

class DeliverySchema implements contract.Delivery {
  @ApiProperty() endpointId!: string;
  @ApiProperty({ enum: deliveryStates }) state!: contract.DeliveryState;
  @ApiProperty({ type: 'integer' }) attempts!: number;
  @ApiProperty(nullableTime) nextAttemptAt!: string | null;
  @ApiProperty(nullableTime) lastAttemptAt!: string | null;
  @ApiProperty({ ...nullableText, description: '`delivered`, or why it was not.' }) lastOutcome!: string | null;
  @ApiProperty({ type: 'integer', nullable: true }) lastStatus!: number | null;
}

class MessageSummarySchema implements contract.MessageSummary {
  @ApiProperty() messageId!: string;
  @ApiProperty() type!: string;
  @ApiProperty({ enum: messageSources }) source!: contract.MessageSource;
  @ApiProperty(time) createdAt!: string;
  @ApiProperty({ type: [DeliverySchema] }) deliveries!: DeliverySchema[];
}

export class MessageSchema extends MessageSummarySchema implements contract.Message {
  @ApiProperty({ description: 'The body of each delivery, as the text that it was sent as.' }) payload!: string;
}

export class MessagePageSchema extends PageSchema implements contract.Page<contract.MessageSummary> {
  @ApiProperty({ type: [MessageSummarySchema] }) items!: MessageSummarySchema[];
}

class DeliveryAttemptSchema implements contract.DeliveryAttempt {
  @ApiProperty() endpointId!: string;
  @ApiProperty({ type: 'integer' }) number!: number;
  @ApiProperty(time) at!: string;
  @ApiProperty({ type: 'integer' }) durationMs!: number;
  @ApiProperty({ description: '`delivered`, or why it was not.' }) outcome!: string;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Of the answer, where there was one.' })
  status!: number | null;
  @ApiProperty({ description: 'Its first KiB. What looks like one of our secrets is masked.' }) answer!: string;
}

export class AttemptPageSchema extends PageSchema implements contract.Page<contract.DeliveryAttempt> {
  @ApiProperty({ type: [DeliveryAttemptSchema] }) items!: DeliveryAttemptSchema[];
}

export class MessageReplySchema extends PositionReplySchema implements contract.MessageReply {
  @ApiProperty() messageId!: string;
}

export class RecoverReplySchema extends PositionReplySchema implements contract.RecoverReply {
  @ApiProperty({ type: 'integer', description: 'How many deliveries are pending again.' }) recovered!: number;
}

/** Not `DayCount`: that is of verdicts, and the document has one schema for each name. */
class AttemptCountSchema {
  @ApiProperty({ type: String, format: 'date', description: 'In UTC.' }) date!: string;
  @ApiProperty({ description: '`delivered`, or why it was not.' }) outcome!: string;
  @ApiProperty({ type: 'integer' }) count!: number;
}

class BacklogSchema {
  @ApiProperty({ type: 'integer' }) count!: number;
  @ApiProperty({ type: 'integer', nullable: true }) oldestAgeSeconds!: number | null;
}

export class EndpointStatisticsSchema implements contract.EndpointStatistics {
  @ApiProperty({ type: [AttemptCountSchema], description: 'Attempts by day (UTC) and outcome, the oldest day first.' })
  days!: AttemptCountSchema[];
  @ApiProperty(nullableTime) lastSuccessAt!: string | null;
  @ApiProperty(nullableTime) lastFailureAt!: string | null;
  @ApiProperty() backlog!: BacklogSchema;
}
