import { randomBytes, randomUUID } from 'node:crypto';
import {
  absentAccount,
  accountStream,
  decide,
  evolve,
  newEvent,
  toId,
  type AccountEvent,
  type AccountState,
} from '@keyledger/domain';
import { loadCredentialTypes, type Call } from '@keyledger/edge';
import { NO_STREAM, type EventLog } from '@keyledger/event-log';
import type { SecretDigest } from '@keyledger/secrets';
import { v7 as uuidV7 } from 'uuid';
import type { Installation } from './installation.js';

const ACCOUNTS = 20;
const EVENTS_PER_APPEND = 500;
const MOST_ATTEMPTS = 10;
const FIRST_MS = Date.parse('2026-01-01T00:00:00.000Z');

/** One in three credentials is of a named pair, the others are single keys; later one in ten is revoked. */
export const NAMED_ONE_IN = 3;
const REVOKED_ONE_IN = 10;

const context = {
  types: loadCredentialTypes(null),
  knownEndpointIds: new Set<string>(),
  maxCredentials: 1_000_000,
  maxApplications: 1_000_000,
};

const operator: Call = {
  principal: {
    issuer: 'urn:keyledger:local',
    subject: 'benchmark',
    roles: ['operator'],
    accounts: '*',
    actorType: 'service',
    expiresAtMs: Infinity,
  },
  path: {},
  target: 'POST /v1/accounts',
  correlationId: randomUUID(),
  ip: '127.0.0.1',
  userAgent: 'benchmark',
  ifMatch: undefined,
  idempotencyKey: undefined,
  minPosition: undefined,
};

/** What registering an account makes of it. */
export const decideRegistration = (accountId: string, at: string): readonly AccountEvent[] => {
  const command = { type: 'RegisterAccount', accountId, name: 'Benchmark', externalId: null } as const;
  return decide(command, absentAccount, { ...context, at, now: at });
};

interface NewCredential {
  readonly credentialId: string;
  readonly at: string;
  /** Null for a single key. */
  readonly pair: { readonly name: string; readonly publicPart: string } | null;
  readonly digest: SecretDigest;
}

/** What creating a credential in a registered account makes of it. */
export const decideCreation = (registered: AccountState, made: NewCredential): readonly AccountEvent[] => {
  const { credentialId, at, pair, digest } = made;
  const command = {
    type: 'CreateCredential',
    credentialId,
    credentialType: pair === null ? 'api_key' : 'client_credentials',
    name: pair?.name ?? null,
    description: 'Benchmark',
    mode: pair === null ? 'test' : null,
    environment: null,
    applicationId: null,
    scopes: [],
    expiresAt: null,
    publicPart: pair?.publicPart ?? null,
    secret: { digest, maskedSecret: `${pair === null ? 'key_test' : 'kcs'}_…${credentialId.slice(-4)}` },
  } as const;
  return decide(command, registered, { ...context, at, now: at });
};

/** Fills a log with accounts and credentials, as the rules of the domain would have it, without a server. */
export class LogSeed {
  readonly accountIds = Array.from({ length: ACCOUNTS }, () => toId('accountId', uuidV7()));
  private readonly revisions = new Map<string, number>();
  private readonly toRevoke: { readonly accountId: string; readonly credentialId: string }[] = [];
  /** The account right after its registration: names differ and limits are far, so later states decide the same. */
  private registered: AccountState = absentAccount;
  private count = 0;

  private constructor(
    private readonly log: EventLog,
    private readonly streamPrefix: string,
  ) {}

  /** Registers the accounts and creates `credentials` in them, account by account in turn. */
  static async create({ openLog, streamPrefix }: Installation, credentials: number): Promise<LogSeed> {
    const seed = new LogSeed(await openLog(), streamPrefix);
    for (const accountId of seed.accountIds) await seed.append(accountId, seed.register(accountId));
    while (seed.count < credentials)
      await seed.appendAll(Math.min(EVENTS_PER_APPEND * ACCOUNTS, credentials - seed.count));
    return seed;
  }

  /** Revokes some of the credentials, so that not all have the same status. */
  async revokeSome(): Promise<void> {
    for (const accountId of this.accountIds) {
      const ids = this.toRevoke.filter((one) => one.accountId === accountId).map(({ credentialId }) => credentialId);
      for (let start = 0; start < ids.length; start += EVENTS_PER_APPEND) {
        const part = ids.slice(start, start + EVENTS_PER_APPEND);
        const revoked = part.map((credentialId) => {
          return { type: 'CredentialRevoked', credentialId, reason: null, at: this.now() } as const;
        });
        await this.append(accountId, revoked);
      }
    }
  }

  /** One event more, of an account of its own. */
  async registerAnother(accountId: string): Promise<void> {
    await this.append(accountId, this.register(accountId));
  }

  async close(): Promise<void> {
    await this.log.close();
  }

  private now(): string {
    return new Date(FIRST_MS + this.count).toISOString();
  }

  private register(accountId: string): readonly AccountEvent[] {
    const events = decideRegistration(accountId, this.now());
    this.registered = events.reduce(evolve, absentAccount);
    return events;
  }

  private async appendAll(credentials: number): Promise<void> {
    const perAccount = Math.ceil(credentials / ACCOUNTS);
    const appends = this.accountIds.map((accountId) => {
      return this.append(accountId, Array.from({ length: perAccount }, () => this.create(accountId)).flat());
    });
    await Promise.all(appends);
  }

  private create(accountId: string): readonly AccountEvent[] {
    this.count += 1;
    const named = this.count % NAMED_ONE_IN === 0;
    const credentialId = toId('credentialId', uuidV7({ msecs: FIRST_MS + this.count }));
    if (this.count % REVOKED_ONE_IN === 0) this.toRevoke.push({ accountId, credentialId });
    const digest = { value: randomBytes(32).toString('base64url'), pepperVersion: 1 };
    const pair = named ? { name: `service-${this.count}`, publicPart: `kci_${randomBytes(11).toString('hex')}` } : null;
    return decideCreation(this.registered, { credentialId, at: this.now(), pair, digest });
  }

  private async append(accountId: string, events: readonly AccountEvent[]): Promise<void> {
    const revision = this.revisions.get(accountId) ?? NO_STREAM;
    this.revisions.set(accountId, revision + events.length);
    const stored = events.map((event) => newEvent(randomUUID(), event, operator, randomUUID()));
    const streamId = accountStream(this.streamPrefix, accountId);
    let outcome = await this.log.append(streamId, revision, stored);
    // So many at once may take longer than the deadline of one append; the identical one settles what became of it.
    for (let attempts = 1; outcome.kind === 'unknown' && attempts < MOST_ATTEMPTS; attempts += 1) {
      outcome = await this.log.append(streamId, revision, stored);
    }
    if (outcome.kind !== 'ok')
      throw new Error(`The log could not be filled at ${revision}: ${JSON.stringify(outcome)}`);
  }
}
