import {
  Flag,
  OneOf,
  Text,
  AccountReplySchema,
  AccountReplyWithReceiptSchema,
  accountResource,
  FromCall,
  Input,
  Operation,
  operators,
  owners,
  Answer,
  type Call,
} from '@keyledger/edge';
import type * as contract from '@keyledger/contract';
import { toId } from '@keyledger/domain';
import { Controller } from '@nestjs/common';
import { v7 as uuidV7, v5 as uuidV5 } from 'uuid';
import { Commands, registered } from './commands.js';
import type { Executed } from './account-streams.js';
import { CreateOnce, withoutSecret } from './create-once.js';

/** Fixed for ever: another namespace would give known external ids new accounts. */
const EXTERNAL_ID_NAMESPACE = '8a6d3f0e-4c1b-5d2a-9e7f-1b0c5a4d3e2f';

/** The id of the account with this external id (UUIDv5, RFC 9562). */
const accountIdOfExternal = (externalId: string): string =>
  toId('accountId', uuidV5(externalId, EXTERNAL_ID_NAMESPACE));

class RegisterAccountInput {
  @Text({ max: 200, oneLine: true, description: 'Shown to people.', example: 'Acme Ltd' }) name!: string;
  @Text({
    max: 200,
    oneLine: true,
    optional: true,
    nullable: true,
    description: 'Your own id of the customer; unique, never changes.',
  })
  externalId?: string | null;
}

class UpdateAccountInput {
  @Text({ max: 200, oneLine: true, optional: true }) name?: string;
}

class SetPlanInput {
  @OneOf(['free', 'paid']) tier!: 'free' | 'paid';
  @Flag() paymentMethodOnFile!: boolean;
}

type AccountAnswer = Promise<Answer<contract.AccountReply>>;

const answer = (executed: Executed, replayed = false): Answer<contract.AccountReply> => {
  const { facts } = registered(executed.state);
  const { position } = executed;
  return new Answer({ account: accountResource(facts), position }, position, facts.revision, replayed);
};

/** Accounts: the customers of the installation. */
@Controller()
export class AccountsController {
  constructor(
    private readonly commands: Commands,
    private readonly createOnce: CreateOnce,
  ) {}

  @Operation({
    http: 'POST /v1/accounts',
    rpc: 'AccountService/RegisterAccount',
    summary: 'Register an account',
    allow: operators,
    input: RegisterAccountInput,
    reply: AccountReplySchema,
    refuses: ['external-id-taken'],
    example: { name: 'Acme Ltd' },
    status: 201,
    idempotent: 'without-secret',
    unconditional: true,
  })
  async register(@FromCall() call: Call, @Input() input: RegisterAccountInput): AccountAnswer {
    const externalId = input.externalId ?? null;
    const request = { name: input.name, externalId };
    const { executed, replayed } = await this.createOnce.run(call, request, () => {
      // With an external id the account's id follows from it, so creating the stream is the check for uniqueness.
      const accountId = externalId === null ? toId('accountId', uuidV7()) : accountIdOfExternal(externalId);
      return { command: { type: 'RegisterAccount', accountId, ...request }, ...withoutSecret };
    });
    return answer(executed, replayed);
  }

  @Operation({
    http: 'PATCH /v1/accounts/:accountId',
    rpc: 'AccountService/UpdateAccount',
    summary: 'Rename an account',
    allow: owners,
    input: UpdateAccountInput,
    reply: AccountReplySchema,
    refuses: ['account-suspended'],
    example: { name: 'Acme International' },
  })
  async update(@FromCall() call: Call, @Input() input: UpdateAccountInput): AccountAnswer {
    return answer(await this.commands.run(call, { type: 'UpdateAccount', ...input }));
  }

  @Operation({
    http: 'POST /v1/accounts/:accountId/suspend',
    rpc: 'AccountService/SuspendAccount',
    summary: 'Cut a whole customer off',
    allow: operators,
    reply: AccountReplyWithReceiptSchema,
    waits: true,
  })
  async suspend(@FromCall() call: Call): Promise<Answer<contract.WithReceipt<contract.AccountReply>>> {
    return this.commands.answer(call, answer(await this.commands.run(call, { type: 'SuspendAccount' })));
  }

  @Operation({
    http: 'POST /v1/accounts/:accountId/resume',
    rpc: 'AccountService/ResumeAccount',
    summary: 'Let a suspended customer in again',
    allow: operators,
    reply: AccountReplySchema,
  })
  async resume(@FromCall() call: Call): AccountAnswer {
    return answer(await this.commands.run(call, { type: 'ResumeAccount' }));
  }

  @Operation({
    http: 'PUT /v1/accounts/:accountId/plan',
    rpc: 'AccountService/SetPlan',
    summary: 'Set the plan that decides about live keys',
    allow: operators,
    input: SetPlanInput,
    reply: AccountReplySchema,
    refuses: ['account-suspended'],
    example: { tier: 'paid', paymentMethodOnFile: true },
  })
  async setPlan(@FromCall() call: Call, @Input() input: SetPlanInput): AccountAnswer {
    const { tier, paymentMethodOnFile } = input;
    return answer(await this.commands.run(call, { type: 'SetPlan', tier, paymentMethodOnFile }));
  }
}
