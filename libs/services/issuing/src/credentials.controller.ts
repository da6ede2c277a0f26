import type * as contract from '@keyledger/contract';
import { environments, type Environment } from '@keyledger/domain';
import {
  type Answer,
  type Call,
  CredentialReplySchema,
  CredentialReplyWithReceiptSchema,
  FromCall,
  Id,
  Input,
  Instant,
  IssuedCredentialReplySchema,
  keyManagers,
  OneOf,
  Operation,
  pathId,
  Text,
  Texts,
} from '@keyledger/edge';
import { Controller } from '@nestjs/common';
import { credentialAnswer, Commands, credentialIn } from './commands.js';
import { issuedAnswer, CreateOnce } from './create-once.js';
import { newCredential, requestOf, SecretGenerator } from './secret-generator.js';
import { SealedSecrets } from './sealed-secrets.js';

const visibleAscii = /^[!-~]+$/;

const scopes = {
  maxItems: 50,
  maxLength: 64,
  description: 'What the credential may be used for, in words of your API.',
  pattern: visibleAscii,
  mistakeIn: (text: string) =>
    visibleAscii.test(text) ? undefined : 'must be visible ASCII characters without spaces',
};

export class CreateCredentialInput {
  @Text({ max: 64, description: 'One of GET /v1/credential-types.', example: 'client_credentials' }) type!: string;
  @Text({
    max: 200,
    oneLine: true,
    optional: true,
    nullable: true,
    description: 'Unique in the account for its type.',
    example: 'billing-service',
  })
  name?: string | null;
  @Text({ min: 0, max: 1000, optional: true, nullable: true }) description?: string | null;
  @OneOf(['test', 'live'], { optional: true, nullable: true }) mode?: 'test' | 'live' | null;
  @OneOf(environments, { optional: true, nullable: true }) environment?: Environment | null;
  @Id('applicationId', { optional: true, nullable: true }) applicationId?: string | null;
  @Texts({ ...scopes, optional: true }) scopes?: string[];
  @Instant({ optional: true, nullable: true, description: 'The credential stops working then, for good.' })
  expiresAt?: string | null;
}

class UpdateCredentialInput {
  @Text({ min: 0, max: 1000, optional: true, nullable: true }) description?: string | null;
  @Texts({ ...scopes, optional: true, nullable: true }) scopes?: string[] | null;
  @Instant({ optional: true, nullable: true }) expiresAt?: string | null;
}

class RevokeCredentialInput {
  @Text({ max: 500, optional: true, nullable: true }) reason?: string | null;
}

class SetWebhookSignerInput {
  @Id('credentialId') credentialId!: string;
}

type CredentialAnswer = Promise<Answer<contract.CredentialReply>>;
type CredentialAnswerWithReceipt = Promise<Answer<contract.WithReceipt<contract.CredentialReply>>>;

const onCredential = 'v1/accounts/:accountId/credentials/:credentialId';

/** The life of a credential but for its rotation and its removal. */
@Controller()
export class CredentialsController {
  constructor(
    private readonly commands: Commands,
    private readonly createOnce: CreateOnce,
    private readonly sealed: SealedSecrets,
    private readonly generator: SecretGenerator,
  ) {}

  @Operation({
    http: 'POST /v1/accounts/:accountId/credentials',
    rpc: 'CredentialService/CreateCredential',
    summary: 'Issue a credential; its secret is shown in this reply only',
    allow: keyManagers,
    input: CreateCredentialInput,
    reply: IssuedCredentialReplySchema,
    refuses: [
      'unknown-credential-type',
      'name-taken',
      'limit-reached',
      'plan-does-not-allow',
      'not-supported-by-type',
      'account-suspended',
    ],
    example: { type: 'client_credentials', name: 'billing-service', scopes: ['invoices:read'] },
    status: 201,
    idempotent: 'with-secret',
    unconditional: true,
  })
  async create(
    @FromCall() call: Call,
    @Input() input: CreateCredentialInput,
  ): Promise<Answer<contract.IssuedCredentialReply>> {
    const request = requestOf(input);
    const issued = await this.createOnce.run(call, request, () => {
      const { type, material } = this.generator.forNew(request.credentialType, request.mode);
      const credential = newCredential(request, material);
      const { credentialId } = credential;
      return { command: { type: 'CreateCredential', ...credential }, credentialId, type, material };
    });
    return issuedAnswer(issued);
  }

