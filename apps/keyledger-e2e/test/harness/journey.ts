import type { AuditItem, Credential, Page } from '@keyledger/contract';
import type { CallOptions, Door, Outcome } from './doors.js';
import type { Json } from './http-client.js';
import { routes } from './routes.js';
import type { Visit } from './shared-server.js';
import type { TokenWish } from './tokens.js';

/** What a refusal was about: its code, and the fields it complains of. */
export interface Refusal {
  readonly code: string;
  readonly fields: readonly string[];
}

const isRead = (rpc: string): boolean => (routes[rpc] ?? '').startsWith('GET ');

/** On a busy machine the readers come behind. The refusal says to ask again, and so does a client. */
const ASKED_AGAIN = 10;

/** One account, met through one door. Every read sees every write that this journey has made before. */
export class Journey {
  private lastPosition: string | undefined;

  constructor(
    private readonly door: Door,
    private readonly token: string,
    readonly accountId: string,
  ) {}

  /** The reply to what must succeed. */
  async does<T = Json>(rpc: string, fields: Json = {}, options: CallOptions = {}): Promise<T> {
    const outcome = await this.triesAgain<T>(rpc, fields, options);
    if (outcome.code !== 'OK')
      throw new Error(`${rpc} over ${this.door.name}: ${outcome.code} ${outcome.fields.join(' ')}`);
    const { position } = outcome.body as { position?: unknown };
    if (!isRead(rpc) && typeof position === 'string') this.lastPosition = position;
    return outcome.body;
  }

  private async triesAgain<T>(rpc: string, fields: Json, options: CallOptions): Promise<Outcome<T>> {
    let outcome = await this.tries<T>(rpc, fields, options);
    for (let times = 0; times < ASKED_AGAIN && outcome.code === 'position-not-reached' && isRead(rpc); times += 1)
      outcome = await this.tries<T>(rpc, fields, options);
    return outcome;
  }

  /** The refusal of what must be refused. */
  async isRefused(rpc: string, fields: Json = {}, options: CallOptions = {}): Promise<Refusal> {
    const { code, fields: complained } = await this.tries(rpc, fields, options);
    if (code === 'OK') throw new Error(`${rpc} over ${this.door.name} was not refused.`);
    return { code, fields: complained };
  }

  tries<T = Json>(rpc: string, fields: Json = {}, options: CallOptions = {}): Promise<Outcome<T>> {
    const account = routes[rpc]?.includes('{accountId}') ? { accountId: this.accountId } : {};
    const fresh = isRead(rpc) && this.lastPosition !== undefined ? { minPosition: this.lastPosition } : {};
    return this.door.call<T>(rpc, { ...account, ...fields }, { token: this.token, ...fresh, ...options });
  }

  credential(credentialId: string): Promise<Credential> {
    return this.does<Credential>('CredentialService/GetCredential', { credentialId });
  }

  async credentials(filter: Json = {}): Promise<readonly Credential[]> {
    return (await this.does<Page<Credential>>('CredentialService/ListCredentials', filter)).items;
  }

  /** The account's audit trail, oldest first. */
  async trail(filter: Json = {}): Promise<readonly AuditItem[]> {
    const { items } = await this.does<Page<AuditItem>>('AuditService/ListAuditEvents', { limit: 200, ...filter });
    return [...items].reverse();
  }

  /** The same account through the same door, as somebody else. */
  as(token: string): Journey {
    return this.continued(this.door, token);
  }

  /** The same account by the same caller, through another door. */
  through(door: Door): Journey {
    return this.continued(door, this.token);
  }

  private continued(door: Door, token: string): Journey {
    const journey = new Journey(door, token, this.accountId);
    journey.lastPosition = this.lastPosition;
    return journey;
  }
}

/** Starts on a new account as an operator. */
export const newJourney = async (visit: Visit, door: Door): Promise<Journey> => {
  const { accountId } = await visit.newAccount();
  return new Journey(door, await visit.token(), accountId);
};

/** The same journey as somebody with this role, who may see this account only. */
export const journeyAs = async (visit: Visit, journey: Journey, role: string): Promise<Journey> => {
  const wish: TokenWish = { roles: [role], accounts: [journey.accountId] };
  return journey.as(await visit.token(wish));
};
