import type * as contract from '@keyledger/contract';
import { disabledReasons, environments, webhookSchemes } from '@keyledger/domain';
import { ApiProperty, ApiPropertyOptional } from '../operation/documented.js';

/** The bodies of replies as OpenAPI documents them; the compiler holds them to the contract. */

const time = { type: String, format: 'date-time' } as const;
const nullableTime = { ...time, nullable: true } as const;
const whole = { type: 'integer', minimum: 0 } as const;
const nullableText = { type: String, nullable: true } as const;
const position = { description: 'Where the write stands in the log; give it as minPosition to read at least that.' };

class PlanSchema {
  @ApiProperty({ enum: ['free', 'paid'] }) tier!: 'free' | 'paid';
  @ApiProperty() paymentMethodOnFile!: boolean;
}

export class AccountSchema implements contract.Account {
  @ApiProperty() accountId!: string;
  @ApiProperty() name!: string;
  @ApiProperty(nullableText) externalId!: string | null;
  @ApiProperty() plan!: PlanSchema;
  @ApiProperty({ enum: ['active', 'suspended'] }) status!: 'active' | 'suspended';
  @ApiProperty(time) createdAt!: string;
  @ApiProperty(whole) revision!: number;
}

export class ApiAccessSchema implements contract.ApiAccess {
  @ApiProperty() enabled!: boolean;
  @ApiProperty(nullableText) credentialId!: string | null;
  @ApiProperty(nullableText) authTokenMasked!: string | null;
  @ApiProperty({ type: [String] }) ipAllowlist!: string[];
  @ApiProperty(nullableTime) enabledAt!: string | null;
  @ApiProperty(nullableTime) authTokenRefreshedAt!: string | null;
  @ApiProperty(whole) revision!: number;
}

class ApiEndpointSchema implements contract.ApiEndpoint {
  @ApiProperty() endpointId!: string;
  @ApiProperty() method!: string;
  @ApiProperty() path!: string;
  @ApiProperty({ enum: ['active', 'retired'] }) status!: 'active' | 'retired';
}

export class ApiEndpointCatalogueSchema implements contract.ApiEndpointCatalogue {
  @ApiProperty({ type: [ApiEndpointSchema] }) endpoints!: ApiEndpointSchema[];
  @ApiProperty({ ...whole, nullable: true }) revision!: number | null;
}

export class ApplicationSchema implements contract.Application {
  @ApiProperty() applicationId!: string;
  @ApiProperty() title!: string;
  @ApiProperty(nullableText) description!: string | null;
  @ApiProperty({ type: [ApiEndpointSchema] }) endpoints!: ApiEndpointSchema[];
  @ApiProperty(time) createdAt!: string;
  @ApiProperty(whole) revision!: number;
}

export class ApplicationSummarySchema implements contract.ApplicationSummary {
  @ApiProperty() applicationId!: string;
  @ApiProperty() title!: string;
  @ApiProperty(nullableText) description!: string | null;
  @ApiProperty({ description: 'GET of one application shows the endpoints themselves.' }) endpointCount!: number;
  @ApiProperty(time) createdAt!: string;
  @ApiProperty() revision!: number;
}

export class WebhookEndpointSchema implements contract.WebhookEndpoint {
  @ApiProperty() endpointId!: string;
  @ApiProperty() url!: string;
  @ApiProperty(nullableText) description!: string | null;
  @ApiProperty({ type: [String], description: 'Types that it asks for, exact or `prefix.*`; none: all.' })
  types!: string[];
  @ApiProperty({
    enum: webhookSchemes,
    description: 'Whose secret signs what it gets: the webhook signer, or the private salt of API access.',
  })
  scheme!: contract.WebhookEndpoint['scheme'];
  @ApiProperty() enabled!: boolean;
  @ApiProperty({
    enum: disabledReasons,
    nullable: true,
    description: '`requested` by an owner, `gone` (the receiver answered 410), or `failing` for too long.',
  })
  disabledReason!: contract.WebhookEndpoint['disabledReason'];
  @ApiProperty(time) createdAt!: string;
  @ApiProperty(whole) revision!: number;
}

const lastUse = 'When a verdict on it was last VALID. May lag by some seconds; replies to writes leave it null.';

class CredentialVersionSchema implements contract.CredentialVersion {
  @ApiProperty(whole) version!: number;
  @ApiProperty({ enum: ['current', 'overlap', 'ended'] }) state!: contract.CredentialVersion['state'];
  @ApiProperty(time) createdAt!: string;
  @ApiProperty(nullableTime) validUntil!: string | null;
  @ApiProperty({ ...nullableTime, description: lastUse }) lastUsedAt!: string | null;
}

export class CredentialSchema implements contract.Credential {
  @ApiProperty() credentialId!: string;
  @ApiProperty() type!: string;
  @ApiProperty({ enum: ['active', 'suspended', 'revoked', 'expired'] }) status!: contract.Credential['status'];
  @ApiProperty(nullableText) name!: string | null;
  @ApiProperty(nullableText) description!: string | null;
  @ApiProperty({ enum: ['test', 'live'], nullable: true }) mode!: contract.Credential['mode'];
  @ApiProperty({ enum: environments, nullable: true }) environment!: contract.Credential['environment'];
  @ApiProperty(nullableText) applicationId!: string | null;
  @ApiProperty({ type: [String] }) scopes!: string[];
  @ApiProperty(time) createdAt!: string;
  @ApiProperty(nullableTime) expiresAt!: string | null;
  @ApiProperty({ ...nullableTime, description: lastUse }) lastUsedAt!: string | null;
  @ApiProperty(nullableText) publicPart!: string | null;
  @ApiProperty() maskedSecret!: string;
  @ApiProperty() webhookSigner!: boolean;
  @ApiProperty({ type: [CredentialVersionSchema] }) versions!: CredentialVersionSchema[];
  @ApiProperty(nullableTime) rotationDueAt!: string | null;
  @ApiProperty(whole) revision!: number;
}

