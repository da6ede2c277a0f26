import { currentVersion, type AccountFacts, type Application, type Credential } from '@keyledger/domain';
import { searchKey } from './search-key.js';

/** One thing of an account (or the account itself, whose id is then in both places) as its table holds it. */
export interface Row<T> {
  readonly accountId: string;
  readonly id: string;
  readonly document: T;
}

/** How rows become columns. `mutable` columns can change while the row lives. */
export interface RowTable<T> {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, { readonly type: string; readonly mutable?: true }>>;
  readonly columnsOf: (row: Row<T>) => Readonly<Record<string, unknown>>;
}

const text = { type: 'text' } as const;
const mutableText = { type: 'text', mutable: true } as const;
const time = { type: 'timestamptz' } as const;
const json = { type: 'jsonb', mutable: true } as const;

export const accountRows: RowTable<AccountFacts> = {
  name: 'accounts',
  key: ['id'],
  columns: { id: text, external_id: text, name_key: mutableText, created_at: time, document: json },
  columnsOf: ({ id, document }) => ({
    id,
    external_id: document.externalId,
    name_key: searchKey(document.name),
    created_at: document.createdAt,
    document,
  }),
};

export const applicationRows: RowTable<Application> = {
  name: 'applications',
  key: ['account_id', 'id'],
  columns: { account_id: text, id: text, name_key: mutableText, created_at: time, document: json },
  columnsOf: ({ accountId, id, document }) => ({
    account_id: accountId,
    id,
    name_key: searchKey(document.title),
    created_at: document.createdAt,
    document,
  }),
};

/** What the resource shows as public part. */
const publicPart = (credential: Credential): string | null =>
  credential.publicPartMasked ? (currentVersion(credential)?.maskedSecret ?? null) : credential.publicPart;

const keyOrNull = (value: string | null): string | null => (value === null ? null : searchKey(value));

export const credentialRows: RowTable<Credential> = {
  name: 'credentials',
  key: ['account_id', 'id'],
  columns: {
    account_id: text,
    id: text,
    type: text,
    status: mutableText,
    mode: text,
    environment: text,
    application_id: text,
    name_key: text,
    public_key: mutableText,
    created_at: time,
    expires_at: { type: 'timestamptz', mutable: true },
    document: json,
  },
  columnsOf: ({ accountId, id, document }) => ({
    account_id: accountId,
    id,
    type: document.credentialType,
    status: document.status,
    mode: document.mode,
    environment: document.environment,
    application_id: document.applicationId,
    name_key: keyOrNull(document.name),
    public_key: keyOrNull(publicPart(document)),
    created_at: document.createdAt,
    expires_at: document.expiresAt ?? 'infinity',
    document,
  }),
};
