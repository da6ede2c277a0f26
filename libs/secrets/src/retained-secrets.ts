import type { KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import { open, seal } from './cryptography.js';
import { tableIn } from './secrets-schema.js';

/** The place of one retained secret. `part` is its field, such as `authToken`; `reference` sets its versions apart. */
export interface SecretPlace {
  readonly accountId: string;
  readonly credentialId: string;
  readonly part: string;
  readonly reference: string;
}

export interface RetainedSecret extends SecretPlace {
  readonly secret: string;
}

const PLACE_COLUMNS = 'account_id, credential_id, part, reference';
const AS_PLACE = 'account_id as "accountId", credential_id as "credentialId", part, reference';

const placeOf = ({ accountId, credentialId, part, reference }: SecretPlace): string[] => [
  accountId,
  credentialId,
  part,
  reference,
];

/** Secrets that must be used or shown again, sealed in PostgreSQL. openSecrets opens them. */
export class RetainedSecrets {
  readonly #pool: Pool;
  readonly #table: string;
  readonly #key: KeyObject;

  constructor(pool: Pool, schema: string, key: KeyObject) {
    this.#pool = pool;
    this.#table = tableIn(schema, 'retained_secrets');
    this.#key = key;
  }

  /**
   * Stores the secrets in one statement. A place is filled once: its reference follows from the secret, or the
   * credential is new, so that another secret never claims it, and the same again is a repeated request.
   */
  async put(secrets: readonly RetainedSecret[]): Promise<void> {
    // In one order for all, so that two batches with places in common cannot block each other.
    await this.#pool.query(
      `insert into ${this.#table} (${PLACE_COLUMNS}, sealed)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[])
         as given (${PLACE_COLUMNS}, sealed)
       order by ${PLACE_COLUMNS}
       on conflict do nothing`,
      [
        secrets.map(({ accountId }) => accountId),
        secrets.map(({ credentialId }) => credentialId),
        secrets.map(({ part }) => part),
        secrets.map(({ reference }) => reference),
        secrets.map((secret) => seal(this.#key, secret.secret, placeOf(secret))),
      ],
    );
  }

  /** The secret, or undefined if the place is empty. Throws SealBroken if the row is not what was stored there. */
  async get(place: SecretPlace): Promise<string | undefined> {
    const { rows } = await this.#pool.query<{ sealed: Buffer }>(
      `select sealed from ${this.#table} where (${PLACE_COLUMNS}) = ($1, $2, $3, $4)`,
      placeOf(place),
    );
    return rows[0] && open(this.#key, rows[0].sealed, placeOf(place));
  }

  /** As `get`, for who knows only what sets the secrets of a credential apart, and not what each is called. */
  async find({ accountId, credentialId, reference }: Omit<SecretPlace, 'part'>): Promise<string | undefined> {
    const { rows } = await this.#pool.query<SecretPlace & { sealed: Buffer }>({
      name: 'find-retained-secret',
      text: `select ${AS_PLACE}, sealed from ${this.#table}
        where account_id = $1 and credential_id = $2 and reference = $3`,
      values: [accountId, credentialId, reference],
    });
    return rows[0] && open(this.#key, rows[0].sealed, placeOf(rows[0]));
  }

  /** Destroys every part of a credential. */
  async destroy(accountId: string, credentialId: string): Promise<void> {
    await this.#pool.query(`delete from ${this.#table} where (account_id, credential_id) = ($1, $2)`, [
      accountId,
      credentialId,
    ]);
  }

  /** Destroys one secret if it is at least `minAgeMs` old, so that a sweep spares what came meanwhile. */
  async destroyPart(place: SecretPlace, minAgeMs = 0): Promise<void> {
    await this.#pool.query(
      `delete from ${this.#table} where (${PLACE_COLUMNS}) = ($1, $2, $3, $4)
         and created_at <= now() - make_interval(secs => $5::float8 / 1000)`,
      [...placeOf(place), minAgeMs],
    );
  }

  /**
   * Every place that was filled between `oldestMs` and `ageMs` ago, in pages. A sweep destroys those that the log does
   * not know (the append failed) or no longer knows (the process ended between a deletion and `destroy`).
   */
  async *olderThan(
    ageMs: number,
    pageSize: number,
    oldestMs: number | null = null,
  ): AsyncIterable<readonly SecretPlace[]> {
    let after: SecretPlace = { accountId: '', credentialId: '', part: '', reference: '' };
    for (;;) {
      const { rows } = await this.#pool.query<SecretPlace>(
        `select ${AS_PLACE} from ${this.#table}
         where (${PLACE_COLUMNS}) > ($1, $2, $3, $4) and created_at <= now() - make_interval(secs => $5::float8 / 1000)
           and ($7::float8 is null or created_at > now() - make_interval(secs => $7::float8 / 1000))
         order by ${PLACE_COLUMNS} limit $6`,
        [...placeOf(after), ageMs, pageSize, oldestMs],
      );
      const last = rows.at(-1);
      if (!last) return;
      yield rows;
      after = last;
    }
  }
}
