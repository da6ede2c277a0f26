import ipaddr from 'ipaddr.js';
import {
  Texts,
  AuthTokenReplySchema,
  EnableApiAccessReplySchema,
  FromCall,
  Input,
  IpAllowlistReplySchema,
  keyManagers,
  Operation,
  owners,
  PositionReplySchema,
  Answer,
  type Call,
} from '@keyledger/edge';
import type * as contract from '@keyledger/contract';
import { currentVersion, toId, type AccountState } from '@keyledger/domain';
import { Controller } from '@nestjs/common';
import { v7 as uuidV7 } from 'uuid';
import { credentialAnswer, accountOf, Commands, credentialIn, registered } from './commands.js';
import { IssueSecret, type SecretCommand } from './issue-secret.js';
import { SealedSecrets } from './sealed-secrets.js';
import { SecretGenerator } from './secret-generator.js';

/** No leading zeros and no hexadecimal: readers disagree about what those mean. */
const decimalIpv4 = /^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})\/(?:0|[1-9]\d?)$/;

/** An address block as RFC 4632 and RFC 4291 write it, without bits beyond its prefix. */
const isCidr = (text: string): boolean => {
  if (!ipaddr.isValidCIDR(text)) return false;
  const isIpv6 = text.includes(':');
  if (!isIpv6 && !decimalIpv4.test(text)) return false;
  const network = (isIpv6 ? ipaddr.IPv6 : ipaddr.IPv4).networkAddressFromCIDR(text);
  return ipaddr.parseCIDR(text)[0].toString() === network.toString();
};

/** The one way to write a block, so that the same one is not listed twice. `text` must be one. */
const canonicalCidr = (text: string): string => {
  const [address, bits] = ipaddr.parseCIDR(text);
  return `${address.toString()}/${bits}`;
};

class SetIpAllowlistInput {
  @Texts({
    maxItems: 200,
    maxLength: 49,
    description: 'IPv4 and IPv6 blocks; none means no restriction.',
    valid: { message: 'must be an address block such as 192.0.2.0/24 or 2001:db8::/32', test: isCidr },
  })
  cidrs!: string[];
}

/** The account's own API access: one token and one salt, switched on and off together. */
@Controller()
export class ApiAccessController {
  constructor(
    private readonly commands: Commands,
    private readonly issueSecret: IssueSecret,
    private readonly sealed: SealedSecrets,
    private readonly generator: SecretGenerator,
  ) {}

  @Operation({
    http: 'POST /v1/accounts/:accountId/api-access',
    rpc: 'ApiAccessService/EnableApiAccess',
    summary: 'Enable API access; issues the auth token and the private salt',
    allow: keyManagers,
    reply: EnableApiAccessReplySchema,
    status: 201,
    idempotent: true,
  })
  async enable(@FromCall() call: Call): Promise<Answer<contract.EnableApiAccessReply>> {
    const issued = await this.issueSecret.run(call, {}, () => {
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
    const { secret, secretUnavailable } = issued;
    const { authToken = null, privateSalt = null } = secret;
    const body = { credential, authToken, privateSalt, secretUnavailable, position };
    return new Answer(body, position, registered(issued.executed.state).facts.apiAccessRevision);
  }

  @Operation({
    http: 'DELETE /v1/accounts/:accountId/api-access',
    rpc: 'ApiAccessService/DisableApiAccess',
    summary: 'Disable API access; token, salt and allow-list are gone',
    allow: keyManagers,
    reply: PositionReplySchema,
  })
  async disable(@FromCall() call: Call): Promise<Answer<contract.PositionReply>> {
    const { events, position } = await this.commands.run(call, { type: 'DisableApiAccess' });
    for (const event of events) {
      if (event.type === 'CredentialDeleted') await this.sealed.destroy(accountOf(call), event.credentialId);
    }
    return new Answer({ position }, position);
  }

  @Operation({
    http: 'POST /v1/accounts/:accountId/api-access/auth-token/refresh',
    rpc: 'ApiAccessService/RefreshAuthToken',
    summary: 'Replace the auth token at once',
    allow: keyManagers,
    reply: AuthTokenReplySchema,
    idempotent: true,
  })
  async refresh(@FromCall() call: Call): Promise<Answer<contract.AuthTokenReply>> {
    const prepare = (state: AccountState): SecretCommand => {
      const credentialId = state.phase === 'absent' ? undefined : state.facts.apiAccess?.credentialId;
      const credential = credentialId === undefined ? undefined : credentialIn(state, credentialId);
      const { type, material } = this.generator.forNext(credential);
      const command = { type: 'RefreshAuthToken', secret: material.secret } as const;
      return { command, credentialId: credentialId ?? null, type, material };
    };
    const issued = await this.issueSecret.run(call, {}, prepare);
    const { position, state } = issued.executed;
    const revision = registered(state).facts.apiAccessRevision;
    const { secret, secretUnavailable } = issued;
    const body = { authToken: secret['authToken'] ?? null, secretUnavailable, position };
    return new Answer(body, position, revision);
  }

  @Operation({
    http: 'POST /v1/accounts/:accountId/api-access/auth-token/reveal',
    rpc: 'ApiAccessService/RevealAuthToken',
    summary: 'Show the auth token again; each call is an audit entry',
    allow: owners,
    reply: AuthTokenReplySchema,
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
    summary: 'Restrict the auth token to these address blocks',
    allow: keyManagers,
    input: SetIpAllowlistInput,
    reply: IpAllowlistReplySchema,
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