  @Operation({
    http: `PATCH /${onCredential}`,
    rpc: 'CredentialService/UpdateCredential',
    summary: 'Change description, scopes or expiry',
    allow: keyManagers,
    input: UpdateCredentialInput,
    reply: CredentialReplySchema,
    refuses: [
      'not-supported-by-type',
      'credential-revoked',
      'credential-expired',
      'webhook-signer-in-use',
      'account-suspended',
    ],
    example: { description: 'Sends the invoices at night.', expiresAt: '2031-05-20T12:00:00Z' },
  })
  async update(@FromCall() call: Call, @Input() input: UpdateCredentialInput): CredentialAnswer {
    const { scopes, ...rest } = input;
    const changes = scopes === undefined ? rest : { ...rest, scopes: [...new Set(scopes ?? [])] };
    return this.run(call, { type: 'UpdateCredential', credentialId: pathId(call, 'credentialId'), ...changes });
  }

  @Operation({
    http: `POST /${onCredential}/acknowledge`,
    rpc: 'CredentialService/AcknowledgeSecret',
    summary: 'Confirm that the secret is saved; a repeat never shows it again',
    allow: keyManagers,
    reply: CredentialReplySchema,
    refuses: ['not-supported-by-type', 'account-suspended'],
  })
  async acknowledge(@FromCall() call: Call): CredentialAnswer {
    const credentialId = pathId(call, 'credentialId');
    const executed = await this.commands.run(call, { type: 'AcknowledgeSecret', credentialId });
    await this.sealed.acknowledged(credentialIn(executed.state, credentialId));
    return credentialAnswer(executed, credentialId);
  }

  @Operation({
    http: `POST /${onCredential}/suspend`,
    rpc: 'CredentialService/SuspendCredential',
    summary: 'Stop a credential for a while',
    allow: keyManagers,
    reply: CredentialReplyWithReceiptSchema,
    refuses: ['not-supported-by-type', 'credential-revoked', 'credential-expired', 'webhook-signer-in-use'],
    waits: true,
  })
  async suspend(@FromCall() call: Call): CredentialAnswerWithReceipt {
    const command = { type: 'SuspendCredential', credentialId: pathId(call, 'credentialId') } as const;
    return this.commands.answer(call, await this.run(call, command));
  }

  @Operation({
    http: `POST /${onCredential}/resume`,
    rpc: 'CredentialService/ResumeCredential',
    summary: 'Let a suspended credential work again',
    allow: keyManagers,
    reply: CredentialReplySchema,
    refuses: ['not-supported-by-type', 'credential-revoked', 'credential-expired', 'account-suspended'],
  })
  async resume(@FromCall() call: Call): CredentialAnswer {
    return this.run(call, { type: 'ResumeCredential', credentialId: pathId(call, 'credentialId') });
  }

  @Operation({
    http: `POST /${onCredential}/revoke`,
    rpc: 'CredentialService/RevokeCredential',
    summary: 'Stop a credential for good, at once',
    allow: keyManagers,
    input: RevokeCredentialInput,
    reply: CredentialReplyWithReceiptSchema,
    refuses: ['not-supported-by-type', 'webhook-signer-in-use'],
    example: { reason: 'It was on a laptop that is lost.' },
    waits: true,
  })
  async revoke(@FromCall() call: Call, @Input() input: RevokeCredentialInput): CredentialAnswerWithReceipt {
    const credentialId = pathId(call, 'credentialId');
    const command = { type: 'RevokeCredential', credentialId, reason: input.reason ?? null } as const;
    return this.commands.answer(call, await this.run(call, command));
  }

  @Operation({
    http: 'PUT /v1/accounts/:accountId/webhook-signer',
    rpc: 'CredentialService/SetWebhookSigner',
    summary: 'Let another secret sign the webhooks of the account',
    allow: keyManagers,
    input: SetWebhookSignerInput,
    reply: CredentialReplySchema,
    refuses: ['not-supported-by-type', 'may-not-sign', 'account-suspended'],
  })
  async setSigner(@FromCall() call: Call, @Input() { credentialId }: SetWebhookSignerInput): CredentialAnswer {
    return this.run(call, { type: 'SetWebhookSigner', credentialId });
  }

  private async run(
    call: Call,
    command: Extract<Parameters<Commands['run']>[1], { credentialId: string }>,
  ): CredentialAnswer {
    return credentialAnswer(await this.commands.run(call, command), command.credentialId);
  }
}
