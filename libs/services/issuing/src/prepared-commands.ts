import { createHash } from 'node:crypto';
import type { AccountCommand } from '@keyledger/domain';
import { Problem, type Call } from '@keyledger/edge';
import { Group } from '@keyledger/postgres';
import { open, seal, type Keyring } from '@keyledger/secrets';
import type { Pool } from 'pg';
import type { RetainedPart } from './secret-generator.js';

/** How long a repeat shows the secret again, and how long it is answered at all. */
export const SECRET_SHOWN_MS = 10 * 60 * 1000;
const KEY_REMEMBERED_MS = 24 * 60 * 60 * 1000;
/** After so long the attempt that a command was prepared for has come to an end, in whatever process it was. */
const FIRST_ATTEMPT_MS = 30 * 1000;

/** A command with everything that chance and the clock gave it: decided again soon, it gives the same events. */
export interface PreparedCommand {
  readonly commandId: string;
  readonly at: string;
  readonly command: AccountCommand;
  readonly credentialId: string | null;
  /** Of its secret, as the events have it. */
  readonly digest: string;
  /** Revision of the stream before the command: from the next one on its events are looked for. */
  readonly revisionBefore: number;
  readonly retained: readonly RetainedPart[];
  /** Fields of the reply's secret that are none, such as the client id. */
  readonly shownPublic: Readonly<Record<string, string>>;
  readonly secretFields: readonly string[];
  /** The secret fields; null once the time for a repeat has passed or the holder has acknowledged. */
  readonly shown: Readonly<Record<string, string>> | null;
}

const ageMs = ({ at }: PreparedCommand): number => Date.now() - Date.parse(at);

/** Whether the first attempt is long over: as it stored nothing, its time must no longer be that of the events. */
export const isFromBefore = (prepared: PreparedCommand): boolean => ageMs(prepared) > FIRST_ATTEMPT_MS;

/** Whether a repeat may show the secret, or use it: what is retained of it may be swept soon after. */
export const showsSecret = (prepared: PreparedCommand): boolean =>
  prepared.shown !== null && ageMs(prepared) <= SECRET_SHOWN_MS;

interface Row {
  readonly prepared: Omit<PreparedCommand, 'shown'>;
  readonly sealed: Buffer | null;
}

const sha256 = (...parts: readonly string[]): Buffer => {
  const hash = createHash('sha256');
  // Lengths first, so that no two lists of parts look alike.
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest();
};

const principalOf = ({ principal }: Call): string => JSON.stringify([principal.issuer, principal.subject]);

/** A keyed request: who, what, and its Idempotency-Key. Only a hash of the key is ever stored. */
export interface KeyedCall extends Call {
  readonly idempotencyKey: string;
}

export const isKeyed = (call: Call): call is KeyedCall => call.idempotencyKey !== undefined;

/** What is stored of a command: the columns, in their order. */
type Kept = readonly [
  keyHash: Buffer,
  bodyHash: Buffer,
  commandId: string,
  credentialId: string | null,
  prepared: Row['prepared'],
  sealed: Buffer,
];

const COLUMNS = 'key_hash, body_hash, command_id, credential_id, prepared, sealed';
const MAX_KEPT_TOGETHER = 100;

/** The commands of keyed requests, persisted before they are appended (on every engine in PostgreSQL). */
export class PreparedCommands {
  private readonly inserts = new Group<Kept>((commands) => this.insert(commands), MAX_KEPT_TOGETHER);

  constructor(
    private readonly pool: Pool,
    private readonly schema: string,
    private readonly keyring: Keyring,
  ) {}

  /**
   * Stores the command unless the key is known; answers with the stored one and whether it was there before. Notes that
   * one request more may execute it. Throws `idempotency-key-reused` where the key came with another body.
   */
  async keep(
    call: KeyedCall,
    body: unknown,
    prepared: PreparedCommand,
  ): Promise<{ readonly prepared: PreparedCommand; readonly known: boolean }> {
    const { shown, ...facts } = prepared;
    const sealed = seal(this.sealKey(call), JSON.stringify(shown), [prepared.commandId]);
    const bodyHash = sha256(JSON.stringify(body));
    const kept: Kept = [this.hashOf(call), bodyHash, facts.commandId, facts.credentialId, facts, sealed];
    if (await this.inserts.add(kept)) return { prepared, known: false };
    // The key is known, or was a moment ago. Not together with others: who sweeps the row may keep this one waiting.
    const { rows } = await this.pool.query<Row>({
      name: 'keyledger-keep-prepared',
      text: `insert into ${this.table} as kept (${COLUMNS})
             values ($1, $2, $3, $4, $5, $6)
             on conflict (key_hash) do update set users = kept.users + 1 where kept.body_hash = excluded.body_hash
             returning prepared, sealed`,
      values: [...kept],
    });
    const row = rows[0];
    if (row === undefined) {
      const detail = 'This Idempotency-Key was used with another body. Use a new key for a new request.';
      throw new Problem('idempotency-key-reused', detail);
    }
    if (row.prepared.commandId === prepared.commandId) return { prepared, known: false };
    return { prepared: this.reopen(call, row), known: true };
  }

