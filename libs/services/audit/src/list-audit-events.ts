import type * as contract from '@keyledger/contract';
import { ApiProperty, Id, PageInput, PageSchema, QueryInstant, QueryManyOf, Text } from '@keyledger/edge';
import { actions } from './changes-of.js';

/** Filters of a trail. All that are given apply. */
export class ListAuditEventsInput extends PageInput {
  @Text({ max: 255, optional: true, description: 'Id of the actor, exact.' }) actor?: string;

  @QueryManyOf(actions, {
    description:
      'Types of events; give it once for each. `AuditTrailRead` is shown only where it is named here; all others are ' +
      'shown unless others are named.',
    example: ['CredentialRevoked', 'CredentialDeleted'],
  })
  action: readonly string[] = [];

  @QueryManyOf(actions, {
    description: 'Types of events to leave out, even where `action` names them; give it once for each.',
    example: ['SecretAcknowledged'],
  })
  excludeAction: readonly string[] = [];

  @Id('credentialId', { optional: true, description: 'What happened to this credential; that it stopped signing too.' })
  credentialId?: string;

  @Id('applicationId', { optional: true, description: 'What happened to this application and to its key pairs.' })
  applicationId?: string;

  @QueryInstant({ optional: true, description: 'Items at this time or later.' }) from?: string;

  @QueryInstant({ optional: true, description: 'Items before this time.' }) to?: string;
}

const nullableText = { type: String, nullable: true } as const;
const anyValue = { anyOf: [{}], description: 'A JSON value of any kind; null where there was none.' };

class ActorSchema {
  @ApiProperty({ enum: ['user', 'service'] }) type!: 'user' | 'service';
  @ApiProperty() id!: string;
  @ApiProperty({ ...nullableText, description: 'Who issued its token; null in items from before this was noted.' })
  issuer!: string | null;
}

class FieldChangeSchema implements contract.FieldChange {
  @ApiProperty({ description: 'Named as in the resources.' }) field!: string;
  @ApiProperty(anyValue) from!: unknown;
  @ApiProperty(anyValue) to!: unknown;
}

class AuditItemSchema implements contract.AuditItem {
  @ApiProperty() eventId!: string;
  @ApiProperty({ enum: actions }) action!: string;
  @ApiProperty() actor!: ActorSchema;
  @ApiProperty({ type: String, format: 'date-time' }) at!: string;
  @ApiProperty(nullableText) ip!: string | null;
  @ApiProperty(nullableText) userAgent!: string | null;
  @ApiProperty(nullableText) accountId!: string | null;
  @ApiProperty({ ...nullableText, description: 'Of a moved signer the new one; `changes` name the one before.' })
  credentialId!: string | null;
  @ApiProperty({ ...nullableText, description: 'Also of events of a key pair: the application that has it.' })
  applicationId!: string | null;
  @ApiProperty({ type: [FieldChangeSchema] }) changes!: FieldChangeSchema[];
  @ApiProperty() correlationId!: string;
  @ApiProperty() position!: string;
}

export class AuditPageSchema extends PageSchema implements contract.Page<contract.AuditItem> {
  @ApiProperty({ type: [AuditItemSchema] }) items!: AuditItemSchema[];
}
