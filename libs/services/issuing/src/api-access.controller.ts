import {
  Texts,
  AuthTokenReplySchema,
  AuthTokenReplyWithReceiptSchema,
  EnableApiAccessReplySchema,
  FromCall,
  Input,
  IpAllowlistReplySchema,
  keyManagers,
  Operation,
  owners,
  PositionReplyWithReceiptSchema,
  Answer,
  type Call,
} from '@keyledger/edge';
import type * as contract from '@keyledger/contract';
import { currentVersion, toId, type AccountState } from '@keyledger/domain';
import { Controller } from '@nestjs/common';
import { v7 as uuidV7 } from 'uuid';
import { canonicalCidr, mistakeInCidr } from './cidr.js';
import { credentialAnswer, accountOf, Commands, credentialIn, registered } from './commands.js';
import { CreateOnce, type CreatingCommand } from './create-once.js';
import { blockPattern } from './patterns.js';
import { SealedSecrets } from './sealed-secrets.js';
import { SecretGenerator } from './secret-generator.js';

class SetIpAllowlistInput {
  @Texts({
    maxItems: 200,
    maxLength: 49,
    pattern: blockPattern,
    description: 'IPv4 and IPv6 blocks; none means no restriction.',
    mistakeIn: mistakeInCidr,
  })
  cidrs!: string[];
}

/** The account's own API access: one token and one salt, switched on and off together. */
@Controller()
export class ApiAccessController {
  constructor(
    private readonly commands: Commands,
    private readonly createOnce: CreateOnce,
    private readonly sealed: SealedSecrets,
    private readonly generator: SecretGenerator,
  ) {}

  @Operation({
    http: 'POST /v1/accounts/:accountId/api-access',
    rpc: 'ApiAccessService/EnableApiAccess',
    summary: 'Enable API access; issues the auth token and the private salt, open to all addresses',
    allow: keyManagers,
    reply: EnableApiAccessReplySchema,
    refuses: ['api-access-already-enabled', 'unknown-credential-type', 'limit-reached', 'account-suspended'],
    status: 201,
    idempotent: 'with-secret',
  })
  async enable(@FromCall() call: Call): Promise<Answer<contract.EnableApiAccessReply>> {
    const issued = await this.createOnce.run(call, {}, () => {
      const { type, material } = this.generator.forApiAccess();
      const credentialId = toId('credentialId', uuidV7());
      const { secret, maskedSalt: maskedPrivateSalt } = material;
      return {
        command: { type: 'EnableApiAccess', credentialId, secret, maskedPrivateSalt },
        credentialId,
        type,
        material,
      };
    });
    const { position, credential } = credentialAnswer(issued.executed, issued.credentialId ?? '').body;
    const { secret, secretUnavailable, replayed } = issued;
    const { authToken = null, privateSalt = null } = secret;
    const body = { credential, authToken, privateSalt, secretUnavailable, position };
    const { apiAccessRevision } = registered(issued.executed.state).facts;
    return new Answer(body, position, apiAccessRevision, replayed);
  }

  @Operation({
    http: 'DELETE /v1/accounts/:accountId/api-access',
    rpc: 'ApiAccessService/DisableApiAccess',
    summary: 'Disable API access; token, salt and IP allow-list are deleted for good, also for a later enabling',
    allow: keyManagers,
    reply: PositionReplyWithReceiptSchema,
    unversioned: true,
    waits: true,
  })
  async disable(@FromCall() call: Call): Promise<Answer<contract.WithReceipt<contract.PositionReply>>> {
    const { events, position } = await this.commands.run(call, { type: 'DisableApiAccess' });
    for (const event of events) {
      if (event.type === 'CredentialDeleted') await this.sealed.destroy(accountOf(call), event.credentialId);
    }
    return this.commands.answer(call, new Answer({ position }, position));
  }

  @Operation({
    http: 'POST /v1/accounts/:accountId/api-access/auth-token/refresh',
    rpc: 'ApiAccessService/RefreshAuthToken',
    summary: 'Replace the auth token at once',
    allow: keyManagers,
    reply: AuthTokenReplyWithReceiptSchema,
    refuses: [
      'api-access-disabled',
      'not-supported-by-type',
      'credential-revoked',
      'credential-expired',
      'account-suspended',
    ],
    idempotent: 'with-secret',
    waits: true,
  })
  async refresh(@FromCall() call: Call): Promise<Answer<contract.WithReceipt<contract.AuthTokenReply>>> {
    const prepare = (state: AccountState): CreatingCommand => {
      const credentialId = state.phase === 'absent' ? undefined : state.facts.apiAccess?.credentialId;
      const credential = credentialId === undefined ? undefined : credentialIn(state, credentialId);
      const { type, material } = this.generator.forNext(credential);
      const command = { type: 'RefreshAuthToken', secret: material.secret } as const;
      return { command, credentialId: credentialId ?? null, type, material };
    };
    const issued = await this.createOnce.run(call, {}, prepare);
    const { position, state } = issued.executed;
    // A repeat comes too late where the token is gone since.
    credentialIn(state, issued.credentialId ?? '');
    const { apiAccessRevision } = registered(state).facts;
    const { secret, secretUnavailable, replayed } = issued;
    const body = { authToken: secret['authToken'] ?? null, secretUnavailable, position };
    return this.commands.answer(call, new Answer(body, position, apiAccessRevision, replayed));
  }

  @Operation({
    http: 'POST /v1/accounts/:accountId/api-access/auth-token/reveal',
    rpc: 'ApiAccessService/RevealAuthToken',
    summary: 'Show the auth token again; each call is an audit entry',
    allow: owners,
    reply: AuthTokenReplySchema,
    refuses: ['api-access-disabled', 'not-supported-by-type', 'account-suspended'],
  })
  async reveal(@FromCall() call: Call): Promise<Answer<contract.AuthTokenReply>> {
    const { state, position } = await this.commands.run(call, { type: 'RevealAuthToken' });
    const { facts } = registered(state);
    const credentialId = facts.apiAccess?.credentialId ?? '';
    const reference = currentVersion(credentialIn(state, credentialId))?.digest.value ?? '';
    const authToken = await this.sealed.open({
      accountId: accountOf(call),
      credentialId,
      part: 'authToken',
      reference,
    });
    return new Answer({ authToken, position }, position, facts.apiAccessRevision);
  }

  @Operation({
    http: 'PUT /v1/accounts/:accountId/ip-allowlist',
    rpc: 'ApiAccessService/SetIpAllowlist',
    summary: 'Restrict the auth token, and no other credential, to these address blocks',
    allow: keyManagers,
    input: SetIpAllowlistInput,
    reply: IpAllowlistReplySchema,
    refuses: ['api-access-disabled', 'account-suspended'],
    example: { cidrs: ['192.0.2.0/24', '2001:db8::/32'] },
  })
  async setIpAllowlist(
    @FromCall() call: Call,
    @Input() input: SetIpAllowlistInput,
  ): Promise<Answer<contract.IpAllowlistReply>> {
    const cidrs = [...new Set(input.cidrs.map(canonicalCidr))];
    const { state, position } = await this.commands.run(call, { type: 'SetIpAllowlist', cidrs });
    const { ipAllowlist, apiAccessRevision } = registered(state).facts;
    return new Answer({ cidrs: ipAllowlist, position }, position, apiAccessRevision);
  }
}
