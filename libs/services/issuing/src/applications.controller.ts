import type * as contract from '@keyledger/contract';
import { environments, getKeyed, toId, type Environment } from '@keyledger/domain';
import {
  Answer,
  ApplicationReplySchema,
  applicationResource,
  type Call,
  credentialResource,
  FromCall,
  Input,
  keyManagers,
  notFound,
  Operation,
  pathId,
  PositionReplySchema,
  RegisterApplicationReplySchema,
  Nested,
  OneOf,
  Text,
  Texts,
} from '@keyledger/edge';
import { Controller } from '@nestjs/common';
import { v7 as uuidV7 } from 'uuid';
import { Commands, registered } from './commands.js';
import { CreateOnce, withoutSecret, type Issued } from './create-once.js';
import { Catalogue } from './catalogue.js';
import type { Executed } from './account-streams.js';
import { newCredential, requestOf, SecretGenerator } from './secret-generator.js';

const endpointIds = { maxItems: 500, maxLength: 64, description: 'Ids of GET /v1/api-endpoints.' };

class GenerateKeysInput {
  @OneOf(environments) environment!: Environment;
}

class RegisterApplicationInput {
  @Text({ max: 200, oneLine: true, example: 'Partner portal' }) title!: string;
  @Text({ min: 0, max: 1000, optional: true, nullable: true }) description?: string | null;
  @Texts(endpointIds) endpointIds!: string[];
  @Nested(GenerateKeysInput, { optional: true, nullable: true, description: 'Issue the first key pair along with it.' })
  generateKeys?: GenerateKeysInput | null;
}

class UpdateApplicationInput {
  @Text({ max: 200, oneLine: true, optional: true }) title?: string;
  @Text({ min: 0, max: 1000, optional: true, nullable: true }) description?: string | null;
}

class SetApplicationEndpointsInput {
  @Texts(endpointIds) endpointIds!: string[];
}

const KEY_PAIR = 'app_key_pair';

type ApplicationAnswer = Promise<Answer<contract.ApplicationReply>>;

/** The key pair that came with an application: of a repeat, what is left of it. */
const keyPairIn = (issued: Issued, credentialId: string): Partial<contract.RegisterApplicationReply> => {
  const { executed, secret, secretUnavailable } = issued;
  const credential = getKeyed(registered(executed.state).credentials, credentialId);
  const resource = credential === undefined ? null : credentialResource(credential, new Date().toISOString());
  return { credential: resource, secret, secretUnavailable };
};

/** Applications: named groups of key pairs with the endpoints they may call. */
@Controller()
export class ApplicationsController {
  constructor(
    private readonly commands: Commands,
    private readonly createOnce: CreateOnce,
    private readonly catalogue: Catalogue,
    private readonly generator: SecretGenerator,
  ) {}

  @Operation({
    http: 'POST /v1/accounts/:accountId/applications',
    rpc: 'ApplicationService/RegisterApplication',
    summary: 'Register an application, with its first key pair if asked',
    allow: keyManagers,
    input: RegisterApplicationInput,
    reply: RegisterApplicationReplySchema,
    refuses: ['limit-reached', 'unknown-endpoint', 'account-suspended'],
    example: { title: 'Partner portal', endpointIds: [], generateKeys: { environment: 'staging' } },
    status: 201,
    idempotent: 'without-secret',
    unconditional: true,
  })
  async register(
    @FromCall() call: Call,
    @Input() input: RegisterApplicationInput,
  ): Promise<Answer<contract.RegisterApplicationReply>> {
    const applicationId = toId('applicationId', uuidV7());
    const { title, endpointIds } = input;
    const request = { title, description: input.description ?? null, endpointIds: [...new Set(endpointIds)] };
    const environment = input.generateKeys?.environment ?? null;
    const issued = await this.createOnce.run(call, { ...request, environment }, () => {
      if (environment === null) {
        const command = { type: 'RegisterApplication', applicationId, ...request, keyPair: null } as const;
        return { command, ...withoutSecret };
      }
      const { type, material } = this.generator.forNew(KEY_PAIR, null);
      const keyPair = newCredential(requestOf({ type: KEY_PAIR, environment, applicationId }), material);
      const command = { type: 'RegisterApplication', applicationId, ...request, keyPair } as const;
      return { command, credentialId: keyPair.credentialId, type, material };
    });
    return this.registered(issued);
  }

  @Operation({
    http: 'PATCH /v1/accounts/:accountId/applications/:applicationId',
    rpc: 'ApplicationService/UpdateApplication',
    summary: 'Change title or description',
    allow: keyManagers,
    input: UpdateApplicationInput,
    reply: ApplicationReplySchema,
    refuses: ['account-suspended'],
    example: { description: 'For the partners of Acme.' },
  })
  async update(@FromCall() call: Call, @Input() input: UpdateApplicationInput): ApplicationAnswer {
    const applicationId = pathId(call, 'applicationId');
    return this.answer(
      await this.commands.run(call, { type: 'UpdateApplication', applicationId, ...input }),
      applicationId,
    );
  }

  @Operation({
    http: 'PUT /v1/accounts/:accountId/applications/:applicationId/endpoints',
    rpc: 'ApplicationService/SetApplicationEndpoints',
    summary: 'Connect exactly these endpoints',
    allow: keyManagers,
    input: SetApplicationEndpointsInput,
    reply: ApplicationReplySchema,
    refuses: ['unknown-endpoint', 'account-suspended'],
    example: { endpointIds: ['invoices.list'] },
  })
  async setEndpoints(@FromCall() call: Call, @Input() input: SetApplicationEndpointsInput): ApplicationAnswer {
    const applicationId = pathId(call, 'applicationId');
    const endpointIds = [...new Set(input.endpointIds)];
    const command = { type: 'SetApplicationEndpoints', applicationId, endpointIds } as const;
    return this.answer(await this.commands.run(call, command), applicationId);
  }

  @Operation({
    http: 'DELETE /v1/accounts/:accountId/applications/:applicationId',
    rpc: 'ApplicationService/DeleteApplication',
    summary: 'Delete an application that has no key pair left',
    allow: keyManagers,
    reply: PositionReplySchema,
    unversioned: true,
    refuses: ['application-in-use', 'account-suspended'],
  })
  async delete(@FromCall() call: Call): Promise<Answer<contract.PositionReply>> {
    const applicationId = pathId(call, 'applicationId');
    const { position } = await this.commands.run(call, { type: 'DeleteApplication', applicationId });
    return new Answer({ position }, position);
  }

  private async answer({ state, position }: Executed, applicationId: string): ApplicationAnswer {
    const application = getKeyed(registered(state).applications, applicationId);
    if (application === undefined) throw notFound();
    const body = { application: applicationResource(application, await this.catalogue.lookup()), position };
    return new Answer(body, position, application.revision);
  }

  private async registered(issued: Issued): Promise<Answer<contract.RegisterApplicationReply>> {
    const { executed, command, credentialId } = issued;
    if (command.type !== 'RegisterApplication') throw new Error(`A prepared ${command.type} answers no registration.`);
    const { body, position, revision } = await this.answer(executed, command.applicationId);
    const keyPair = credentialId === null ? {} : keyPairIn(issued, credentialId);
    return new Answer({ ...keyPair, ...body }, position, revision, issued.replayed);
  }
}
