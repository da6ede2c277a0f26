import type * as contract from '@keyledger/contract';
import { AccountSchema, ApplicationSchema, CredentialSchema } from '@keyledger/edge';
import { ApiProperty } from '@nestjs/swagger';

/** Credential types as OpenAPI documents them; the protos say what each field means. */

const nullableText = { type: String, nullable: true } as const;
const nullableWhole = { type: 'integer', nullable: true } as const;

class NameRuleSchema {
  @ApiProperty() required!: boolean;
  @ApiProperty({ ...nullableText, description: 'Regular expression that the whole name must match.' })
  pattern!: string | null;
  @ApiProperty({ type: 'integer' }) minLength!: number;
  @ApiProperty({ type: 'integer' }) maxLength!: number;
}

class PublicPartSchema {
  @ApiProperty() field!: string;
  @ApiProperty() prefix!: string;
}

class SecretPartSchema extends PublicPartSchema {
  @ApiProperty({ enum: ['token', 'webhook'] }) format!: 'token' | 'webhook';
}

class ModePrefixesSchema {
  @ApiProperty() test!: string;
  @ApiProperty() live!: string;
}

class AllowedChangesSchema {
  @ApiProperty() suspend!: boolean;
  @ApiProperty() revoke!: boolean;
  @ApiProperty() rotate!: boolean;
  @ApiProperty({ enum: ['always', 'ended', 'phrase', 'never'] }) delete!: contract.CredentialType['allows']['delete'];
}

class CredentialTypeSchema implements contract.CredentialType {
  @ApiProperty() type!: string;
  @ApiProperty() title!: string;
  @ApiProperty() name!: NameRuleSchema;
  @ApiProperty({ ...nullableWhole, description: 'Most undeleted ones in an account.' }) limit!: number | null;
  @ApiProperty({ enum: ['create', 'api-access'] }) issuedBy!: 'create' | 'api-access';
  @ApiProperty({ type: PublicPartSchema, nullable: true }) publicPart!: PublicPartSchema | null;
  @ApiProperty() publicPartMasked!: boolean;
  @ApiProperty() secretPart!: SecretPartSchema;
  @ApiProperty(nullableText) saltField!: string | null;
  @ApiProperty({ type: ModePrefixesSchema, nullable: true }) modes!: ModePrefixesSchema | null;
  @ApiProperty() belongsToApplication!: boolean;
  @ApiProperty() allows!: AllowedChangesSchema;
  @ApiProperty() maySign!: boolean;
  @ApiProperty() retained!: boolean;
  @ApiProperty() bindsIpAllowlist!: boolean;
  @ApiProperty() bindsEndpoints!: boolean;
  @ApiProperty(nullableWhole) rotationAdviceDays!: number | null;
  @ApiProperty({ type: [String] }) advice!: string[];
}

export class CredentialTypesSchema implements contract.CredentialTypes {
  @ApiProperty({ type: [CredentialTypeSchema] }) items!: CredentialTypeSchema[];
}

const nextCursor = { type: String, nullable: true, description: 'For the next page; null on the last one.' } as const;

export class AccountPageSchema implements contract.Page<contract.Account> {
  @ApiProperty({ type: [AccountSchema] }) items!: AccountSchema[];
  @ApiProperty(nextCursor) nextCursor!: string | null;
}

export class ApplicationPageSchema implements contract.Page<contract.Application> {
  @ApiProperty({ type: [ApplicationSchema] }) items!: ApplicationSchema[];
  @ApiProperty(nextCursor) nextCursor!: string | null;
}

export class CredentialPageSchema implements contract.Page<contract.Credential> {
  @ApiProperty({ type: [CredentialSchema] }) items!: CredentialSchema[];
  @ApiProperty(nextCursor) nextCursor!: string | null;
}
