import type * as contract from '@keyledger/contract';
import {
  type Answer,
  type Call,
  CredentialReplySchema,
  FromCall,
  Input,
  IssuedCredentialReplySchema,
  keyManagers,
  Operation,
  pathId,
} from '@keyledger/edge';
import { Controller } from '@nestjs/common';
import { credentialAnswer, Commands, credentialIn } from './commands.js';
import { issuedAnswer, IssueSecret } from './issue-secret.js';
import {
  CreateCredentialInput,
  RevokeCredentialInput,
  SetWebhookSignerInput,
  UpdateCredentialInput,
} from './credential.inputs.js';
import { newCredential, requestOf, SecretGenerator } from './secret-generator.js';
import { SealedSecrets } from './sealed-secrets.js';

type CredentialAnswer = Promise<Answer<contract.CredentialReply>>;

const onCredential = 'v1/accounts/:accountId/credentials/:credentialId';

/** The life of a credential but for its rotation and its removal. */
@Controller()
export class CredentialsController {
  constructor(
    private readonly commands: Commands,
    private readonly issueSecret: IssueSecret,
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
    status: 201,
    idempotent: true,
  })
  async create(
    @FromCall() call: Call,
    @Input() input: CreateCredentialInput,
  ): Promise<Answer<contract.IssuedCredentialReply>> {
    const request = requestOf(input);
    const issued = await this.issueSecret.run(call, request, () => {
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
    reply: CredentialReplySchema,
  })
  async suspend(@FromCall() call: Call): CredentialAnswer {
    return this.run(call, { type: 'SuspendCredential', credentialId: pathId(call, 'credentialId') });
  }

  @Operation({
    http: `POST /${onCredential}/resume`,
    rpc: 'CredentialService/ResumeCredential',
    summary: 'Let a suspended credential work again',
    allow: keyManagers,
    reply: CredentialReplySchema,
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
    reply: CredentialReplySchema,
  })
  async revoke(@FromCall() call: Call, @Input() input: RevokeCredentialInput): CredentialAnswer {
    const credentialId = pathId(call, 'credentialId');
    return this.run(call, { type: 'RevokeCredential', credentialId, reason: input.reason ?? null });
  }

  @Operation({
    http: 'PUT /v1/accounts/:accountId/webhook-signer',
    rpc: 'CredentialService/SetWebhookSigner',
    summary: 'Let another secret sign the webhooks of the account',
    allow: keyManagers,
    input: SetWebhookSignerInput,
    reply: CredentialReplySchema,
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