  /**
   * Forgets a command that was refused, so that the request is decided anew the next time; but not while a twin of the
   * request may still execute it: it would be stored without being known by its key.
   */
  async release(call: KeyedCall, commandId: string): Promise<void> {
    const values = [this.hashOf(call), commandId];
    const where = 'where key_hash = $1 and command_id = $2';
    const { rowCount } = await this.pool.query(`delete from ${this.table} ${where} and users <= 1`, values);
    if (rowCount === 0) await this.pool.query(`update ${this.table} set users = users - 1 ${where}`, values);
  }

  /** The events of the command were found to come after this revision. */
  async noteRevision(call: KeyedCall, commandId: string, revisionBefore: number): Promise<void> {
    await this.pool.query(
      `update ${this.table} set prepared = jsonb_set(prepared, '{revisionBefore}', to_jsonb($3::bigint))
       where key_hash = $1 and command_id = $2`,
      [this.hashOf(call), commandId, revisionBefore],
    );
  }

  /** Forgets a command that nobody executes any more. */
  async forget(call: KeyedCall, commandId: string): Promise<void> {
    await this.pool.query(`delete from ${this.table} where key_hash = $1 and command_id = $2`, [
      this.hashOf(call),
      commandId,
    ]);
  }

  /**
   * Destroys the sealed secrets of a credential that is gone, or only those with the given digests: another one may
   * belong to a rotation that is under way, and must outlive the acknowledgement of the secret before it.
   */
  async destroySecrets(credentialId: string, digests: readonly string[] | null = null): Promise<void> {
    await this.pool.query(
      `update ${this.table} set sealed = null
       where credential_id = $1 and sealed is not null and ($2::text[] is null or prepared ->> 'digest' = any($2))`,
      [credentialId, digests],
    );
  }

  /** Destroys what has outlived its time. */
  async sweep(): Promise<void> {
    await this.pool.query(
      `update ${this.table} set sealed = null
       where sealed is not null and created_at < now() - make_interval(secs => $1::float8 / 1000)`,
      [SECRET_SHOWN_MS],
    );
    await this.pool.query(
      `delete from ${this.table} where created_at < now() - make_interval(secs => $1::float8 / 1000)`,
      [KEY_REMEMBERED_MS],
    );
  }

  /** Stores those whose key is new, and answers with them. In the order of keys, so that no two processes deadlock. */
  private async insert(commands: readonly Kept[]): Promise<ReadonlySet<Kept>> {
    const sorted = commands.toSorted(([one], [other]) => Buffer.compare(one, other));
    const { rows } = await this.pool.query<{ command_id: string }>({
      name: 'keyledger-keep-new',
      text: `insert into ${this.table} (${COLUMNS})
             select * from unnest($1::bytea[], $2::bytea[], $3::uuid[], $4::text[], $5::jsonb[], $6::bytea[])
             on conflict do nothing returning command_id`,
      values: [0, 1, 2, 3, 4, 5].map((column) => sorted.map((command) => command[column])),
    });
    const stored = new Set(rows.map((row) => row.command_id));
    return new Set(commands.filter(([, , commandId]) => stored.has(commandId)));
  }

  private get table(): string {
    return `"${this.schema}".prepared_commands`;
  }

  private hashOf(call: KeyedCall): Buffer {
    return sha256(principalOf(call), call.target, call.idempotencyKey);
  }

  private sealKey(call: KeyedCall) {
    const { target: route, idempotencyKey } = call;
    return this.keyring.preparedCommandKey({ principal: principalOf(call), route, idempotencyKey });
  }

  private reopen(call: KeyedCall, row: Row): PreparedCommand {
    const shown =
      row.sealed === null
        ? null
        : (JSON.parse(open(this.sealKey(call), row.sealed, [row.prepared.commandId])) as Record<string, string>);
    return { ...row.prepared, shown };
  }
}
