import type * as contract from '@keyledger/contract';
import { type Credential, type CredentialStatus, type Environment, environments } from '@keyledger/domain';
import {
  CREDENTIAL_TYPES,
  credentialResource,
  Id,
  notFound,
  Problem,
  QueryOneOf,
  QueryWhole,
  Text,
  UsageTables,
} from '@keyledger/edge';
import { Inject, Injectable } from '@nestjs/common';
import { AccountQueries } from './account-queries.js';
import { type Condition, equalities, isByName, ListInput, readPage, searchConditions } from './list-query.js';
import { ListingTables } from './tables.js';

const statuses = ['active', 'suspended', 'revoked', 'expired'] as const satisfies readonly CredentialStatus[];

export class ListCredentialsInput extends ListInput {
  @Text({ max: 64, optional: true, description: 'One of GET /v1/credential-types.' }) type?: string;
  @QueryOneOf(statuses, { optional: true }) status?: CredentialStatus;
  @QueryOneOf(['test', 'live'], { optional: true }) mode?: 'test' | 'live';
  @QueryOneOf(environments, { optional: true }) environment?: Environment;
  @Id('applicationId', { optional: true }) applicationId?: string;
}

const DAY_MS = 86_400_000;

export class CredentialUsageInput {
  @QueryWhole({ min: 1, max: 90, default: 30, optional: true, description: 'The last days in UTC, today included.' })
  days: number = 30;
}

/** A status as rows have it: as last written, and on which side of its expiry. */
interface StoredStatus {
  readonly written: readonly Credential['status'][];
  readonly condition: (now: string) => readonly Condition[];
}

const unexpired = (now: string): readonly Condition[] => [(bind) => `expires_at > ${bind(now)}::timestamptz`];
const expired = (now: string): readonly Condition[] => [(bind) => `expires_at <= ${bind(now)}::timestamptz`];

/** As statusAt of the rules has it: revoked before expired before suspended. */
const stored: Readonly<Record<CredentialStatus, StoredStatus>> = {
  active: { written: ['active'], condition: unexpired },
  suspended: { written: ['suspended'], condition: unexpired },
  revoked: { written: ['revoked'], condition: () => [] },
  expired: { written: ['active', 'suspended'], condition: expired },
};

const any: StoredStatus = { written: ['active', 'suspended', 'revoked'], condition: () => [] };

/** By time of creation there is an index for each written status, so each is a part of its own. */
const statusParts = ({ type, status, sort }: ListCredentialsInput, now: string): readonly (readonly Condition[])[] => {
  if (status === undefined && (type === undefined || isByName(sort))) return [[]];
  const { written, condition } = status === undefined ? any : stored[status];
  const parts = isByName(sort) ? [written] : written.map((each) => [each]);
  return parts.map((each) => [
    (bind) => (each.length === 1 ? `status = ${bind(each[0])}` : `status = any(${bind(each)}::text[])`),
    ...condition(now),
  ]);
};

@Injectable()
export class CredentialQueries {
  constructor(
    private readonly tables: ListingTables,
    private readonly accounts: AccountQueries,
    private readonly usage: UsageTables,
    @Inject(CREDENTIAL_TYPES) private readonly types: ReadonlyMap<string, unknown>,
  ) {}

  /** The credential as it stands at `now`. Throws the problem not-found, for one of another account too. */
  async find(accountId: string, credentialId: string, now: string): Promise<contract.Credential> {
    const [credential, uses] = await Promise.all([
      this.document(accountId, credentialId),
      this.usage.lastUses([credentialId]),
    ]);
    return credentialResource(credential, now, uses.get(credentialId));
  }

  /** Its verdicts of the last `days` days in UTC, the day of `now` included. Throws as `find` does. */
  async usageOf(accountId: string, credentialId: string, days: number, now: string): Promise<contract.CredentialUsage> {
    await this.document(accountId, credentialId);
    const first = new Date(Date.parse(now) - (days - 1) * DAY_MS).toISOString();
    return { days: await this.usage.days(credentialId, first.slice(0, 'YYYY-MM-DD'.length)) };
  }

  private async document(accountId: string, credentialId: string): Promise<Credential> {
    const query = `select document from ${this.tables.table('credentials')} where account_id = $1 and id = $2`;
    const [row] = await this.tables.rows<{ document: Credential }>(query, [accountId, credentialId]);
    if (row === undefined) throw notFound();
    return row.document;
  }

  /** Credentials as they stand at `now`. Throws the problem not-found where there is no such account. */
  async list(accountId: string, input: ListCredentialsInput, now: string): Promise<contract.Page<contract.Credential>> {
    const { type, status, mode, environment, applicationId, q } = input;
    const common = [
      ...equalities({ account_id: accountId, type, mode, environment, application_id: applicationId }),
      ...searchConditions(q, ['name_key', 'public_key']),
    ];
    const list = {
      table: 'credentials' as const,
      filters: [accountId, type, status, mode, environment, applicationId, q],
      parts: statusParts(input, now).map((part) => [...common, ...part]),
      keys: ({ createdAt, name, credentialId }: Credential) => ({ createdAt, name, id: credentialId }),
      show: async (credentials: readonly Credential[]) => {
        const uses = await this.usage.lastUses(credentials.map(({ credentialId }) => credentialId));
        return (credential: Credential) => credentialResource(credential, now, uses.get(credential.credentialId));
      },
    };
    const page = await readPage(this.tables, list, input);
    if (page.items.length === 0) await this.explainNothing(accountId, type);
    return page;
  }

  /** A type that is gone from the configuration still lists, so only one that nothing in the account has is unknown. */
  private async explainNothing(accountId: string, type: string | undefined): Promise<void> {
    await this.accounts.find(accountId);
    if (type === undefined || this.types.has(type)) return;
    const query = `select from ${this.tables.table('credentials')} where account_id = $1 and type = $2 limit 1`;
    if ((await this.tables.rows(query, [accountId, type])).length > 0) return;
    const detail = 'type is not a credential type. GET /v1/credential-types lists them.';
    throw new Problem('unknown-credential-type', detail, [{ field: 'type', message: 'is not a credential type' }]);
  }
}
