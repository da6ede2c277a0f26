import type { CredentialType } from '@keyledger/domain';
import { ApiProperty } from '@nestjs/swagger';
import { Flag, Nested, OneOf, Text, Texts, Whole } from '../operation/fields.js';

/** Prefix of a token: what stands before its last underscore. */
const PREFIX = /^[a-z][a-z0-9_]{0,31}$/;
const FIELD = /^[a-z][A-Za-z0-9]{0,63}$/;

class NameRuleSchema {
  @Flag() required!: boolean;
  @Text({ max: 500, nullable: true, description: 'Regular expression that the whole name must match.' })
  pattern!: string | null;
  @Whole({ min: 1, max: 200 }) minLength!: number;
  @Whole({ min: 1, max: 200 }) maxLength!: number;
}

class PublicPartSchema {
  @Text({ max: 64, pattern: FIELD }) field!: string;
  @Text({ max: 32, pattern: PREFIX }) prefix!: string;
}

class SecretPartSchema extends PublicPartSchema {
  @OneOf(['token', 'webhook']) format!: 'token' | 'webhook';
}

class ModePrefixesSchema {
  @Text({ max: 32, pattern: PREFIX }) test!: string;
  @Text({ max: 32, pattern: PREFIX }) live!: string;
}

class AllowedChangesSchema {
  @Flag() suspend!: boolean;
  @Flag() revoke!: boolean;
  @Flag() rotate!: boolean;
  @OneOf(['always', 'ended', 'phrase', 'never']) delete!: CredentialType['allows']['delete'];
}

/** A credential type as a JSON file in KEYLEDGER_CREDENTIAL_TYPES describes it; see docs/credential-types.md. */
export class CredentialTypeFile implements Omit<CredentialType, 'issuedBy' | 'saltField'> {
  @Text({ max: 64, pattern: /^[a-z][a-z0-9_]*$/ }) type!: string;
  @Text({ max: 200 }) title!: string;
  @Nested(NameRuleSchema) name!: NameRuleSchema;
  @Whole({ min: 1, max: 100_000, nullable: true, description: 'Most undeleted ones in an account.' })
  limit!: number | null;
  @Nested(PublicPartSchema, { nullable: true }) publicPart!: PublicPartSchema | null;
  @Flag() publicPartMasked!: boolean;
  @Nested(SecretPartSchema) secretPart!: SecretPartSchema;
  @Nested(ModePrefixesSchema, { nullable: true }) modes!: ModePrefixesSchema | null;
  @Flag() belongsToApplication!: boolean;
  @Nested(AllowedChangesSchema) allows!: AllowedChangesSchema;
  @Flag() maySign!: boolean;
  @Flag() retained!: boolean;
  @Flag() bindsIpAllowlist!: boolean;
  @Flag() bindsEndpoints!: boolean;
  @Whole({ min: 1, max: 3650, nullable: true }) rotationAdviceDays!: number | null;
  @Texts({ maxItems: 20, maxLength: 500 }) advice!: string[];
}

/** A credential type as GET /v1/credential-types shows it: a file cannot say what only built-in types have. */
export class CredentialTypeSchema extends CredentialTypeFile implements CredentialType {
  @ApiProperty({ enum: ['create', 'api-access'] }) issuedBy!: CredentialType['issuedBy'];
  @ApiProperty({ type: String, nullable: true }) saltField!: string | null;
}
