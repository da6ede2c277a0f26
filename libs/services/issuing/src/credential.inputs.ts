import { idForms } from '@keyledger/domain';
import { Instant, OneOf, Text, Texts, Whole } from '@keyledger/edge';

const scopes = {
  maxItems: 50,
  maxLength: 64,
  description: 'What the credential may be used for, in words of your API.',
  valid: { message: 'must be visible characters without spaces', test: (text: string) => /^[!-~]+$/.test(text) },
};
const environments = ['development', 'staging', 'production'] as const;

export class CreateCredentialInput {
  @Text({ max: 64, description: 'One of GET /v1/credential-types.', example: 'client_credentials' }) type!: string;
  @Text({
    max: 200,
    optional: true,
    nullable: true,
    description: 'Unique in the account for its type.',
    example: 'billing-service',
  })
  name?: string | null;
  @Text({ min: 0, max: 1000, optional: true, nullable: true }) description?: string | null;
  @OneOf(['test', 'live'], { optional: true, nullable: true }) mode?: 'test' | 'live' | null;
  @OneOf(environments, { optional: true, nullable: true }) environment?: (typeof environments)[number] | null;
  @Text({ max: 40, pattern: idForms.applicationId, optional: true, nullable: true }) applicationId?: string | null;
  @Texts({ ...scopes, optional: true }) scopes?: string[];
  @Instant({ optional: true, nullable: true, description: 'The credential stops working then, for good.' })
  expiresAt?: string | null;
}

export class UpdateCredentialInput {
  @Text({ min: 0, max: 1000, optional: true, nullable: true }) description?: string | null;
  @Texts({ ...scopes, optional: true, nullable: true }) scopes?: string[] | null;
  @Instant({ optional: true, nullable: true }) expiresAt?: string | null;
}

export class RevokeCredentialInput {
  @Text({ max: 500, optional: true, nullable: true }) reason?: string | null;
}

export class RotateCredentialInput {
  @Whole({ min: 0, max: 604_800, optional: true, default: 0, description: 'How long the old secret stays valid.' })
  overlapSeconds?: number;
}

export class ChangeRotationInput {
  @Instant({ description: 'New end of the overlap.' }) overlapEndsAt!: string;
}

export class DeleteCredentialInput {
  @Text({
    max: 200,
    optional: true,
    nullable: true,
    description: 'The phrase of GET …/removal, where the type asks for it.',
  })
  confirmation?: string | null;
}

export class SetWebhookSignerInput {
  @Text({ max: 41, pattern: idForms.credentialId })
  credentialId!: string;
}
