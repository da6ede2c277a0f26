import { notices, ping, publicEvents, type PositionReply, type WebhookEndpointReply } from '@keyledger/contract';
import {
  getKeyed,
  invalidField,
  matchesType,
  messageTypeSource,
  toId,
  webhookSchemes,
  type WebhookScheme,
  type AccountCommand,
} from '@keyledger/domain';
import {
  Answer,
  CONFIG,
  Flag,
  FromCall,
  Input,
  notFound,
  OneOf,
  Operation,
  owners,
  pathId,
  PositionReplySchema,
  Text,
  Texts,
  WebhookEndpointReplySchema,
  webhookEndpointResource,
  type Call,
  type Config,
} from '@keyledger/edge';
import { LONGEST_URL, readUrl } from '@keyledger/outgoing';
import { Controller, Inject } from '@nestjs/common';
import { v7 as uuidV7 } from 'uuid';
import type { Executed } from './account-streams.js';
import { Commands, registered } from './commands.js';
import { CreateOnce, withoutSecret } from './create-once.js';

const OWN_PREFIX = 'keyledger.';
const ownTypes = [...Object.values(publicEvents), ...Object.values(notices), ping].map(({ type }) => type);
const askedType = new RegExp(`^${messageTypeSource}(?:\\.\\*)?$`);

const mistakeInType = (asked: string): string | undefined => {
  if (!askedType.test(asked)) {
    return 'must be a type such as order.created, or order.* for all that begin so; for all types leave the list empty';
  }
  if (!asked.startsWith(OWN_PREFIX) || ownTypes.some((type) => matchesType([asked], type))) return undefined;
  return 'is no type that Keyledger sends: GET /asyncapi.json lists them';
};

const types = {
  maxItems: 50,
  maxLength: 128,
  pattern: askedType,
  mistakeIn: mistakeInType,
  optional: true,
  description: 'Types of the messages that it gets, exact or `prefix.*` for all that begin with `prefix.`. None: all.',
} as const;
const url = {
  max: LONGEST_URL,
  example: 'https://hooks.example.com/keyledger',
  description:
    'An https URL of a host of the public internet, at port 443, 8443 or one that the installation allows, without ' +
    'user, password and fragment.',
} as const;
const description = { min: 0, max: 1000, optional: true, nullable: true } as const;
const scheme = {
  description: 'Signs with the webhook signer (Standard Webhooks), or as `mac` with the private salt of API access.',
} as const;

class RegisterEndpointInput {
  @Text(url) url!: string;
  @Text(description) description?: string | null;
  @Texts(types) types?: string[];
  @OneOf(webhookSchemes, scheme) scheme!: WebhookScheme;
  @Flag({ optional: true, description: 'True unless given.' }) enabled?: boolean;
}

class UpdateEndpointInput {
  @Text({ ...url, optional: true }) url?: string;
  @Text(description) description?: string | null;
  @Texts(types) types?: string[];
  @OneOf(webhookSchemes, { ...scheme, optional: true }) scheme?: WebhookScheme;
  @Flag({ optional: true }) enabled?: boolean;
}

/** That takes something away, and so works while the account is suspended. */
const isTurnedOffAlone = ({ enabled, ...others }: UpdateEndpointInput): boolean =>
  enabled === false && Object.values(others).every((value) => value === undefined);

/** Where the messages of an account are sent to. */
@Controller()
export class WebhookEndpointsController {
  constructor(
    private readonly commands: Commands,
    private readonly createOnce: CreateOnce,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Operation({
    http: 'POST /v1/accounts/:accountId/webhook-endpoints',
    rpc: 'WebhookService/RegisterEndpoint',
    summary: 'Register where messages are sent to',
    allow: owners,
    input: RegisterEndpointInput,
    reply: WebhookEndpointReplySchema,
    refuses: ['limit-reached', 'no-webhook-signer', 'api-access-disabled', 'account-suspended'],
    example: {
      url: 'https://hooks.example.com/keyledger',
      types: ['order.created', 'keyledger.credential.*'],
      scheme: 'standard',
    },
    status: 201,
    idempotent: 'without-secret',
    unconditional: true,
  })
  async register(@FromCall() call: Call, @Input() input: RegisterEndpointInput): Promise<Answer<WebhookEndpointReply>> {
    this.requireAllowed(input.url);
    const { url, description = null, types = [], scheme, enabled = true } = input;
    const request = { url, description, types, scheme, enabled };
    const endpointId = toId('endpointId', uuidV7());
    const { executed, command, replayed } = await this.createOnce.run(call, request, () => ({
      command: { type: 'RegisterWebhookEndpoint', endpointId, ...request },
      ...withoutSecret,
    }));
    if (command.type !== 'RegisterWebhookEndpoint')
      throw new Error(`A prepared ${command.type} registers no endpoint.`);
    return answer(executed, command.endpointId, replayed);
  }

  @Operation({
    http: 'PATCH /v1/accounts/:accountId/webhook-endpoints/:endpointId',
    rpc: 'WebhookService/UpdateEndpoint',
    summary: 'Change a webhook endpoint, or enable or disable it',
    allow: owners,
    input: UpdateEndpointInput,
    reply: WebhookEndpointReplySchema,
    refuses: ['no-webhook-signer', 'api-access-disabled', 'account-suspended'],
    example: { types: [], enabled: false },
  })
  async update(@FromCall() call: Call, @Input() input: UpdateEndpointInput): Promise<Answer<WebhookEndpointReply>> {
    if (input.url !== undefined) this.requireAllowed(input.url);
    const endpointId = pathId(call, 'endpointId');
    const command: AccountCommand = isTurnedOffAlone(input)
      ? { type: 'DisableWebhookEndpoint', endpointId, reason: 'requested' }
      : { type: 'UpdateWebhookEndpoint', endpointId, ...input };
    return answer(await this.commands.run(call, command), endpointId);
  }

  @Operation({
    http: 'DELETE /v1/accounts/:accountId/webhook-endpoints/:endpointId',
    rpc: 'WebhookService/DeleteEndpoint',
    summary: 'Delete a webhook endpoint: nothing more is sent to it',
    allow: owners,
    reply: PositionReplySchema,
    unversioned: true,
  })
  async delete(@FromCall() call: Call): Promise<Answer<PositionReply>> {
    const endpointId = pathId(call, 'endpointId');
    const { position } = await this.commands.run(call, { type: 'DeleteWebhookEndpoint', endpointId });
    return new Answer({ position }, position);
  }

  private requireAllowed(url: string): void {
    const { webhookAllowLoopback: allowLoopback, webhookPorts: ports } = this.config;
    const read = readUrl(url, { allowLoopback, ports });
    if ('mistake' in read) throw invalidField('url', read.mistake);
  }
}

const answer = ({ state, position }: Executed, endpointId: string, replayed = false): Answer<WebhookEndpointReply> => {
  const endpoint = getKeyed(registered(state).webhookEndpoints, endpointId);
  if (endpoint === undefined) throw notFound();
  const webhookEndpoint = webhookEndpointResource(endpoint);
  return new Answer({ webhookEndpoint, position }, position, endpoint.revision, replayed);
};
