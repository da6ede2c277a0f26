import { Flag, Nested, OneOf, Text, Texts, Whole } from '../operation/fields.js';

/** Prefix of a token: what stands before its last underscore. */
const PREFIX = /^[a-z][a-z0-9_]{0,31}$/;
const FIELD = /^[a-z][A-Za-z0-9]{0,63}$/;

class NameRules {
  @Flag() required!: boolean;
  @Text({ max: 500, nullable: true }) pattern!: string | null;
  @Whole({ min: 1, max: 200 }) minLength!: number;
  @Whole({ min: 1, max: 200 }) maxLength!: number;
}

class PublicPart {
  @Text({ max: 64, pattern: FIELD }) field!: string;
  @Text({ max: 32, pattern: PREFIX }) prefix!: string;
}

class SecretPart extends PublicPart {
  @OneOf(['token', 'webhook']) format!: 'token' | 'webhook';
}

class Modes {
  @Text({ max: 32, pattern: PREFIX }) test!: string;
  @Text({ max: 32, pattern: PREFIX }) live!: string;
}

class Allows {
  @Flag() suspend!: boolean;
  @Flag() revoke!: boolean;
  @Flag() rotate!: boolean;
  @OneOf(['always', 'ended', 'phrase', 'never']) delete!: 'always' | 'ended' | 'phrase' | 'never';
}

/** A credential type as a JSON file in KEYLEDGER_CREDENTIAL_TYPES describes it; see docs/credential-types.md. */
export class CredentialTypeFile {
  @Text({ max: 64, pattern: /^[a-z][a-z0-9_]*$/ }) type!: string;
  @Text({ max: 200 }) title!: string;
  @Nested(NameRules) name!: NameRules;
  @Whole({ min: 1, max: 100_000, nullable: true }) limit!: number | null;
  @Nested(PublicPart, { nullable: true }) publicPart!: PublicPart | null;
  @Flag() publicPartMasked!: boolean;
  @Nested(SecretPart) secretPart!: SecretPart;
  @Nested(Modes, { nullable: true }) modes!: Modes | null;
  @Flag() belongsToApplication!: boolean;
  @Nested(Allows) allows!: Allows;
  @Flag() maySign!: boolean;
  @Flag() retained!: boolean;
  @Flag() bindsIpAllowlist!: boolean;
  @Flag() bindsEndpoints!: boolean;
  @Whole({ min: 1, max: 3650, nullable: true }) rotationAdviceDays!: number | null;
  @Texts({ maxItems: 20, maxLength: 500 }) advice!: string[];
}
