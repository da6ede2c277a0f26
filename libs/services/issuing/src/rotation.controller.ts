import type * as contract from '@keyledger/contract';
import { getKeyed, type AccountState } from '@keyledger/domain';
import {
  Answer,
  type Call,
  CredentialReplySchema,
  CredentialReplyWithReceiptSchema,
  FromCall,
  Input,
  Instant,
  IssuedCredentialReplySchema,
  keyManagers,
  Operation,
  pathId,
  PositionReplySchema,
  Whole,
} from '@keyledger/edge';
import { Controller } from '@nestjs/common';
import { credentialAnswer, Commands } from './commands.js';
import { issuedAnswer, CreateOnce, type CreatingCommand } from './create-once.js';
import { SecretGenerator } from './secret-generator.js';

class RotateCredentialInput {
  @Whole({ min: 0, max: 604_800, optional: true, default: 0, description: 'How long the old secret stays valid.' })
  overlapSeconds?: number;
}

class ChangeRotationInput {
  @Instant({ description: 'New end of the overlap.' }) overlapEndsAt!: string;
}

const onCredential = 'v1/accounts/:accountId/credentials/:credentialId';

const rotationRefusals = [
  ...(['not-supported-by-type', 'credential-revoked', 'credential-expired'] as const),
  ...(['no-rotation-in-progress', 'account-suspended'] as const),
] as const;

/** Replacing a secret, with a time in which both work. */
@Controller()
export class RotationController {
  constructor(
    private readonly commands: Commands,
    private readonly createOnce: CreateOnce,
    private readonly generator: SecretGenerator,
  ) {}

  @Operation({
    http: `POST /${onCredential}/rotate`,
    rpc: 'CredentialService/RotateCredential',
    summary: 'Issue a new secret; the old one stays valid for the overlap',
    allow: keyManagers,
    input: RotateCredentialInput,
    reply: IssuedCredentialReplySchema,
    refuses: [
      'not-supported-by-type',
      'credential-revoked',
      'credential-expired',
      'rotation-in-progress',
      'account-suspended',
    ],
    example: { overlapSeconds: 3600 },
    idempotent: 'with-secret',
  })
  async rotate(
    @FromCall() call: Call,
    @Input() input: RotateCredentialInput,
  ): Promise<Answer<contract.IssuedCredentialReply>> {
    const overlapSeconds = input.overlapSeconds ?? 0;
    const credentialId = pathId(call, 'credentialId');
    const prepare = (state: AccountState): CreatingCommand => {
      const credential = state.phase === 'absent' ? undefined : getKeyed(state.credentials, credentialId);
      const { type, material } = this.generator.forNext(credential);
      const command = { type: 'RotateCredential', credentialId, overlapSeconds, secret: material.secret } as const;
      return { command, credentialId, type, material };
    };
    return issuedAnswer(await this.createOnce.run(call, { overlapSeconds }, prepare));
  }

  @Operation({
    http: `PATCH /${onCredential}/rotation`,
    rpc: 'CredentialService/ChangeRotation',
    summary: 'Let the overlap end earlier or later',
    allow: keyManagers,
    input: ChangeRotationInput,
    reply: CredentialReplySchema,
    refuses: rotationRefusals,
  })
  async change(
    @FromCall() call: Call,
    @Input() { overlapEndsAt }: ChangeRotationInput,
  ): Promise<Answer<contract.CredentialReply>> {
    const credentialId = pathId(call, 'credentialId');
    const executed = await this.commands.run(call, { type: 'ChangeRotation', credentialId, overlapEndsAt });
    return credentialAnswer(executed, credentialId);
  }

  @Operation({
    http: `POST /${onCredential}/rotation/finish`,
    rpc: 'CredentialService/FinishRotation',
    summary: 'End the overlap now: only the new secret works',
    allow: keyManagers,
    reply: CredentialReplyWithReceiptSchema,
    refuses: rotationRefusals,
    waits: true,
  })
  async finish(@FromCall() call: Call): Promise<Answer<contract.WithReceipt<contract.CredentialReply>>> {
    const credentialId = pathId(call, 'credentialId');
    const executed = await this.commands.run(call, { type: 'FinishRotation', credentialId });
    return this.commands.answer(call, credentialAnswer(executed, credentialId));
  }

  @Operation({
    http: `DELETE /${onCredential}/rotation`,
    rpc: 'CredentialService/CancelRotation',
    summary: 'Take the rotation back: the new secret dies, the old one stays',
    allow: keyManagers,
    reply: PositionReplySchema,
    unversioned: true,
    refuses: rotationRefusals,
  })
  async cancel(@FromCall() call: Call): Promise<Answer<contract.PositionReply>> {
    const credentialId = pathId(call, 'credentialId');
    const { position } = await this.commands.run(call, { type: 'CancelRotation', credentialId });
    return new Answer({ position }, position);
  }
}
