import { Nested, OneOf, Text, Texts } from '@keyledger/edge';

const environments = ['development', 'staging', 'production'] as const;
const endpointIds = { maxItems: 500, maxLength: 64, description: 'Ids of GET /v1/api-endpoints.' };

class GenerateKeysInput {
  @OneOf(environments) environment!: (typeof environments)[number];
}

export class RegisterApplicationInput {
  @Text({ max: 200, example: 'Partner portal' }) title!: string;
  @Text({ min: 0, max: 1000, optional: true, nullable: true }) description?: string | null;
  @Texts(endpointIds) endpointIds!: string[];
  @Nested(GenerateKeysInput, { optional: true, nullable: true, description: 'Issue the first key pair along with it.' })
  generateKeys?: GenerateKeysInput | null;
}

export class UpdateApplicationInput {
  @Text({ max: 200, optional: true }) title?: string;
  @Text({ min: 0, max: 1000, optional: true, nullable: true }) description?: string | null;
}

export class SetApplicationEndpointsInput {
  @Texts(endpointIds) endpointIds!: string[];
}
