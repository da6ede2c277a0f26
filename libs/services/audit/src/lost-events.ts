import { type CausedEvent } from '@keyledger/domain';
import type pg from 'pg';
import { trailTables, type TrailTable } from './trail-tables.js';

/** What takes a credential's access away; what comes later counts. */
const takenBy = {
  CredentialSuspended: 'suspended',
  CredentialRevoked: 'revoked',
  CredentialDeleted: 'deleted',
  ApiAccessDisabled: 'deleted',
} as const satisfies Partial<Record<CausedEvent['type'], string>>;
const issuing: readonly CausedEvent['type'][] = ['CredentialCreated', 'ApiAccessEnabled'];
const renewing: readonly CausedEvent['type'][] = ['CredentialRotated', 'AuthTokenRefreshed'];
const restoring: CausedEvent['type'] = 'CredentialResumed';

interface LostCredential {
  readonly accountId: string;
  readonly credentialId: string;
}

/** Valid by the log that is there, although somebody had done this to it. */
export interface ValidAgain extends LostCredential {
  readonly was: (typeof takenBy)[keyof typeof takenBy];
}

/** What a log has lost of what its trail once showed. */
export interface LostEvents {
  readonly events: number;
  readonly accountsRegistered: readonly string[];
  /** Issued since: nobody knows them now. */
  readonly issued: readonly LostCredential[];
  /** Given another secret since: the one before is valid again. */
  readonly secretsRenewed: readonly LostCredential[];
  readonly validAgain: readonly ValidAgain[];
  /** Suspended as a whole since, and active again. */
  readonly accountsActiveAgain: readonly string[];
}

interface Row {
  readonly action: string;
  readonly account_id: string;
  readonly credential_id: string | null;
}

const isTaking = (action: string): action is keyof typeof takenBy => Object.hasOwn(takenBy, action);

/** The last that was lost about each credential, or that the log still says of it. */
const standing = (rows: readonly Row[]): ReadonlyMap<string, ValidAgain> => {
  const taken = new Map<string, ValidAgain>();
  for (const { action, account_id: accountId, credential_id: credentialId } of rows) {
    if (credentialId === null) continue;
    if (isTaking(action)) taken.set(credentialId, { accountId, credentialId, was: takenBy[action] });
    if (action === restoring) taken.delete(credentialId);
  }
  return taken;
};

const credentialsOf = (rows: readonly Row[], actions: readonly string[]): readonly LostCredential[] => {
  const found = new Map<string, LostCredential>();
  for (const { action, account_id: accountId, credential_id: credentialId } of rows) {
    if (credentialId !== null && actions.includes(action)) found.set(credentialId, { accountId, credentialId });
  }
  return [...found.values()];
};

const accountsSuspendedBy = (rows: readonly Row[]): readonly string[] => {
  const suspended = new Set<string>();
  for (const { action, account_id: accountId } of rows) {
    if (action === 'AccountSuspended') suspended.add(accountId);
    if (action === 'AccountResumed') suspended.delete(accountId);
  }
  return [...suspended];
};

const told = [...Object.keys(takenBy), ...issuing, ...renewing, restoring];
const actions = [...told, 'AccountRegistered', 'AccountSuspended', 'AccountResumed'];

const lostOnly = (replaced: string, schema: string, table: TrailTable = 'entries'): string =>
  `from ${replaced}.${table} lost where not exists
     (select from ${schema}.${table} kept where kept.event_id = lost.event_id)`;

/** Compares two trails: the one in `replaced` was made from what the log once was, that in `schema` from what it is. */
export const lostEvents = async (client: pg.ClientBase, replaced: string, schema: string): Promise<LostEvents> => {
  const counts = trailTables.map((table) => `(select count(*) ${lostOnly(replaced, schema, table)})`);
  const counted = await client.query<{ events: string }>(`select ${counts.join(' + ')} as events`);
  const { rows } = await client.query<Row>(
    `select action, account_id, credential_id ${lostOnly(replaced, schema)} and action = any($1) order by position`,
    [actions],
  );
  const taken = standing(rows);
  const { rows: kept } = await client.query<Row>(
    `select action, account_id, credential_id from ${schema}.entries
     where credential_id = any($1) and action = any($2) order by position`,
    [[...taken.keys()], told],
  );
  const registered = rows.filter(({ action }) => action === 'AccountRegistered').map((row) => row.account_id);
  const issued = credentialsOf(rows, issuing);
  const isIssued = new Set(issued.map(({ credentialId }) => credentialId));
  const stillTaken = standing(kept);
  return {
    events: Number(counted.rows[0]?.events),
    accountsRegistered: registered,
    issued,
    secretsRenewed: credentialsOf(rows, renewing).filter(({ credentialId }) => !isIssued.has(credentialId)),
    validAgain: [...taken.values()].filter(({ credentialId, was }) => {
      const now = stillTaken.get(credentialId)?.was;
      return !isIssued.has(credentialId) && (now === undefined || (now === 'suspended' && was !== 'suspended'));
    }),
    accountsActiveAgain: accountsSuspendedBy(rows).filter((accountId) => !registered.includes(accountId)),
  };
};