class DayCountSchema {
  @ApiProperty({ type: String, format: 'date', description: 'In UTC.' }) date!: string;
  @ApiProperty({ description: 'Of the verdict.' }) code!: string;
  @ApiProperty(whole) count!: number;
}

export class CredentialUsageSchema implements contract.CredentialUsage {
  @ApiProperty({ type: [DayCountSchema], description: 'The oldest first. May lag by some seconds.' })
  days!: DayCountSchema[];
}

export class PositionReplySchema implements contract.PositionReply {
  @ApiProperty(position) position!: string;
}

class VerifierPositionSchema implements contract.VerifierPosition {
  @ApiProperty() verifierId!: string;
  @ApiProperty({ description: 'The last one that it has reported.' }) position!: string;
  @ApiProperty({ ...time, description: 'Since when it has reported that one.' }) at!: string;
  @ApiProperty({ description: 'It is past the position in question, and never answers by what was before.' })
  guaranteed!: boolean;
}

export class ReceiptSchema implements contract.Receipt {
  @ApiProperty({ description: 'The one that was asked about.' }) position!: string;
  @ApiProperty({ type: [VerifierPositionSchema] }) verifiers!: VerifierPositionSchema[];
}

const waitedFor: { type: [typeof VerifierPositionSchema]; description: string } = {
  type: [VerifierPositionSchema],
  description: 'Only with `?wait=verifiers`.',
};

export class PositionReplyWithReceiptSchema extends PositionReplySchema {
  @ApiPropertyOptional(waitedFor) verifiers?: VerifierPositionSchema[];
}

export class AccountReplySchema extends PositionReplySchema implements contract.AccountReply {
  @ApiProperty() account!: AccountSchema;
}

export class AccountReplyWithReceiptSchema extends AccountReplySchema {
  @ApiPropertyOptional(waitedFor) verifiers?: VerifierPositionSchema[];
}

export class ApplicationReplySchema extends PositionReplySchema implements contract.ApplicationReply {
  @ApiProperty() application!: ApplicationSchema;
}

export class WebhookEndpointReplySchema extends PositionReplySchema implements contract.WebhookEndpointReply {
  @ApiProperty() webhookEndpoint!: WebhookEndpointSchema;
}

export class CredentialReplySchema extends PositionReplySchema implements contract.CredentialReply {
  @ApiProperty() credential!: CredentialSchema;
}

export class CredentialReplyWithReceiptSchema extends CredentialReplySchema {
  @ApiPropertyOptional(waitedFor) verifiers?: VerifierPositionSchema[];
}

const secretParts = {
  type: 'object',
  additionalProperties: { type: 'string', nullable: true },
  description: 'By the field names of the type, such as clientId and clientSecret. Shown in this reply only.',
} as const;
const unavailable = {
  enum: ['acknowledged', 'expired', 'ended'],
  description: 'Why a repeated request no longer shows the secret.',
} as const;

export class IssuedCredentialReplySchema extends CredentialReplySchema implements contract.IssuedCredentialReply {
  @ApiProperty(secretParts) secret!: Record<string, string | null>;
  @ApiPropertyOptional(unavailable) secretUnavailable?: contract.SecretUnavailable;
}

export class RegisterApplicationReplySchema
  extends ApplicationReplySchema
  implements contract.RegisterApplicationReply
{
  @ApiPropertyOptional({
    type: CredentialSchema,
    nullable: true,
    description:
      'The first key pair, where it was asked for; null in the answer to a repeat where it is deleted since.',
  })
  credential?: CredentialSchema | null;
  @ApiPropertyOptional(secretParts) secret?: Record<string, string | null>;
  @ApiPropertyOptional(unavailable) secretUnavailable?: contract.SecretUnavailable;
}

export class AuthTokenReplySchema extends PositionReplySchema implements contract.AuthTokenReply {
  @ApiProperty(nullableText) authToken!: string | null;
  @ApiPropertyOptional(unavailable) secretUnavailable?: contract.SecretUnavailable;
}

export class AuthTokenReplyWithReceiptSchema extends AuthTokenReplySchema {
  @ApiPropertyOptional(waitedFor) verifiers?: VerifierPositionSchema[];
}

export class EnableApiAccessReplySchema extends CredentialReplySchema implements contract.EnableApiAccessReply {
  @ApiProperty(nullableText) authToken!: string | null;
  @ApiPropertyOptional(unavailable) secretUnavailable?: contract.SecretUnavailable;
  @ApiProperty(nullableText) privateSalt!: string | null;
}

export class IpAllowlistReplySchema extends PositionReplySchema implements contract.IpAllowlistReply {
  @ApiProperty({ type: [String] }) cidrs!: string[];
}

export class ApiEndpointsReplySchema extends PositionReplySchema implements contract.ApiEndpointsReply {
  @ApiProperty({ type: [ApiEndpointSchema] }) endpoints!: ApiEndpointSchema[];
}

export class RemovalSchema implements contract.Removal {
  @ApiProperty(nullableText) phrase!: string | null;
  @ApiProperty(nullableTime) expiresAt!: string | null;
  @ApiProperty({ type: [String] }) consequences!: string[];
}
