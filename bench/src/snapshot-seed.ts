import { absentAccount, evolve, toId, type AccountState } from '@keyledger/domain';
import { applyRowChanges, parseConfig, schemaName, type Config } from '@keyledger/edge';
import { PostgresSink, prepareTables, runFollower } from '@keyledger/read-models';
import { digestSecret, generatePublicId, generateToken, openSecrets, type Keyring } from '@keyledger/secrets';
import {
  credentialRows,
  credentialsIn,
  evolveVerifiable,
  verificationProjection,
  type VerifiableCredential,
} from '@keyledger/verification';
import pg from 'pg';
import { v7 as uuidV7 } from 'uuid';
import type { Installation } from './installation.js';
import { decideCreation, decideRegistration, LogSeed, NAMED_ONE_IN } from './seed-log.js';

const FIRST_MS = Date.parse('2026-01-01T00:00:00.000Z');
const ROWS_AT_ONCE = 5_000;
const CAUGHT_UP_MS = 60_000;

/** A body of `POST /v1/verify`. */
export type Presentation =
  { readonly credential: string } | { readonly clientId: string; readonly clientSecret: string };

/** The secret alone, wherever it stands. */
export const secretOf = (presentation: Presentation): string =>
  'credential' in presentation ? presentation.credential : presentation.clientSecret;

export interface MadeCredential {
  readonly accountId: string;
  readonly credentialId: string;
  readonly document: VerifiableCredential;
  readonly presentation: Presentation;
}

/** Makes credentials as the rules of the domain would have them, with real secrets: two single keys to one pair. */
export class CredentialMaker {
  private count = 0;
  private readonly registered: AccountState;

  constructor(
    private readonly accountIds: readonly string[],
    private readonly keyring: Keyring,
  ) {
    // Names differ and limits are far, so the account right after its registration decides as it would later.
    this.registered = decideRegistration(accountIds[0] ?? '', this.now()).reduce(evolve, absentAccount);
  }

  make(): MadeCredential {
    this.count += 1;
    const isPair = this.count % NAMED_ONE_IN === 0;
    const secret = generateToken(isPair ? 'kcs' : 'key_test');
    const pair = isPair ? { name: `service-${this.count}`, publicPart: generatePublicId('kci') } : null;
    const credentialId = toId('credentialId', uuidV7({ msecs: FIRST_MS + this.count }));
    const digest = digestSecret(secret, this.keyring.currentPepper);
    let document: VerifiableCredential | undefined;
    for (const event of decideCreation(this.registered, { credentialId, at: this.now(), pair, digest })) {
      if (credentialsIn(event).includes(credentialId)) document = evolveVerifiable(credentialId, document, event);
    }
    if (document === undefined) throw new Error('The rules made no credential.');
    const presentation = pair === null ? { credential: secret } : { clientId: pair.publicPart, clientSecret: secret };
    const accountId = this.accountIds[this.count % this.accountIds.length] ?? '';
    return { accountId, credentialId, document, presentation };
  }

  private now(): string {
    return new Date(FIRST_MS + this.count).toISOString();
  }
}

/** Opens the secrets of an installation, with the key of its settings. */
export const openKeyring = async (pool: pg.Pool, config: Config): Promise<Keyring> => {
  const masterKey = config.masterKey?.export();
  if (masterKey === undefined) throw new Error('The installation has no master key.');
  return (await openSecrets(pool, (part) => schemaName(config, part), masterKey)).keyring;
};

/** Accounts come into log and tables as they always do; the tables stand at the end of the log then. */
const followLog = async (pool: pg.Pool, { openLog }: Installation, config: Config): Promise<void> => {
  const projection = verificationProjection(config);
  await prepareTables(pool, projection);
  const log = await openLog();
  const stopping = new AbortController();
  const sink = new PostgresSink(pool, projection);
  const follower = runFollower({ log, sink, onStatus: () => undefined, signal: stopping.signal });
  const caughtUp = await follower.waitForPosition(await log.head(), CAUGHT_UP_MS);
  stopping.abort();
  await follower.done;
  await log.close();
  if (!caughtUp) throw new Error('The snapshot tables do not catch up.');
};

const insertRows = async (pool: pg.Pool, schema: string, made: readonly MadeCredential[]): Promise<void> => {
  const tx = await pool.connect();
  try {
    const changes = made.map(({ accountId, credentialId: id, document }) => ({
      ...{ accountId, id, creates: true },
      evolve: () => document,
    }));
    await applyRowChanges({ tx, schema }, credentialRows, changes);
  } finally {
    tx.release();
  }
};

/** An installation whose snapshot tables are filled, and some of the credentials in them. */
export interface Seeded {
  readonly installation: Installation;
  readonly presentations: readonly Presentation[];
}

/**
 * Writes accounts into the log, and credentials straight into the tables that verifiers start from. Answers with `kept`
 * of them, evenly spread.
 */
export const seedSnapshot = async (installation: Installation, credentials: number, kept: number): Promise<Seeded> => {
  const seed = await LogSeed.create(installation, 0);
  await seed.close();
  const config = parseConfig(installation.settings);
  const pool = new pg.Pool({ connectionString: installation.databaseUrl, max: 2 });
  try {
    await followLog(pool, installation, config);
    const { schema } = verificationProjection(config);
    const maker = new CredentialMaker(seed.accountIds, await openKeyring(pool, config));
    const keepOneIn = Math.max(1, Math.floor(credentials / kept));
    const presentations: Presentation[] = [];
    let inserting = Promise.resolve();
    for (let made = 0; made < credentials;) {
      const rows = Array.from({ length: Math.min(ROWS_AT_ONCE, credentials - made) }, () => maker.make());
      presentations.push(
        ...rows.filter((_, index) => (made + index) % keepOneIn === 0).map(({ presentation }) => presentation),
      );
      made += rows.length;
      await inserting;
      inserting = insertRows(pool, schema, rows);
    }
    await inserting;
    await pool.query(`analyze ${schema}.credentials`);
    return { installation, presentations };
  } finally {
    await pool.end();
  }
};
